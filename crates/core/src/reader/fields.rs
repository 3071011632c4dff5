//! Records: the fields of an object, read into slots.

use jiter::{Jiter, Peek};

use super::{Mode, Reader, syntax};
use crate::fault::{Fault, Step};
use crate::record::{Record, Shape};
use crate::sent::Sent;
use crate::value::Value;

/// A union that was met before the field that tells its branch: where its text starts.
struct Deferred<'j> {
    slot: usize,
    start: Jiter<'j>,
}

impl<'j> Reader<'j> {
    /// Reads a record in place.
    ///
    /// ```
    /// use linode_core::{Page, Reader};
    ///
    /// let mut page = Page::<i64>::default();
    /// let fault = Reader::new(b"[]").record(&mut page).unwrap_err();
    /// assert_eq!(fault.expected(), "a Page");
    /// ```
    pub fn record(&mut self, record: &mut dyn Record) -> Result<(), Fault> {
        let shape = record.shape();
        let mut sent = record
            .sent()
            .is_some()
            .then(|| Sent::for_fields(shape.fields.len()));
        let mut result = Ok(());
        record.each_mut(&mut |slots| result = self.fields(shape, slots, sent.as_mut()));
        if let (Some(target), Some(sent)) = (record.sent_mut(), sent) {
            *target = sent;
        }
        result
    }

    /// Reads the fields of an object into the slots that a shape names. Fields without a slot are read over;
    /// of a key that comes twice, the last one counts.
    ///
    /// ```
    /// use linode_core::{Reader, Shape};
    ///
    /// static SIZE: Shape = Shape::new("Size", &["width", "height"]);
    /// let (mut width, mut height) = (0_i64, None::<i64>);
    /// Reader::new(br#"{"width": 3}"#).fields(&SIZE, &mut [&mut width, &mut height], None)?;
    /// assert_eq!((width, height), (3, None));
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn fields(
        &mut self,
        shape: &'static Shape,
        slots: &mut [&mut dyn Value],
        mut sent: Option<&mut Sent>,
    ) -> Result<(), Fault> {
        let at = match self.peek()? {
            Peek::Object => self.jiter.current_index(),
            Peek::Array => {
                let described = shape.described();
                let read = |reader: &mut Self| reader.fields(shape, slots, sent);
                return self.only_item(&described, "an object", read);
            }
            _ => return Err(self.mismatch(&shape.described())),
        };
        self.enter(Step::Field(shape.name))?;
        let first = self.seen.len();
        self.seen.resize(first + slots.len(), false);
        let mut deferred = Vec::new();
        let mut next = 0;
        let mut key = self.jiter.known_object();
        while let Some(name) = key.map_err(|error| syntax(&self.path, error))? {
            match shape.find(name, next).filter(|index| *index < slots.len()) {
                None if self.mode == Mode::Request => {
                    let name = name.to_owned();
                    self.unknown_field(name, sent.as_deref_mut())?;
                }
                None => self.skip()?,
                Some(index) => {
                    next = index + 1;
                    self.step(Step::Field(shape.fields[index]));
                    let again = std::mem::replace(&mut self.seen[first + index], true);
                    let mut cleared = false;
                    if let Some(sent) = sent.as_deref_mut() {
                        let null = self.peek()? == Peek::Null;
                        cleared = null && self.mode == Mode::Request;
                        // Elsewhere a null that is no value of the field is one that is repaired.
                        sent.mark(index, cleared || null && slots[index].takes_null());
                    }
                    if cleared {
                        self.null()?;
                    } else if shape.tag_of(index).is_some() {
                        deferred.push(self.defer(index)?);
                    } else {
                        if again {
                            slots[index].clear();
                        }
                        slots[index].read(self)?;
                    }
                }
            }
            key = self.jiter.next_key();
        }
        self.choose(shape, slots, deferred)?;
        self.leave();
        if self.mode != Mode::Request || sent.is_none() {
            self.require(shape, slots, first, at)?;
        }
        self.seen.truncate(first);
        Ok(())
    }

    /// Keeps a field of a request that its type does not know, if the type can.
    fn unknown_field(&mut self, name: String, sent: Option<&mut Sent>) -> Result<(), Fault> {
        self.step(Step::Key(name.clone()));
        self.note_unknown();
        let value = self.json()?;
        if let Some(sent) = sent {
            sent.with(name, value);
        }
        Ok(())
    }

    fn defer(&mut self, slot: usize) -> Result<Deferred<'j>, Fault> {
        self.peek()?;
        let start = self.jiter.clone();
        self.skip()?;
        Ok(Deferred { slot, start })
    }

    /// Reads the unions whose branch another field tells, now that all of them were read.
    fn choose(
        &mut self,
        shape: &'static Shape,
        slots: &mut [&mut dyn Value],
        deferred: Vec<Deferred<'j>>,
    ) -> Result<(), Fault> {
        for Deferred { slot, start } in deferred {
            let teller = shape.tag_of(slot).and_then(|index| slots.get(index));
            let tag = teller.and_then(|teller| teller.tag()).map(str::to_owned);
            let end = std::mem::replace(&mut self.jiter, start);
            self.step(Step::Field(shape.fields[slot]));
            slots[slot].read_as(tag.as_deref(), self)?;
            self.jiter = end;
        }
        Ok(())
    }

    /// Refuses the object if a field is missing that has to be there.
    fn require(
        &mut self,
        shape: &'static Shape,
        slots: &[&mut dyn Value],
        first: usize,
        at: usize,
    ) -> Result<(), Fault> {
        let unseen = self.seen[first..].iter().zip(slots);
        let missing = unseen
            .zip(shape.fields)
            .find(|((seen, slot), _)| !**seen && !slot.optional());
        match missing {
            Some((_, field)) => Err(Fault::missing(&self.path, field, at)),
            None => Ok(()),
        }
    }
}
