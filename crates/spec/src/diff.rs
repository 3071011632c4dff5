//! Two models compared: what changed for those who speak to the API, and for those who program with the crate.
//!
//! The crate's side is compared item by item, by what a program has to agree with ([`crate::surface`]): from that the verdict comes, so that
//! nothing can be missed by it. The API's side is walked beside it and says what each change is, where it stands in both documents, and what
//! it means on the wire. Prose is not compared: a pinned document has none.
//!
//! Both models have to be named with the same lock, the later one with the names of the earlier added to it.
//!
//! ```
//! use linode_spec::api::Api;
//! use linode_spec::diff::{Verdict, Version, diff};
//! use linode_spec::name::Names;
//!
//! let (api, names) = (Api::default(), Names::default());
//! let version: Version = "0.1.0".parse()?;
//! let same = diff((&api, &names), (&api, &names), version);
//! assert_eq!(same.verdict, Verdict::None);
//! assert_eq!(same.next_version, version);
//! # Ok::<(), linode_spec::diff::NoVersion>(())
//! ```

mod bodies;
mod facts;
mod flow;
mod items;
mod operations;
mod parameters;
mod types;
mod version;

use std::fmt;

use serde::Serialize;

use self::items::Differences;
pub use self::version::{NoVersion, Version};
use crate::api::Api;
use crate::name::{Names, Rename, renames};
use crate::surface::{Domains, Surface};

/// What a change means to those who rely on what was there.
///
/// ```
/// use linode_spec::diff::Effect;
/// assert!(Effect::None < Effect::Addition && Effect::Addition < Effect::Breaking);
/// assert_eq!(Effect::None.to_string(), "no effect");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Nothing.
    #[default]
    None,
    /// There is more than before, and what was there is as it was. So is a warning that something will go.
    Addition,
    /// What worked before may not work any longer.
    Breaking,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "no effect",
            Self::Addition => "addition",
            Self::Breaking => "breaking",
        })
    }
}

/// What all changes together mean for the version of the crate.
///
/// ```
/// use linode_spec::diff::Verdict;
/// assert!(Verdict::Patch < Verdict::Addition);
/// assert_eq!(Verdict::Breaking.to_string(), "breaking");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The documents say the same.
    #[default]
    None,
    /// Programs see no difference; what the crate sends, checks or tells may differ.
    Patch,
    /// Programs that could be built still can be, and there is more to build with.
    Addition,
    /// Some programs can no longer be built.
    Breaking,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Addition => "addition",
            Self::Breaking => "breaking",
        })
    }
}

/// What a change is about.
///
/// ```
/// assert_eq!(linode_spec::diff::Subject::Filter.to_string(), "filter");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Subject {
    Server,
    Operation,
    Parameter,
    Body,
    Answer,
    Filter,
    Permission,
    Type,
    Field,
    Value,
    Branch,
    /// An item of the crate that changed without the API.
    Item,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "server",
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::Answer => "answer",
            Self::Filter => "filter",
            Self::Permission => "permission",
            Self::Type => "type",
            Self::Field => "field",
            Self::Value => "value",
            Self::Branch => "branch",
            Self::Item => "item",
        })
    }
}

/// What became of the subject.
///
/// ```
/// assert_eq!(linode_spec::diff::Became::Added.to_string(), "added");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Became {
    Removed,
    Changed,
    Deprecated,
    Added,
}

impl fmt::Display for Became {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Deprecated => "deprecated",
            Self::Added => "added",
        })
    }
}

/// One change.
///
/// ```
/// use linode_spec::diff::{Became, Change, Effect, Subject};
///
/// let change = Change { item: "types::Tag.label".into(), what: "is new".into(), ..Change::of(Subject::Field, Became::Added) };
/// assert_eq!(change.to_string(), "types::Tag.label is new");
/// assert_eq!(change.rust, Effect::None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// What became of that.
    pub became: Became,
    /// The public item that users meet it in: `linode::Api::list_instances`, `types::Linode.label`.
    pub item: String,
    /// What changed, as the rest of a sentence that begins with the item.
    pub what: String,
    /// Where it is on the wire: an operation, or a place in its body or answer.
    pub place: String,
    /// Where it stands in the earlier document, as a JSON pointer.
    pub old: Option<String>,
    /// Where it stands in the later document.
    pub new: Option<String>,
    /// What it means for whoever sends requests and reads answers, in any language.
    pub wire: Effect,
    /// What it means for programs that use the crate.
    pub rust: Effect,
    /// The items of the crate that it changes.
    pub code: Vec<ItemChange>,
}

