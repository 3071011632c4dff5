//! `corrections`: which fields are always there, by what recorded answers show (`presence`); which entries still matter (`check`); and
//! what recorded answers show besides (`propose`).
//!
//! The rule about presence is `linode_spec::correct`'s. What it derives is proposed on the model before any correction; entries that a person
//! wrote, which give another reason, stay as they are and go before.
//!
//! ```
//! use xtask::corrections::{Arguments, run};
//! use xtask::workspace::Workspace;
//!
//! let arguments = Arguments { samples: Some("no/such/folder".into()), write: false };
//! assert!(run(&Workspace::here(), &arguments).is_err_and(|failure| failure.to_string().contains("presence.tsv")));
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use linode_spec::correct::{Corrections, Deviations, Evidence, Presence};
use linode_spec::name::Lock;

use crate::outcome::{Failure, Outcome};
use crate::pipeline::{Model, Source, understand};
use crate::workspace::{CORRECTIONS, SAMPLES, Workspace, given, read, write};

/// How often each field was in recorded answers.
const TABLE: &str = "presence.tsv";
/// Sample answers.
const ANSWERS: &str = "handmade.jsonl";
/// Recorded answers: read for their empty objects, which leave no row in the table.
const RECORDED: &str = "recorded.jsonl";

/// Where the samples are, and whether to write.
#[derive(Clone, Debug, Default, Args)]
pub struct Arguments {
    /// The folder with presence.tsv, handmade.jsonl and recorded.jsonl [default: ../shared/samples beside the project].
    #[arg(long, value_name = "DIR")]
    pub samples: Option<PathBuf>,
    /// Write spec/corrections.yaml.
    #[arg(long)]
    pub write: bool,
}

/// Runs it.
///
/// # Errors
///
/// [`Failure::Unreadable`] without samples, [`Failure::Sample`] for a line that is none.
///
/// ```
/// use xtask::{corrections, workspace::Workspace};
/// let elsewhere = Workspace::at("elsewhere");
/// assert!(corrections::run(&elsewhere, &corrections::Arguments::default()).is_err());
/// ```
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Outcome, Failure> {
    let samples = arguments
        .samples
        .clone()
        .unwrap_or_else(|| workspace.path(SAMPLES));
    let current = workspace.corrections()?;
    let source = workspace.pinned(true)?;
    let next = revised(&source, &workspace.lock()?, &current, &samples)?;
    let mut text = told(&current.presence, &next.presence);
    if arguments.write && next != current {
        write(&workspace.path(CORRECTIONS), next.render().as_bytes())?;
        text.push_str("written; next: cargo xtask generate\n");
    } else if next != current {
        text.push_str("nothing written; --write does\n");
    }
    Ok(Outcome::fine(text))
}

/// The corrections with those about presence as recorded answers show them for a document.
///
/// # Errors
///
/// [`Failure::Unreadable`] without samples, [`Failure::Sample`] for a line that is none, and what keeps the document from being used.
///
/// ```
/// use linode_spec::{correct::Corrections, name::Lock};
/// use xtask::{corrections::revised, workspace::Workspace};
/// let source = Workspace::here().pinned(false)?;
/// let without_samples = revised(&source, &Lock::default(), &Corrections::default(), "no/such/folder".as_ref());
/// assert!(without_samples.is_err());
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn revised(
    source: &Source,
    lock: &Lock,
    current: &Corrections,
    samples: &Path,
) -> Result<Corrections, Failure> {
    let model = understand(source, lock, &Corrections::default())?;
    let proposed = evidence(&model, samples)?.propose(&model.api, &model.names);
    Ok(Corrections {
        presence: beside_handwritten(&current.presence, proposed.presence),
        ..current.clone()
    })
}

/// Which document to check against.
#[derive(Clone, Debug, Default, Args)]
pub struct CheckArguments {
    /// Another document than the pinned one.
    #[arg(value_name = "DOCUMENT")]
    pub document: Option<PathBuf>,
}

/// Which samples to look at.
#[derive(Clone, Debug, Args)]
pub struct ProposeArguments {
    /// Recorded exchanges, one JSON object a line.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Propose only what was seen at least so often.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub least: u64,
}

