//! One value where a list is described, and a list where one value is.

use jiter::Peek;

use super::{Reader, syntax};
use crate::fault::{Fault, Step};

/// What a page has beside its items.
const ENVELOPE: [&str; 3] = ["page", "pages", "results"];

impl Reader<'_> {
    /// Whether a list comes next.
    pub(crate) fn at_list(&mut self) -> Result<bool, Fault> {
        Ok(self.peek()? == Peek::Array)
    }

    /// Reads the one item of the list that comes next as the single value that is described. Any other list would lose something.
    pub(super) fn only_item<T>(
        &mut self,
        expected: &str,
        took: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.ahead_in_list()? != 1 {
            return Err(self.mismatch(expected));
        }
        let at = self.jiter.current_index();
        self.repaired(at, (), "a list", took)?;
        self.enter(Step::Item(0))?;
        let begun = self.jiter.known_array();
        begun.map_err(|error| syntax(&self.path, error))?;
        let value = read(self)?;
        let ended = self.jiter.array_step();
        ended.map_err(|error| syntax(&self.path, error))?;
        self.leave();
        Ok(value)
    }

    /// How many items the list that comes next has; two stand for any more. Nothing is read over.
    pub(super) fn ahead_in_list(&mut self) -> Result<usize, Fault> {
        let mut ahead = self.jiter.clone();
        let mut next = ahead.known_array();
        for items in 0..2 {
            if next.map_err(|error| syntax(&self.path, error))?.is_none() {
                return Ok(items);
            }
            ahead
                .next_skip()
                .map_err(|error| syntax(&self.path, error))?;
            next = ahead.array_step();
        }
        Ok(2)
    }

    /// Reads something that is no list where one is described.
    pub(super) fn other_list(
        &mut self,
        peek: Peek,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<bool, Fault> {
        let at = self.jiter.current_index();
        match peek {
            Peek::Null => self.nothing("an empty list").map(|()| true),
            Peek::Object if self.is_page()? => {
                self.repaired(at, (), "a page", "a list")?;
                self.map(&mut |reader| match reader.map_key() {
                    "data" => reader.items(item),
                    _ => reader.skip(),
                })?;
                Ok(true)
            }
            _ => {
                let found = self.kind()?;
                self.repaired(at, (), found, "a list")?;
                item(self)?;
                Ok(false)
            }
        }
    }

    /// Whether the object that comes next is a page: a list called `data`, and what tells of other pages.
    fn is_page(&mut self) -> Result<bool, Fault> {
        let mut ahead = Reader::at(self.jiter.clone(), self.mode);
        ahead.path.clone_from(&self.path);
        let (mut data, mut envelope) = (false, false);
        ahead.map(&mut |reader| {
            data |= reader.map_key() == "data" && reader.at_list()?;
            envelope |= ENVELOPE.contains(&reader.map_key());
            reader.skip()
        })?;
        Ok(data && envelope)
    }

    /// Refuses the value that was just taken for something else, after all.
    pub(crate) fn refuse_last(&mut self, expected: &str) -> Result<(), Fault> {
        let found = self
            .repairs
            .last()
            .map_or("something else", |repair| repair.found);
        Err(Fault::new(
            &self.path,
            expected,
            found.to_owned(),
            self.jiter.current_index(),
        ))
    }

    /// Says that the list that comes next is taken for a page.
    pub(crate) fn list_for_page(&mut self) -> Result<(), Fault> {
        let at = self.jiter.current_index();
        self.repaired(at, (), "a list", "a page")
    }

    /// Takes a null for something that has nothing in it.
    pub(super) fn nothing(&mut self, took: &'static str) -> Result<(), Fault> {
        let at = self.jiter.current_index();
        self.null()?;
        self.repaired(at, (), "null", took)
    }
}
