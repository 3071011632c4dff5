//! Which way values go decides what a change of them means.

use super::Effect;
use crate::api::{Ty, TypeDef};

/// Which way the values of a type go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// From the API.
    pub answers: bool,
    /// To the API.
    pub requests: bool,
}

impl Flow {
    pub const REQUESTS: Self = Self {
        answers: false,
        requests: true,
    };
    pub const ANSWERS: Self = Self {
        answers: true,
        requests: false,
    };

    /// Those of a type, in either document.
    pub fn of(old: &TypeDef, new: &TypeDef) -> Self {
        Self {
            answers: old.in_answers || new.in_answers,
            requests: old.in_requests || new.in_requests || old.body_of.is_some(),
        }
    }

    /// More values are possible: whoever reads them may meet one that is new.
    pub fn wider(self) -> Effect {
        if self.answers {
            Effect::Breaking
        } else {
            Effect::Addition
        }
    }

    /// Fewer values are possible: whoever sends them may send one that is refused.
    pub fn narrower(self) -> Effect {
        if self.requests {
            Effect::Breaking
        } else {
            Effect::None
        }
    }

    /// A rule is less strict: whoever sends values may send more of them, and whoever reads them never relied on it.
    pub fn allowing_more(self) -> Effect {
        if self.requests {
            Effect::Addition
        } else {
            Effect::None
        }
    }

    /// What comes of another type at the same place.
    pub fn retyped(self, old: &Ty, new: &Ty) -> Effect {
        match (wire(old), wire(new)) {
            (old, new) if old == new => Effect::None,
            (Ty::Integer, Ty::Number) => self.wider(),
            (Ty::Number, Ty::Integer) => self.narrower(),
            _ => Effect::Breaking,
        }
    }
}

/// What the type is on the wire: secrets, times and days are text there. What is in a named type is compared on its own.
fn wire(ty: &Ty) -> Ty {
    match ty {
        Ty::Secret | Ty::DateTime | Ty::Date => Ty::String,
        Ty::List(inner) => Ty::List(Box::new(wire(inner))),
        Ty::Map(inner) => Ty::Map(Box::new(wire(inner))),
        other => other.clone(),
    }
}