/// `corrections check`: which entries still matter for a document. Where one does not, the exit code is 1.
///
/// # Errors
///
/// [`Failure`] if the document can't be used.
///
/// ```
/// use xtask::{corrections::{CheckArguments, check}, workspace::Workspace};
/// let outcome = check(&Workspace::here(), &CheckArguments::default())?;
/// assert_eq!(outcome.code, 0, "{}", outcome.text);
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn check(workspace: &Workspace, arguments: &CheckArguments) -> Result<Outcome, Failure> {
    let corrections = workspace.corrections()?;
    let source = match &arguments.document {
        Some(file) => given(file)?,
        None => workspace.pinned(false)?,
    };
    let model = understand(&source, &workspace.lock()?, &corrections)?;
    let fields: usize = corrections
        .presence
        .iter()
        .map(|entry| entry.fields.len())
        .sum();
    let idle: BTreeSet<&str> = model
        .idle
        .iter()
        .map(|unused| unused.entry.as_str())
        .collect();
    let mut text = String::new();
    for entry in corrections
        .entries()
        .iter()
        .filter(|entry| !idle.contains(entry.as_str()))
    {
        text.push_str(&format!("matters: {entry}\n"));
    }
    for unused in &model.idle {
        text.push_str(&format!("does nothing: {unused}\n"));
    }
    let all = fields + corrections.entries().len();
    text.push_str(&format!(
        "release {}: {} of {all} corrections matter, {} of them beside presence\n",
        model.api.release,
        all.saturating_sub(model.idle.len()),
        corrections
            .entries()
            .iter()
            .filter(|entry| !idle.contains(entry.as_str()))
            .count(),
    ));
    match model.idle.is_empty() {
        true => Ok(Outcome::fine(text)),
        false => Ok(Outcome::differs(text)),
    }
}

/// `corrections propose`: what recorded answers show otherwise than the corrected document says, as entries for a person to accept.
///
/// # Errors
///
/// [`Failure::Sample`] for a line that is no recorded answer.
///
/// ```
/// use xtask::{corrections::{ProposeArguments, propose}, workspace::Workspace};
/// let arguments = ProposeArguments { files: vec!["no such file".into()], least: 1 };
/// assert!(propose(&Workspace::here(), &arguments).is_err());
/// ```
pub fn propose(workspace: &Workspace, arguments: &ProposeArguments) -> Result<Outcome, Failure> {
    let current = workspace.corrections()?;
    let model = understand(&workspace.pinned(false)?, &workspace.lock()?, &current)?;
    let mut deviations = Deviations::default();
    for path in &arguments.files {
        let bytes = read(path, "name files of recorded exchanges")?;
        let text = String::from_utf8_lossy(&bytes);
        deviations
            .read_samples(&model.api, &text)
            .map_err(|source| Failure::Sample {
                path: path.clone(),
                source,
            })?;
    }
    let proposed = deviations.propose(&model.api, &model.names, arguments.least);
    let count = proposed.entries().len();
    if count == 0 {
        return Ok(Outcome::fine(
            "# nothing to propose: the corrected document says all that was seen\n".to_owned(),
        ));
    }
    let text = proposed.render_entries();
    Ok(Outcome::fine(format!(
        "# {count} proposals. Take over into {CORRECTIONS} what is right, each with a reason of its own.\n{text}"
    )))
}

fn evidence(model: &Model, samples: &Path) -> Result<Evidence, Failure> {
    let mut evidence = Evidence::default();
    let (path, text) = sample(samples, TABLE)?;
    evidence
        .read_table(&model.api, &text)
        .map_err(|source| Failure::Sample { path, source })?;
    let (path, text) = sample(samples, ANSWERS)?;
    evidence
        .read_samples(&model.api, &text)
        .map_err(|source| Failure::Sample { path, source })?;
    let (path, text) = sample(samples, RECORDED)?;
    evidence
        .read_empty_objects(&model.api, &text)
        .map_err(|source| Failure::Sample { path, source })?;
    Ok(evidence)
}

fn sample(folder: &Path, name: &str) -> Result<(PathBuf, String), Failure> {
    let path = folder.join(name);
    let bytes = read(&path, "name the folder of the samples with --samples DIR")?;
    Ok((path, String::from_utf8_lossy(&bytes).into_owned()))
}

