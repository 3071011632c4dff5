//! [`Page`]: one page of a list.
//!
//! ```
//! use linode_core::{Page, read};
//!
//! let page: Page<i64> = read(br#"{"data": [4, 5], "page": 2, "pages": 3, "results": 6}"#)?;
//! assert_eq!((page.data, page.page, page.pages, page.results), (vec![4, 5], 2, 3, 6));
//! # Ok::<(), linode_core::Fault>(())
//! ```

use std::fmt;

use crate::fault::Fault;
use crate::gaps::Gaps;
use crate::reader::Reader;
use crate::record::{Record, Shape, fmt_record};
use crate::value::Value;
use crate::writer::Writer;

static SHAPE: Shape = Shape::new("Page", &["data", "page", "pages", "results"]);

/// One page of a list, and how many there are. An answer that gives only the items is page 1 of 1, with an envelope or without.
///
/// ```
/// let page: linode_core::Page<bool> = linode_core::read(b"[true, false]")?;
/// assert_eq!((page.page, page.pages, page.results), (1, 1, 2));
///
/// let page: linode_core::Page<bool> = linode_core::read(br#"{"data": [true]}"#)?;
/// assert_eq!((page.page, page.pages, page.results), (1, 1, 1));
/// # Ok::<(), linode_core::Fault>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page.
    pub data: Vec<T>,
    /// The number of this page, from 1.
    pub page: i64,
    /// How many pages there are.
    pub pages: i64,
    /// How many items there are on all pages.
    pub results: i64,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Page {
            data: Vec::new(),
            page: 1,
            pages: 1,
            results: 0,
        }
    }
}

impl<T: Value> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_record(self, f)
    }
}

impl<T: Value> Record for Page<T> {
    fn shape(&self) -> &'static Shape {
        &SHAPE
    }

    fn each(&self, see: &mut dyn FnMut(&[&dyn Value])) {
        see(&[&self.data, &self.page, &self.pages, &self.results]);
    }

    fn each_mut(&mut self, see: &mut dyn FnMut(&mut [&mut dyn Value])) {
        see(&mut [
            &mut self.data,
            &mut self.page,
            &mut self.pages,
            &mut self.results,
        ]);
    }
}

impl<T: Value> Value for Page<T> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        if reader.at_list()? {
            reader.list_for_page()?;
            self.data.read(reader)?;
            self.results = self.data.len().try_into().unwrap_or(i64::MAX);
            return Ok(());
        }
        let (mut page, mut pages, mut results) = (None::<i64>, None::<i64>, None::<i64>);
        reader.fields(
            &SHAPE,
            &mut [&mut self.data, &mut page, &mut pages, &mut results],
            None,
        )?;
        self.page = page.unwrap_or(1);
        self.pages = pages.unwrap_or(1);
        self.results = results.unwrap_or_else(|| self.data.len().try_into().unwrap_or(i64::MAX));
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.record(self);
    }

    fn blank(&self) -> bool {
        self.data.is_empty()
    }

    fn missing(&self, gaps: &mut Gaps) {
        gaps.field("data", &self.data);
    }

    fn empty() -> Self {
        Page::default()
    }
}
