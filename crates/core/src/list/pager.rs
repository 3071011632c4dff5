//! Which pages are asked for, which of their items count, and whether the pages make sense.

use super::window::{Window, items_before};
use crate::error::Error;
use crate::page::Page;
use crate::request::Request;

/// How many pages more than at first a list may grow to while it is walked, beside growing to double.
const GROWTH: i64 = 16;

/// The size of a page that holds the whole list, or as much of it as is wanted.
const ALL_ON_ONE: u64 = u64::MAX;

/// Asks for one page after the other.
#[derive(Clone, Debug)]
pub(super) struct Pager {
    request: Request,
    /// How many items a page is asked to have.
    size: Option<u32>,
    /// How many it has: as asked, until the first page tells otherwise.
    real: u64,
    /// Whether a page has told so.
    sized: bool,
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

/// What a page is that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// The one that was due, with what is wanted of it.
    Due,
    /// One that tells where to look for what is wanted: another is due now.
    Other,
}

impl Pager {
    pub(super) fn new(request: Request, size: Option<u32>) -> Self {
        Pager {
            request,
            size,
            real: size.unwrap_or(*super::SIZES.end()).into(),
            sized: false,
            window: None,
            due: Some(1),
            last: None,
            most: None,
            empty: false,
        }
    }

    /// Asks for the pages of some items only; pages have the size that was given.
    pub(super) fn within(mut self, window: Window) -> Self {
        for name in ["page", "page_size"] {
            if self.request.has_query(name) {
                let problem = format!("`{name}` in the query: a range chooses its pages itself");
                self.request.problem(problem);
            }
        }
        self.due = (!window.is_empty()).then(|| window.first_page(self.real));
        self.window = Some(window);
        self
    }

    /// What all pages are asked for with.
    #[cfg(feature = "catalogue")]
    pub(super) fn into_request(self) -> Request {
        self.request
    }