impl Change {
    /// A change without effect, about nothing yet.
    ///
    /// ```
    /// use linode_spec::diff::{Became, Change, Subject};
    /// assert!(Change::of(Subject::Type, Became::Removed).code.is_empty());
    /// ```
    pub fn of(subject: Subject, became: Became) -> Self {
        Self {
            subject,
            became,
            item: String::new(),
            what: String::new(),
            place: String::new(),
            old: None,
            new: None,
            wire: Effect::None,
            rust: Effect::None,
            code: Vec::new(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.item, self.what)
    }
}

/// A public item of the crate that is new, gone, or no longer what programs agreed with.
///
/// ```
/// use linode_spec::diff::{Effect, ItemChange};
/// let gone = ItemChange { item: "types::Tag.label".into(), was: Some("String".into()), is: None, effect: Effect::Breaking };
/// assert_eq!(gone.to_string(), "types::Tag.label: String is gone");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemChange {
    /// What users call it.
    pub item: String,
    /// Its signature before.
    pub was: Option<String>,
    /// Its signature now.
    pub is: Option<String>,
    /// What that means for programs that use it.
    pub effect: Effect,
}

impl fmt::Display for ItemChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let item = &self.item;
        match (&self.was, &self.is) {
            (Some(was), Some(is)) if was == is => write!(f, "{item}: {is} is deprecated"),
            (Some(was), Some(is)) => write!(f, "{item}: {was} → {is}"),
            (Some(was), None) => write!(f, "{item}: {was} is gone"),
            (None, Some(is)) => write!(f, "{item}: {is} is new"),
            (None, None) => write!(f, "{item}"),
        }
    }
}

/// Everything that changed.
///
/// Its JSON form has the same keys.
///
/// ```
/// assert!(linode_spec::diff::Diff::default().changes.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The release of the earlier document.
    pub old_release: String,
    /// The release of the later document.
    pub new_release: String,
    /// What the changes mean together.
    pub verdict: Verdict,
    /// The version that the crate has.
    pub version: Version,
    /// The version that its next release has, by Cargo's rules: below 1.0 a breaking change moves the minor number.
    pub next_version: Version,
    /// How many names changed although no change of the API explains it.
    pub unexplained_renames: usize,
    /// What is to be known of the documents as a whole.
    pub hints: Vec<String>,
    /// Names that changed although their position is in both documents.
    pub renames: Vec<Rename>,
    /// The changes: by item, in the order of the alphabet.
    pub changes: Vec<Change>,
}

impl Diff {
    /// The changes with this effect on programs.
    ///
    /// ```
    /// use linode_spec::diff::{Diff, Effect};
    /// assert_eq!(Diff::default().with(Effect::Breaking).count(), 0);
    /// ```
    pub fn with(&self, rust: Effect) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(move |change| change.rust == rust)
    }

    /// The worst that any change does to those who speak to the API.
    ///
    /// ```
    /// use linode_spec::diff::{Diff, Effect};
    /// assert_eq!(Diff::default().wire(), Effect::None);
    /// ```
    pub fn wire(&self) -> Effect {
        let effects = self.changes.iter().map(|change| change.wire);
        effects.max().unwrap_or_default()
    }
}