/// Keeps the entries whose reason is another one than that of derived entries, and leaves their fields to them.
fn beside_handwritten(current: &[Presence], proposed: Vec<Presence>) -> Vec<Presence> {
    let derived: BTreeSet<&str> = proposed.iter().map(|entry| entry.reason.as_str()).collect();
    let mut next: Vec<Presence> = current
        .iter()
        .filter(|entry| !derived.contains(entry.reason.as_str()))
        .cloned()
        .collect();
    let said: BTreeSet<(String, String)> = pairs(&next).into_keys().collect();
    for mut entry in proposed {
        entry
            .fields
            .retain(|field, _| !said.contains(&(entry.type_name.clone(), field.clone())));
        if !entry.fields.is_empty() {
            next.push(entry);
        }
    }
    next.sort_by(|a, b| a.type_name.cmp(&b.type_name));
    next
}

/// Type and field → in how many objects it was seen.
fn pairs(entries: &[Presence]) -> BTreeMap<(String, String), u64> {
    let fields = entries
        .iter()
        .flat_map(|entry| entry.fields.iter().map(move |field| (entry, field)));
    fields
        .map(|(entry, (field, seen))| ((entry.type_name.clone(), field.clone()), *seen))
        .collect()
}

/// What is added, removed and seen in another number: a line for each field.
///
/// ```
/// assert!(xtask::corrections::changes(&[], &[]).is_empty());
/// ```
pub fn changes(current: &[Presence], next: &[Presence]) -> Vec<String> {
    let (before, after) = (pairs(current), pairs(next));
    let added = after.iter().filter(|(pair, _)| !before.contains_key(*pair));
    let removed = before.iter().filter(|(pair, _)| !after.contains_key(*pair));
    let changed = after.iter().filter_map(|(pair, seen)| {
        Some((pair, before.get(pair).filter(|was| *was != seen)?, seen))
    });
    let mut lines = Vec::new();
    lines.extend(added.map(|((ty, field), seen)| format!("+ {ty}.{field} (in {seen} objects)")));
    lines.extend(removed.map(|((ty, field), _)| format!("- {ty}.{field}")));
    lines.extend(changed.map(|((ty, field), was, seen)| {
        format!("~ {ty}.{field} (in {seen} objects; it was {was})")
    }));
    lines
}

/// The changes, and a line about all of it.
fn told(current: &[Presence], next: &[Presence]) -> String {
    let mut lines = changes(current, next);
    let types = next
        .iter()
        .map(|entry| &entry.type_name)
        .collect::<BTreeSet<_>>()
        .len();
    let total = format!(
        "{} fields of {types} types are always there; {} changes",
        pairs(next).len(),
        lines.len()
    );
    lines.push(total);
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(ty: &str, fields: &[(&str, u64)], reason: &str) -> Presence {
        Presence {
            type_name: ty.to_owned(),
            fields: fields
                .iter()
                .map(|(field, seen)| ((*field).to_owned(), *seen))
                .collect(),
            seen_in: vec!["GET /a".to_owned()],
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn what_a_person_wrote_stays_and_goes_before() {
        let current = [
            entry("Image", &[("id", 1)], "documented elsewhere"),
            entry("Tag", &[("old", 9)], "seen"),
        ];
        let next = beside_handwritten(
            &current,
            vec![entry("Image", &[("id", 7), ("label", 7)], "seen")],
        );
        assert_eq!(
            next,
            [
                entry("Image", &[("id", 1)], "documented elsewhere"),
                entry("Image", &[("label", 7)], "seen")
            ]
        );
    }

    #[test]
    fn every_change_has_its_line() {
        let told = told(
            &[entry("A", &[("gone", 3), ("more", 3)], "")],
            &[entry("A", &[("more", 4), ("new", 5)], "")],
        );
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[0], "+ A.new (in 5 objects)");
        assert_eq!(lines[1], "- A.gone");
        assert_eq!(lines[2], "~ A.more (in 4 objects; it was 3)");
        assert_eq!(lines[3], "2 fields of 1 types are always there; 3 changes");
    }

    #[test]
    fn nothing_changed_is_one_line() {
        assert_eq!(
            told(&[], &[]),
            "0 fields of 0 types are always there; 0 changes\n"
        );
    }
}