    /// Keeps a problem that someone else found.
    pub(super) fn problem(&mut self, problem: &str) {
        self.request.problem(problem.to_owned());
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

    /// The request for the page that is due.
    pub(super) fn next_request(mut self) -> Request {
        if self.due.is_none() {
            self.problem("nothing of it is wanted");
        }
        self.request(self.due.unwrap_or(1))
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
        let end = self.window.and_then(|window| window.last_page(self.real));
        match (self.last, end) {
            (Some(last), Some(end)) => Some(last.min(end)),
            (last, _) => last,
        }
    }

    /// Takes note of a page that came, leaves the wanted items in it, and refuses it if the pages would never end, or if
    /// nobody can tell at which places of the list its items are.
    pub(super) fn took<T>(&mut self, asked: i64, page: &mut Page<T>) -> Result<Came, Error> {
        match self.window {
            None => self.took_next(asked, page),
            Some(window) if self.sized => self.took_of(window, asked, page),
            Some(window) => self.took_first_of(window, asked, page),
        }
    }

    /// Leaves the wanted items in the page that is due, where no other can be asked for.
    pub(super) fn took_alone<T>(mut self, page: &mut Page<T>) -> Result<(), Error> {
        let Some(due) = self.due else {
            page.data.clear();
            return Ok(());
        };
        match self.took(due, page)? {
            Came::Due => Ok(()),
            Came::Other => self.misfit(page).map(drop),
        }
    }

    /// The first page of a window. It tells how many items a page really has: a server may have its own mind about that,
    /// and then another page holds what is wanted.
    fn took_first_of<T>(
        &mut self,
        window: Window,
        asked: i64,
        page: &mut Page<T>,
    ) -> Result<Came, Error> {
        let Some(real) = self.size_told(window, page) else {
            return self.ask_the_first(asked, page);
        };
        (self.real, self.sized) = (real, true);
        let due = window.first_page(real);
        if due > page.pages.max(1) {
            return self.end(page);
        }
        if due != page.page {
            self.due = Some(due);
            return Ok(Came::Other);
        }
        self.took_of(window, due, page)
    }

    /// What a page does not tell, page 1 does.
    fn ask_the_first<T>(&mut self, asked: i64, page: &Page<T>) -> Result<Came, Error> {
        if asked == 1 {
            return self.misfit(page);
        }
        self.due = Some(1);
        Ok(Came::Other)
    }

    /// A page of a window. One with another size than the first, or the last of a list that goes on, does not fit.
    fn took_of<T>(
        &mut self,
        window: Window,
        asked: i64,
        page: &mut Page<T>,
    ) -> Result<Came, Error> {
        let fits = pages(results(page), self.real) == page.pages.max(1)
            && page.data.len() as u64 <= self.real;
        if !fits && self.real != ALL_ON_ONE {
            return self.misfit(page);
        }
        let came = self.took_next(asked, page)?;
        window.cut(&mut page.data, asked, self.real);
        Ok(came)
    }

    /// How many items a page has, if this one tells: as many as were asked for, or as many as it has itself and others
    /// come after it. Where page 1 has all that is wanted, it is all the same.
    fn size_told<T>(&self, window: Window, page: &Page<T>) -> Option<u64> {
        let (items, of) = (page.data.len() as u64, results(page));
        let enough = page.page == 1 && (page.pages <= 1 || window.ends_within(items));
        let told = |size: &u64| {
            let left = of.saturating_sub(items_before(page.page, *size));
            pages(of, *size) == page.pages && left.min(*size) == items
        };
        let own = (items > 0 && page.page < page.pages).then_some(items);
        match enough {
            true => Some(ALL_ON_ONE),
            false => [Some(self.real), own].into_iter().flatten().find(told),
        }
    }

    fn took_next<T>(&mut self, asked: i64, page: &mut Page<T>) -> Result<Came, Error> {
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
        Ok(Came::Due)
    }

    /// Items vanished while the list was walked, and a server gave its last page for one beyond it: the end. Anything
    /// else would never end.
    fn took_another<T>(&mut self, asked: i64, page: &mut Page<T>) -> Result<Came, Error> {
        let came = page.page;
        let beyond = came < asked && came >= page.pages && asked > 1;
        match beyond {
            true => self.end(page),
            false => self.refuse(format!("page {came} came for page {asked}")),
        }
    }

    /// A page that came for one beyond the last: nothing in it is wanted.
    fn end<T>(&mut self, page: &mut Page<T>) -> Result<Came, Error> {
        page.data.clear();
        self.stop();
        Ok(Came::Due)
    }

    /// Takes note of an error, and tells whether it is one. A page beyond the last is not there: items vanished meanwhile,
    /// or a window begins where the list has ended; whether there is a list at all, page 1 tells.
    pub(super) fn failed(&mut self, asked: i64, error: &Error) -> bool {
        let beyond = asked > 1 && error.is_not_found();
        let unknown = self.window.is_some() && !self.sized;
        self.due = (beyond && unknown).then_some(1);
        !beyond
    }

    /// Asks for nothing more: after an error, or the last page.
    fn stop(&mut self) {
        self.due = None;
    }

    fn refuse(&self, problem: String) -> Result<Came, Error> {
        Err(Error::endless(self.request.operation(), problem))
    }

    /// Its items could be anywhere in the list.
    fn misfit<T>(&self, page: &Page<T>) -> Result<Came, Error> {
        let problem = format!(
            "page {} of {} has {} items of {}, asked for {} a page",
            page.page,
            page.pages,
            page.data.len(),
            page.results,
            self.size.unwrap_or(*super::SIZES.end()),
        );
        Err(Error::misfit(self.request.operation(), problem))
    }
}

fn results<T>(page: &Page<T>) -> u64 {
    page.results.try_into().unwrap_or(0)
}

/// How many pages so many items fill.
fn pages(items: u64, size: u64) -> i64 {
    items.div_ceil(size).max(1).try_into().unwrap_or(i64::MAX)
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
        let mut third = Page {
            results: 4321,
            ..page(3, 9, 500)
        };
        pager.took(3, &mut third).expect("a page");
        assert_eq!(third.data.len(), 300);
        assert_eq!(pager.askable(4), 4..5);
        let mut fourth = Page {
            results: 4321,
            ..page(4, 9, 500)
        };
        pager.took(4, &mut fourth).expect("a page");
        assert_eq!(fourth.data.len(), 200);
        assert!(pager.askable(4).is_empty());
    }
}
