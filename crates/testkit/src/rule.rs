//! What a kit was told: one thing to do, where, when, and how often.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use crate::address::Address;
use crate::tape::Tape;
use crate::{Fault, Json, Received, Reply};

/// Whether a request is meant.
pub(crate) type When = Arc<dyn Fn(&Received) -> bool + Send + Sync>;

/// What makes a reply.
pub(crate) type With = Arc<dyn Fn(&Received) -> Reply + Send + Sync>;

/// What is done.
#[derive(Clone)]
pub(crate) enum Deed {
    /// What the document says, with these fields over it.
    Answer(Json),
    /// A page of these items, each over what the document says.
    Items(Vec<Json>),
    /// Exactly this.
    Reply(Reply),
    /// Whatever this makes of the request.
    With(With),
    /// What was recorded.
    Replay(Arc<Tape>),
    /// A failure.
    Fault(Fault),
}

/// One thing to do.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) address: Address,
    pub(crate) deed: Deed,
    pub(crate) when: Option<When>,
    pub(crate) headers: HeaderMap,
    pub(crate) status: Option<u16>,
    pub(crate) page_size: Option<usize>,
    pub(crate) chance: Option<f64>,
    pub(crate) unchecked: bool,
    /// How many times are left; no end if `None`.
    pub(crate) left: Option<usize>,
    pub(crate) used: usize,
}

impl Told {
    pub(crate) fn new(address: Address, deed: Deed) -> Self {
        let unchecked = matches!(address, Address::Beside(_) | Address::Anything);
        Told {
            address,
            deed,
            when: None,
            headers: HeaderMap::new(),
            status: None,
            page_size: None,
            chance: None,
            unchecked,
            left: None,
            used: 0,
        }
    }

    /// The rank in which rules are tried: those that end, those by chance, the rest; among those that end the first one
    /// given comes first, and the last one otherwise.
    pub(crate) fn rank(&self, index: usize) -> (u8, usize) {
        match (self.left, self.chance) {
            (Some(_), _) => (0, index),
            (None, Some(_)) => (1, usize::MAX - index),
            (None, None) => (2, usize::MAX - index),
        }
    }

    /// Takes note of a use.
    pub(crate) fn spend(&mut self) {
        self.used += 1;
        self.left = self.left.map(|left| left.saturating_sub(1));
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told")
            .field("address", &self.address)
            .field("left", &self.left)
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}
