//! Which items of a list are wanted, and which pages hold them.

use std::ops::{Bound, RangeBounds};

/// Items by their place in the list, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    start: u64,
    /// The first place that is no longer wanted; none for all to the end.
    end: Option<u64>,
}

impl Window {
    pub(super) const ALL: Window = Window {
        start: 0,
        end: None,
    };

    pub(super) fn new(places: &impl RangeBounds<u64>) -> Self {
        let start = match places.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(start) => start.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match places.end_bound() {
            Bound::Included(end) => Some(end.saturating_add(1)),
            Bound::Excluded(end) => Some(*end),
            Bound::Unbounded => None,
        };
        Window { start, end }
    }

    /// The part of it that another names, counted from its start.
    pub(super) fn within(self, inner: Window) -> Self {
        let from_start = |place: u64| self.start.saturating_add(place);
        let end = match (self.end, inner.end.map(from_start)) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Window {
            start: from_start(inner.start),
            end,
        }
    }

    pub(super) fn is_empty(self) -> bool {
        self.end.is_some_and(|end| end <= self.start)
    }

    /// How many of so many items lie in it.
    pub(super) fn count(self, of: u64) -> u64 {
        of.min(self.end.unwrap_or(of)).saturating_sub(self.start)
    }

    /// The least size of page, between two, of which one page holds it all; the greatest if none does.
    pub(super) fn page_size(self, least: u32, most: u32) -> u32 {
        let Some(last) = self.end.and_then(|end| end.checked_sub(1)) else {
            return most;
        };
        let one_page = |size: &u32| self.start / u64::from(*size) == last / u64::from(*size);
        (least..=most).find(one_page).unwrap_or(most)
    }

    /// The page, from 1, that holds its first item.
    pub(super) fn first_page(self, size: u64) -> i64 {
        page_of(self.start, size)
    }

    /// The page, from 1, that holds its last item, if it has an end.
    pub(super) fn last_page(self, size: u64) -> Option<i64> {
        Some(page_of(self.end?.saturating_sub(1), size))
    }

    /// Whether it ends within the first so many items.
    pub(super) fn ends_within(self, items: u64) -> bool {
        self.end.is_some_and(|end| end <= items)
    }

    /// Leaves only its items in a page.
    pub(super) fn cut<T>(self, items: &mut Vec<T>, page: i64, size: u64) {
        let before = items_before(page, size);
        let place =
            |place: u64| usize::try_from(place.saturating_sub(before)).unwrap_or(usize::MAX);
        if let Some(end) = self.end {
            items.truncate(place(end));
        }
        items.drain(..place(self.start).min(items.len()));
    }
}

/// How many items lie on the pages before one.
pub(super) fn items_before(page: i64, size: u64) -> u64 {
    let pages = u64::try_from(page).unwrap_or(1).saturating_sub(1);
    pages.saturating_mul(size)
}

fn page_of(place: u64, size: u64) -> i64 {
    i64::try_from(place / size).map_or(i64::MAX, |page| page.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_as_small_as_holds_the_window() {
        let table = [
            (0..1, 25),
            (0..25, 25),
            (0..26, 26),
            (20..30, 30),
            (1000..1010, 25),
            (0..5000, 500),
        ];
        for (places, size) in table {
            assert_eq!(Window::new(&places).page_size(25, 500), size, "{places:?}");
        }
        assert_eq!(Window::new(&(30..)).page_size(25, 500), 500);
    }

    #[test]
    fn windows_lie_in_windows() {
        let window = Window::new(&(10..20)).within(Window::new(&(5..)));
        assert_eq!(window, Window::new(&(15..20)));
        let window = Window::new(&(10..)).within(Window::new(&(..=4)));
        assert_eq!(window, Window::new(&(10..15)));
        assert_eq!(Window::ALL.within(window), window);
        assert!(Window::new(&(20..20)).is_empty());
        assert_eq!(Window::new(&(10..20)).count(15), 5);
        assert_eq!(Window::new(&(10..)).count(7), 0);
    }

    #[test]
    fn a_page_is_cut_to_the_window() {
        let cut = |places: std::ops::Range<u64>, page| {
            let mut items: Vec<u64> = (0..25).collect();
            Window::new(&places).cut(&mut items, page, 25);
            items
        };
        assert_eq!(cut(30..33, 2), [5, 6, 7]);
        assert_eq!(cut(0..1000, 2).len(), 25);
        assert!(cut(0..10, 2).is_empty());
        assert!(cut(100..200, 2).is_empty());
        assert!(cut(u64::MAX - 1..u64::MAX, i64::MAX).is_empty());
    }
}
