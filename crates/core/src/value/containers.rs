//! Optional values, lists and maps.

use super::{Map, Value};
use crate::fault::Fault;
use crate::gaps::Gaps;
use crate::reader::Reader;
use crate::writer::Writer;

/// Null and absence are `None`; what is there is `Some`.
impl<T: Value> Value for Option<T> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = None;
        if !reader.null()? {
            self.insert(T::empty()).read(reader)?;
        }
        Ok(())
    }

    fn read_as(&mut self, tag: Option<&str>, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = None;
        if !reader.null()? {
            self.insert(T::empty()).read_as(tag, reader)?;
        }
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.write(writer),
            None => writer.null(),
        }
    }

    fn optional(&self) -> bool {
        true
    }

    fn absent(&self) -> bool {
        self.is_none()
    }

    fn blank(&self) -> bool {
        self.is_none()
    }

    fn tag(&self) -> Option<&str> {
        self.as_ref().and_then(Value::tag)
    }

    fn missing(&self, gaps: &mut Gaps) {
        if let Some(value) = self {
            value.missing(gaps);
        }
    }

    fn empty() -> Self {
        None
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        Vec::clear(self);
        let listed = reader.list(&mut |reader| {
            // Read where it will stay: a record may be large, and need not be moved after it was read.
            let last = self.len();
            self.push(T::empty());
            if !self[last].takes_null() && reader.stray_null()? {
                self.pop();
                return Ok(());
            }
            self[last].read(reader)
        })?;
        // An object in which nothing was found that is described is another thing, and no list of one.
        match self.first() {
            Some(item) if !listed && item.blank() => reader.refuse_last("a list"),
            _ => Ok(()),
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.begin_list();
        for item in self {
            writer.item();
            item.write(writer);
        }
        writer.end_list();
    }

    fn blank(&self) -> bool {
        self.is_empty()
    }

    fn missing(&self, gaps: &mut Gaps) {
        for (index, item) in self.iter().enumerate() {
            gaps.item(index, item);
        }
    }

    fn empty() -> Self {
        Vec::new()
    }
}

impl<T: Value> Value for Map<T> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        Map::clear(self);
        reader.map(&mut |reader| {
            let mut value = T::empty();
            value.read(reader)?;
            self.insert(reader.map_key().to_owned(), value);
            Ok(())
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.begin_object();
        for (key, value) in self {
            writer.key(key);
            value.write(writer);
        }
        writer.end_object();
    }

    fn blank(&self) -> bool {
        self.is_empty()
    }

    fn missing(&self, gaps: &mut Gaps) {
        for (key, value) in self {
            gaps.field(key, value);
        }
    }

    fn empty() -> Self {
        Map::new()
    }
}

/// A box is what is in it: records that hold themselves, and large branches of unions, are boxed.
impl<T: Value> Value for Box<T> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        T::read(self, reader)
    }

    fn read_as(&mut self, tag: Option<&str>, reader: &mut Reader<'_>) -> Result<(), Fault> {
        T::read_as(self, tag, reader)
    }

    fn write(&self, writer: &mut Writer) {
        T::write(self, writer);
    }

    fn optional(&self) -> bool {
        T::optional(self)
    }

    fn takes_null(&self) -> bool {
        T::takes_null(self)
    }

    fn absent(&self) -> bool {
        T::absent(self)
    }

    fn blank(&self) -> bool {
        T::blank(self)
    }

    fn clear(&mut self) {
        T::clear(self);
    }

    fn tag(&self) -> Option<&str> {
        T::tag(self)
    }

    fn missing(&self, gaps: &mut Gaps) {
        T::missing(self, gaps);
    }

    fn empty() -> Self {
        Box::new(T::empty())
    }
}
