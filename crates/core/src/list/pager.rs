//! Which pages are asked for, which of their items count, and whether the pages make sense.

use super::window::Window;
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
    /// The items that are wanted, if not all are.
    window: Option<Window>,
    /// The page that is due next, if there is one.
    due: Option<i64>,
    /// The last page, as the page that came last told.
    last: Option<i64>,
    /// How many pages may be walked: told by the first that came.
    most: Option<i64>,
    /// Whether the last page was empty.
    empty: bool,
}

impl Pager {
    pub(super) fn new(request: Request, size: Option<u32>) -> Self {
        Pager {
            request,
            size,
            window: None,
            due: Some(1),
            last: None,
            most: None,
            empty: false,
        }
    }

    /// Asks for the pages of some items only; pages have the size that was given.
    pub(super) fn within(mut self, window: Window) -> Self {
        let size = self.page_size();
        self.due = (!window.is_empty()).then(|| window.first_page(size));
        self.window = Some(window);
        self
    }

    fn page_size(&self) -> u32 {
        self.size.unwrap_or(*super::SIZES.end())
    }

    /// What all pages are asked for with.
    #[cfg(feature = "catalogue")]
    pub(super) fn into_request(self) -> Request {
        self.request
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

    /// The numbers of the pages that can be asked for now, at most `ahead` beyond the one that is due. Before the
    /// first has come nothing is known of others.
    pub(super) fn askable(&self, ahead: usize) -> std::ops::Range<i64> {
        let Some(due) = self.due else { return 0..0 };
        let ahead = i64::try_from(ahead).unwrap_or(i64::MAX);
        let last = self.last_wanted().unwrap_or(due);
        due..due.saturating_add(ahead).min(last).max(due) + 1
    }

    /// The last page that holds something wanted, as far as is known.
    fn last_wanted(&self) -> Option<i64> {
        let end = self
            .window
            .and_then(|window| window.last_page(self.page_size()));
        match (self.last, end) {
            (Some(last), Some(end)) => Some(last.min(end)),
            (last, _) => last,
        }
    }

    /// Takes note of a page that came, leaves the wanted items in it, and refuses it if the pages would never end.
    pub(super) fn took<T>(&mut self, asked: i64, page: &mut Page<T>) -> Result<(), Error> {
        if page.page != asked {
            return self.took_another(asked, page);
        }
        let most = *self.most.get_or_insert(
            asked
                .saturating_add(page.pages)
                .saturating_mul(2)
                .saturating_add(GROWTH),
        );
        self.last = Some(page.pages);
        let last = self.last_wanted().is_none_or(|last| asked >= last);
        if !last && asked >= most {
            return self.refuse(format!(
                "there are ever more of them, {} by now",
                page.pages
            ));
        }
        if !last && page.data.is_empty() && self.empty {
            return self.refuse(format!(
                "page {asked} of {} and the one before it are empty",
                page.pages
            ));
        }
        self.empty = page.data.is_empty();
        self.due = (!last).then_some(asked + 1);
        if let Some(window) = self.window {
            window.cut(&mut page.data, asked, self.page_size());
        }
        Ok(())
    }

    /// Items vanished while the list was walked, and a server gave its last page for one beyond it: the end. Anything
    /// else would never end.
    fn took_another<T>(&mut self, asked: i64, page: &mut Page<T>) -> Result<(), Error> {
        let came = page.page;
        let beyond = came < asked && came >= page.pages && asked > 1;
        if !beyond {
            return self.refuse(format!("page {came} came for page {asked}"));
        }
        page.data.clear();
        self.stop();
        Ok(())
    }

    /// Whether an error means that the page is beyond the last one: items vanished meanwhile, or a window begins
    /// where the list has ended.
    pub(super) fn is_beyond(asked: i64, error: &Error) -> bool {
        asked > 1 && error.is_not_found()
    }

    /// Asks for nothing more: after an error, or the last page.
    pub(super) fn stop(&mut self) {
        self.due = None;
    }

    fn refuse(&self, problem: String) -> Result<(), Error> {
        Err(Error::endless(self.request.operation(), problem))
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
        while let Some(asked) = pager.askable(0).next() {
            last = asked;
            pager
                .took(asked, &mut serve(asked))
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
        assert_eq!(walk(|asked| page(asked, i64::MIN, 0)), Ok(1));
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
    fn the_last_page_again_is_the_end() {
        assert_eq!(
            walk(|asked| page(asked.min(2), if asked < 3 { 3 } else { 2 }, 1)),
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
            "the pages of GET /things do not end: there are ever more of them, 23 by now"
        );
        assert!(walk(|asked| page(asked, i64::MAX, usize::from(asked < 3))).is_err());
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

    #[test]
    fn pages_ahead_are_those_that_are_known() {
        let mut pager = pager();
        assert_eq!(pager.askable(4), 1..2);
        pager.took(1, &mut page(1, 3, 500)).expect("a page");
        assert_eq!(pager.askable(0), 2..3);
        assert_eq!(pager.askable(1), 2..4);
        assert_eq!(pager.askable(usize::MAX), 2..4);
        pager.stop();
        assert!(pager.askable(4).is_empty());
    }

    #[test]
    fn a_window_asks_for_its_pages_alone() {
        let mut pager = pager().within(Window::new(&(1200..1700)));
        assert_eq!(pager.askable(4), 3..4);
        let mut third = page(3, 9, 500);
        pager.took(3, &mut third).expect("a page");
        assert_eq!(third.data.len(), 300);
        assert_eq!(pager.askable(4), 4..5);
        let mut fourth = page(4, 9, 500);
        pager.took(4, &mut fourth).expect("a page");
        assert_eq!(fourth.data.len(), 200);
        assert!(pager.askable(4).is_empty());
    }
}