/// Compares two models. The version is the one that the crate of the earlier document has.
///
/// ```
/// use linode_spec::api::Api;
/// use linode_spec::diff::{Verdict, Version, diff};
/// use linode_spec::name::Names;
///
/// let (old, names) = (Api::default(), Names::default());
/// let new = Api { release: "4.2.0".into(), scopes: vec!["vpc:read_only".into()], ..Api::default() };
/// let diff = diff((&old, &names), (&new, &names), Version::new(0, 1, 0));
/// assert_eq!(diff.changes[0].to_string(), "Scope::VpcReadOnly is new: `vpc:read_only`");
/// assert_eq!((diff.verdict, diff.next_version), (Verdict::Addition, Version::new(0, 1, 1)));
/// ```
pub fn diff(old: (&Api, &Names), new: (&Api, &Names), version: Version) -> Diff {
    let renames = renames(old, new);
    let differences = Differences::between(&Surface::of(old.0, old.1), &Surface::of(new.0, new.1));
    let domains = (Domains::of(old.0, old.1), Domains::of(new.0, new.1));
    let side = |(api, names), domains| Side {
        api,
        names,
        domains,
    };
    let mut walk = Walk {
        old: side(old, &domains.0),
        new: side(new, &domains.1),
        differences,
        changes: Vec::new(),
    };
    walk.server();
    walk.permissions();
    walk.operations();
    walk.types(&renames);
    let Walk {
        differences,
        mut changes,
        ..
    } = walk;
    let worst = differences.worst();
    changes.extend(differences.left());
    changes.sort_by(|a, b| {
        (&a.item, a.subject, a.became, &a.what).cmp(&(&b.item, b.subject, b.became, &b.what))
    });
    let same = changes.is_empty() && renames.is_empty() && old.0.release == new.0.release;
    let verdict = match worst {
        Effect::Breaking => Verdict::Breaking,
        Effect::Addition => Verdict::Addition,
        Effect::None if same => Verdict::None,
        Effect::None => Verdict::Patch,
    };
    Diff {
        old_release: old.0.release.clone(),
        new_release: new.0.release.clone(),
        verdict,
        version,
        next_version: version.after(verdict),
        unexplained_renames: renames.iter().filter(|r| r.because.is_none()).count(),
        hints: hints(old.0, new.0),
        renames,
        changes,
    }
}

/// Kinds of facts that the later document has hardly any of, or none: that speaks of the document rather than of the API. And
/// whether it is the later one at all.
fn hints(old: &Api, new: &Api) -> Vec<String> {
    let filters = |api: &Api| -> usize {
        let lists = api
            .operations
            .iter()
            .filter_map(|operation| operation.answer.list());
        lists.map(|list| list.filters.len()).sum()
    };
    let grants = |api: &Api| api.operations.iter().filter(|o| o.grant.is_some()).count();
    let scopes = |api: &Api| {
        api.operations
            .iter()
            .filter(|o| !o.scopes.is_empty())
            .count()
    };
    let kinds = [
        (
            filters(old),
            filters(new),
            "fields that lists can be filtered by",
        ),
        (grants(old), grants(new), "operations with grants"),
        (scopes(old), scopes(new), "operations with scopes"),
    ];
    let lost = kinds.iter().filter(|(before, now, _)| now * 2 < *before);
    let mut hints: Vec<String> = lost
        .map(|(before, now, what)| {
            format!("the earlier document has {before} {what}, the later one {now}: it may have lost them, and not the API")
        })
        .collect();
    if is_earlier(&new.release, &old.release) {
        let (new, old) = (&new.release, &old.release);
        hints.push(format!(
            "release {new} came before release {old}, going by their numbers"
        ));
    }
    hints
}

/// Whether a release came before another, where both are numbers with dots between.
fn is_earlier(one: &str, other: &str) -> bool {
    let numbers = |release: &str| -> Option<Vec<u64>> {
        let parts = release.split('.').map(|part| part.parse().ok());
        parts.collect()
    };
    let both = numbers(one).zip(numbers(other));
    both.is_some_and(|(one, other)| one < other)
}

/// A model with its names.
#[derive(Clone, Copy)]
struct Side<'a> {
    api: &'a Api,
    names: &'a Names,
    domains: &'a Domains,
}

/// The way through both models.
struct Walk<'a> {
    old: Side<'a>,
    new: Side<'a>,
    differences: Differences,
    changes: Vec<Change>,
}

impl Walk<'_> {
    /// Notes a change. What it does to programs is what became of these items.
    fn note(&mut self, mut change: Change, items: &[&str]) {
        change.code = self.differences.claim(items);
        let effects = change.code.iter().map(|item| item.effect);
        change.rust = effects.max().unwrap_or_default();
        self.changes.push(change);
    }

    /// Where the API is. Clients go where their configuration says, and nothing of the crate follows the document in this.
    fn server(&mut self) {
        let (old, new) = (&self.old.api.server, &self.new.api.server);
        if old == new || old.is_empty() || new.is_empty() {
            return;
        }
        let change = Change {
            item: "the address of the API".to_owned(),
            what: format!("is `{new}`, was `{old}`"),
            place: "/servers".to_owned(),
            old: Some("/servers/0/url".to_owned()),
            new: Some("/servers/0/url".to_owned()),
            wire: Effect::Breaking,
            ..Change::of(Subject::Server, Became::Changed)
        };
        self.note(change, &[]);
    }

    /// The same, of these items and everything in them.
    fn note_below(&mut self, change: Change, items: &[&str]) {
        let all = self.differences.below(items);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        self.note(change, &all);
    }
}
