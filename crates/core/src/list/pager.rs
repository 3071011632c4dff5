//! Which page comes next, and whether the pages make sense.

use crate::error::Error;
use crate::page::Page;
use crate::request::Request;

/// How many pages more than at first a list may grow to while it is walked, beside growing to double.
const GROWTH: i64 = 16;

/// Asks for one page after the other.
#[derive(Clone, Debug)]
pub(super) struct Pager {
    request: Request,
    size: Option<u32>,
    /// The page to ask for next, if there is one.
    next: Option<i64>,
    /// How many pages may be walked: told by the first.
    most: Option<i64>,
    /// Whether the last page was empty.
    empty: bool,
}

impl Pager {
    pub(super) fn new(request: Request, size: Option<u32>) -> Self {
        Pager {
            request,
            size,
            next: Some(1),
            most: None,
            empty: false,
        }
    }

    /// The request for a page.
    pub(super) fn request(&self, page: i64) -> Request {
        let mut request = self.request.clone();
        if page < 1 {
            request.problem("pages are counted from 1".to_owned());
        }
        if !request.has_query("page") {
            request = request.query("page", page);
        }
        match self.size {
            Some(size) if !request.has_query("page_size") => request.query("page_size", size),
            _ => request,
        }
    }

    /// The request for the next page, and its number.
    pub(super) fn next(&self) -> Option<(i64, Request)> {
        self.next.map(|page| (page, self.request(page)))
    }

    /// Takes note of a page that came, and refuses it if the pages would never end.
    pub(super) fn took<T>(&mut self, asked: i64, page: &Page<T>) -> Result<(), Error> {
        let refuse = |problem| Err(Error::paging(self.request.operation(), problem));
        if page.page != asked {
            return refuse(format!("page {} came for page {asked}", page.page));
        }
        let most = *self
            .most
            .get_or_insert(page.pages.saturating_mul(2).saturating_add(GROWTH));
        let last = asked >= page.pages;
        if !last && asked >= most {
            return refuse(format!(
                "there are ever more of them, {} by now",
                page.pages
            ));
        }
        if !last && page.data.is_empty() && self.empty {
            return refuse(format!(
                "page {asked} of {} and the one before it are empty",
                page.pages
            ));
        }
        self.empty = page.data.is_empty();
        self.next = (!last).then_some(asked + 1);
        Ok(())
    }

    /// Asks for nothing more: after an error.
    pub(super) fn stop(&mut self) {
        self.next = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Client, Operation};

    static THINGS: Operation = Operation::new(http::Method::GET, "/things");

    fn pager() -> Pager {
        Pager::new(
            Request::new(&Client::new("s3cret").expect("a client"), &THINGS),
            Some(500),
        )
    }

    fn page(page: i64, pages: i64, items: usize) -> Page<i64> {
        Page {
            data: vec![0; items],
            page,
            pages,
            results: 0,
        }
    }

    /// Walks pages until there are no more, and gives the number of the last, or the problem.
    fn walk(serve: impl Fn(i64) -> Page<i64>) -> Result<i64, String> {
        let mut pager = pager();
        let mut last = 0;
        while let Some((asked, _)) = pager.next() {
            last = asked;
            pager
                .took(asked, &serve(asked))
                .map_err(|error| error.to_string())?;
            assert!(asked < 10_000, "no end");
        }
        Ok(last)
    }

    #[test]
    fn a_list_ends_with_its_last_page() {
        assert_eq!(walk(|asked| page(asked, 3, 500)), Ok(3));
        assert_eq!(walk(|asked| page(asked, 0, 0)), Ok(1));
        assert_eq!(walk(|asked| page(asked, -5, 0)), Ok(1));
    }

    #[test]
    fn a_list_may_grow_and_shrink_while_it_is_walked() {
        assert_eq!(
            walk(|asked| page(asked, if asked < 3 { 3 } else { 5 }, 1)),
            Ok(5)
        );
        assert_eq!(
            walk(|asked| page(asked, if asked < 3 { 5 } else { 3 }, 1)),
            Ok(3)
        );
    }

    #[test]
    fn pages_that_do_not_advance_are_refused() {
        let problem = walk(|_| page(1, 3, 1)).expect_err("a loop");
        assert_eq!(
            problem,
            "the pages of GET /things do not end: page 1 came for page 2"
        );
    }

    #[test]
    fn pages_that_grow_for_ever_are_refused() {
        let problem = walk(|asked| page(asked, asked + 1, 1)).expect_err("a loop");
        assert_eq!(
            problem,
            "the pages of GET /things do not end: there are ever more of them, 21 by now"
        );
    }

    #[test]
    fn empty_pages_without_end_are_refused() {
        let problem = walk(|asked| page(asked, 1000, 0)).expect_err("a loop");
        assert_eq!(
            problem,
            "the pages of GET /things do not end: page 2 of 1000 and the one before it are empty"
        );
    }

    #[test]
    fn one_empty_page_is_no_harm() {
        assert_eq!(
            walk(|asked| page(asked, 4, if asked == 2 { 0 } else { 1 })),
            Ok(4)
        );
    }
}
