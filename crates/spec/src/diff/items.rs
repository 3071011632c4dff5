//! Two surfaces compared item by item.

use std::collections::{BTreeMap, BTreeSet};

use super::{Became, Change, Effect, ItemChange, Subject};
use crate::surface::{Item, RECORD, REQUEST, Sort, Surface};

/// Every item that is not in both surfaces as it was.
pub struct Differences {
    all: BTreeMap<String, Difference>,
    claimed: BTreeSet<String>,
}

struct Difference {
    change: ItemChange,
    old: Option<Item>,
    new: Option<Item>,
}

impl Differences {
    pub fn between(old: &Surface, new: &Surface) -> Self {
        let paths: BTreeSet<&String> = old.items.keys().chain(new.items.keys()).collect();
        let differences = paths.into_iter().filter_map(|path| {
            let (was, is) = (old.items.get(path), new.items.get(path));
            let effect = effect(was, is)?;
            let change = ItemChange {
                item: path.clone(),
                was: was.map(|item| item.signature.clone()),
                is: is.map(|item| item.signature.clone()),
                effect,
            };
            let difference = Difference {
                change,
                old: was.cloned(),
                new: is.cloned(),
            };
            Some((path.clone(), difference))
        });
        Self {
            all: differences.collect(),
            claimed: BTreeSet::new(),
        }
    }

    /// What became of these items, as far as anything did. They belong to a change from now on.
    pub fn claim(&mut self, items: &[&str]) -> Vec<ItemChange> {
        let mut claimed: Vec<ItemChange> = Vec::new();
        for item in items {
            if claimed.iter().any(|known| known.item == *item) {
                continue;
            }
            if let Some(difference) = self.all.get(*item) {
                claimed.push(difference.change.clone());
                self.claimed.insert((*item).to_owned());
            }
        }
        claimed
    }

    /// An item that programs still find, and that stands for something else now.
    pub fn add_other_meaning(&mut self, item: &str, was: &str, is: &str) {
        let change = ItemChange {
            item: item.to_owned(),
            was: Some(format!("`{was}`")),
            is: Some(format!("`{is}`")),
            effect: Effect::Breaking,
        };
        let difference = Difference {
            change,
            old: None,
            new: None,
        };
        self.all.insert(item.to_owned(), difference);
    }

    /// Those of these items, and of everything in them, that are no longer as they were.
    pub fn below(&self, items: &[&str]) -> Vec<String> {
        let within = |path: &str, item: &str| {
            let rest = path.strip_prefix(item);
            rest.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with("::") || rest.starts_with('.')
            })
        };
        let paths = self.all.keys();
        let below = paths.filter(|path| items.iter().any(|item| within(path, item)));
        below.cloned().collect()
    }

    /// The worst that became of any item.
    pub fn worst(&self) -> Effect {
        let effects = self.all.values().map(|difference| difference.change.effect);
        effects.max().unwrap_or_default()
    }

    /// What no change of the API has claimed, less what comes and goes with something else.
    pub fn left(self) -> Vec<Change> {
        let implied = |difference: &Difference| {
            let item = difference.old.as_ref().xor(difference.new.as_ref());
            let parent = item.and_then(|item| self.all.get(item.parent.as_ref()?));
            parent.is_some_and(|parent| {
                parent.old.is_some() == difference.old.is_some()
                    && parent.new.is_some() == difference.new.is_some()
            })
        };
        let left = self
            .all
            .iter()
            .filter(|(path, difference)| !self.claimed.contains(*path) && !implied(difference));
        left.map(|(_, difference)| difference.as_change()).collect()
    }
}

impl Difference {
    fn as_change(&self) -> Change {
        let pointer = |item: &Option<Item>| {
            item.as_ref()
                .map(|item| item.pointer.clone())
                .filter(|p| !p.is_empty())
        };
        let sort = self
            .old
            .as_ref()
            .or(self.new.as_ref())
            .map_or(Sort::Type, |item| item.sort);
        let (became, what) = match (&self.change.was, &self.change.is) {
            (Some(was), Some(is)) => (Became::Changed, format!("is `{is}`, was `{was}`")),
            (Some(_), None) => (Became::Removed, format!("is gone: a {sort}")),
            _ => (Became::Added, format!("is new: a {sort}")),
        };
        Change {
            item: self.change.item.clone(),
            what,
            old: pointer(&self.old),
            new: pointer(&self.new),
            rust: self.change.effect,
            code: vec![self.change.clone()],
            ..Change::of(Subject::Item, became)
        }
    }
}

/// What the difference between two items means to programs, if there is one.
fn effect(was: Option<&Item>, is: Option<&Item>) -> Option<Effect> {
    match (was, is) {
        (Some(_), None) => Some(Effect::Breaking),
        (None, Some(_)) => Some(Effect::Addition),
        (Some(was), Some(is)) if (was.sort, &was.signature) != (is.sort, &is.signature) => {
            Some(match serves_for(is, was) {
                true => Effect::Addition,
                false => Effect::Breaking,
            })
        }
        (Some(was), Some(is)) if is.deprecated && !was.deprecated => Some(Effect::Addition),
        _ => None,
    }
}

/// Whether programs can do with a type whatever they did with one of another kind, its members aside: a record has every trait that a request has,
/// and of neither can the fields be listed.
fn serves_for(is: &Item, was: &Item) -> bool {
    is.sort == Sort::Type && (was.signature.as_str(), is.signature.as_str()) == (REQUEST, RECORD)
}
