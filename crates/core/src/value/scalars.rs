//! Integers, numbers, booleans, text and free-form JSON.

use super::{Json, Value};
use crate::fault::Fault;
use crate::reader::Reader;
use crate::writer::Writer;

impl Value for i64 {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = reader.integer()?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.integer(*self);
    }

    fn blank(&self) -> bool {
        *self == 0
    }

    fn empty() -> Self {
        0
    }
}

impl Value for f64 {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = reader.number()?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.number(*self);
    }

    fn blank(&self) -> bool {
        *self == 0.0
    }

    fn empty() -> Self {
        0.0
    }
}

impl Value for bool {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = reader.boolean()?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.boolean(*self);
    }

    fn blank(&self) -> bool {
        !*self
    }

    fn empty() -> Self {
        false
    }
}

impl Value for String {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = reader.text()?.into_owned();
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.text(self);
    }

    fn blank(&self) -> bool {
        self.is_empty()
    }

    fn tag(&self) -> Option<&str> {
        Some(self)
    }

    fn empty() -> Self {
        String::new()
    }
}

impl Value for Json {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = reader.json()?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.json(self);
    }

    fn blank(&self) -> bool {
        self.is_null()
    }

    fn takes_null(&self) -> bool {
        true
    }

    fn empty() -> Self {
        Json::Null
    }
}
