//! Everything that a release changes, before anything is changed.

use linode_codegen::surface::surface;
use linode_codegen::{Files, Options, full_version};
use linode_spec::api::Api;
use linode_spec::carry::Carried;
use linode_spec::correct::Corrections;
use linode_spec::diff::{Diff, Version};
use linode_spec::normalise::normalise;
use linode_spec::pin::pin;

use super::{Arguments, changelog};
use crate::along::along;
use crate::corrections;
use crate::diff::{compare, compare_corrected};
use crate::generate::entries;
use crate::markers::{kept_on, lost_most};
use crate::outcome::Failure;
use crate::pipeline::{Model, Source};
use crate::switch::Changes;
use crate::tree::Tree;
use crate::workspace::{
    ACCEPTED, CARGO_LOCK, CARRIED, CHANGELOG, CORE, CORRECTIONS, DOCUMENT, GENERATED, LOCK,
    MANIFEST, SAMPLES, SURFACE, VERSION, Workspace, given,
};

/// A release, decided.
pub struct Plan {
    /// What changed since what was pinned.
    pub diff: Diff,
    /// The version that the crate gets.
    pub version: Version,
    /// Markers that the new document lost and that are kept.
    pub carried: Carried,
    /// Filters that the new document has no place for.
    pub homeless: Vec<String>,
    /// Defects that are accepted from now on, and entries about defects that are gone.
    pub accepted: Vec<String>,
    pub put_right: Vec<String>,
    /// Corrections that have nothing to correct any longer.
    pub dropped: Vec<String>,
    /// What recorded answers show of the new document's fields, and did not of the old one's.
    pub presence: Vec<String>,
    /// Where there are no recorded answers: how many types keep what was shown before.
    pub presence_as_before: usize,
    /// Names that the lock gains.
    pub names_added: usize,
    /// The entry of the changelog.
    pub entry: String,
    /// Every file that changes.
    pub changes: Changes,
}

/// Decides a release.
///
/// # Errors
///
/// [`Failure::MarkersLost`] for a document without markers, if the pinned one has some and nothing is said about them; otherwise what
/// keeps a document from being pinned and generated from.
pub fn plan(workspace: &Workspace, arguments: &Arguments) -> Result<Plan, Failure> {
    let original = given(&arguments.original)?;
    let pinned = pin(&original.file, &original.bytes)?;
    let old = workspace.pinned(false)?;
    let mut new = Source {
        file: DOCUMENT.to_owned(),
        bytes: pinned.yaml,
        ..original
    };

    let first = compare(workspace, &old, &new)?;
    let release = first.new.document.release.clone();
    new.accepted = {
        let reason = format!("release {release} has it");
        old.accepted
            .revised(&first.new.document.diagnostics, &reason)
    };
    new.strict = true;
    let bare = normalise(&first.new.document);
    new.carried = carried(&first.old, &bare, &old.carried, arguments)?;

    let corrections = workspace.corrections()?;
    let revised = revised(workspace, &first.old, &new, &corrections, arguments)?;
    let shown = revised.as_ref().unwrap_or(&corrections);
    let mut compared = compare_corrected(workspace, &old, &new, shown)?;
    let diff = compared.diff;
    let version = diff.next_version;
    let lock = workspace.lock()?;
    let mut locked = lock.clone();
    locked.extend(compared.new.lock.clone());
    let entry = changelog::entry(&diff, version, &new.carried, arguments.date.as_deref());

    let mut files = Changes::new();
    let mut put = |path: &str, text: Vec<u8>| files.insert(path.to_owned(), Some(text));
    put(MANIFEST, pinned.manifest.to_toml().into_bytes());
    put(VERSION, format!("{version}\n").into_bytes());
    put(LOCK, locked.render().into_bytes());
    if new.accepted != old.accepted {
        put(ACCEPTED, new.accepted.render().into_bytes());
    }
    let idle = std::mem::take(&mut compared.new.idle);
    let corrected = shown.without(&idle);
    if corrected != corrections {
        put(CORRECTIONS, corrected.render().into_bytes());
    }
    // What is pinned already was released already.
    if new.bytes != old.bytes {
        let known = workspace.optional(CHANGELOG)?;
        put(
            CHANGELOG,
            changelog::with_entry(&known, &entry).into_bytes(),
        );
    }
    let full = full_version(&version.to_string(), &release);
    if let Some(text) = with_version(&workspace.optional(CARGO_LOCK)?, &full) {
        put(CARGO_LOCK, text.into_bytes());
    }
    let carries = !new.carried.is_empty();
    files.insert(
        CARRIED.to_owned(),
        carries.then(|| new.carried.render().into_bytes()),
    );
    crate_files(workspace, &mut compared.new, &new, version, &mut files)?;
    files.insert(DOCUMENT.to_owned(), Some(new.bytes));

    Ok(Plan {
        homeless: Carried::homeless(&compared.old.api, &compared.new.api),
        accepted: new.accepted.beyond(&old.accepted),
        put_right: old.accepted.beyond(&new.accepted),
        dropped: idle.iter().map(ToString::to_string).collect(),
        presence_as_before: match revised {
            Some(_) => 0,
            None => corrected.presence.len(),
        },
        presence: corrections::changes(&corrections.presence, &shown.presence),
        names_added: entries(&locked) - entries(&lock),
        carried: new.carried,
        changes: only_changes(workspace, files),
        diff,
        version,
        entry,
    })
}

/// The markers that are kept: what was decided once holds as long as the document has none.
fn carried(
    old: &Model,
    new: &Api,
    before: &Carried,
    arguments: &Arguments,
) -> Result<Carried, Failure> {
    if arguments.drop_markers {
        return Ok(Carried::default());
    }
    if let Some(kept) = kept_on(old, new, before) {
        return Ok(kept);
    }
    if arguments.carry_markers {
        let reason = format!(
            "release {} has lost them, and the API goes on as before; kept from release {} by --carry-markers",
            new.release, old.document.release
        );
        return Ok(Carried::between(&old.api, new, &reason));
    }
    if lost_most(old, new) {
        let lost = Carried::between(&old.api, new, "");
        return Err(Failure::MarkersLost {
            release: new.release.clone(),
            filters: lost.filter_count(),
            lists: lost.filters.len(),
            grants: lost.grants.len(),
        });
    }
    Ok(Carried::default())
}

/// The corrections with what recorded answers show of the fields of the new document; nothing, where there are no samples.
fn revised(
    workspace: &Workspace,
    old: &Model,
    new: &Source,
    corrections: &Corrections,
    arguments: &Arguments,
) -> Result<Option<Corrections>, Failure> {
    let beside = workspace.path(SAMPLES);
    let samples = match &arguments.samples {
        Some(folder) => folder,
        None if beside.is_dir() => &beside,
        None => return Ok(None),
    };
    let mut lock = workspace.lock()?;
    lock.extend(old.lock.clone());
    corrections::revised(new, &lock, corrections, samples).map(Some)
}

/// The files of the crate, those that go along with it, and those of the last one that it has no longer.
fn crate_files(
    workspace: &Workspace,
    model: &mut Model,
    source: &Source,
    version: Version,
    files: &mut Changes,
) -> Result<(), Failure> {
    let generated = model.files(&Options {
        version: version.to_string(),
        ..Options::new(format!("../{CORE}"))
    })?;
    let folder = workspace.path(GENERATED);
    let tree = Tree::read(&folder)?;
    let plan = tree
        .plan(&generated)
        .map_err(|files| Failure::Unowned { folder, files })?;
    files.insert(SURFACE.to_owned(), snapshot(workspace, &generated)?);
    for (path, text) in along(workspace, &source.bytes, model, &generated)? {
        files.insert(path.to_owned(), Some(text.into_bytes()));
    }
    for (path, text) in plan.write {
        files.insert(format!("{GENERATED}/{path}"), Some(text.into()));
    }
    for path in plan.remove {
        files.insert(format!("{GENERATED}/{path}"), None);
    }
    Ok(())
}

/// The snapshot of the public surface, below its head as it is; nothing, where the project has none.
fn snapshot(workspace: &Workspace, files: &Files) -> Result<Option<Vec<u8>>, Failure> {
    let known = workspace.optional(SURFACE)?;
    let Some((head, _)) = known.split_once("\n---\n") else {
        return Ok(None);
    };
    let lines = surface(files)?.join("\n");
    Ok(Some(format!("{head}\n---\n{lines}\n").into_bytes()))
}

/// What is not so already.
fn only_changes(workspace: &Workspace, mut files: Changes) -> Changes {
    files.retain(|path, wanted| std::fs::read(workspace.path(path)).ok() != *wanted);
    files
}

/// `Cargo.lock` with the version of the crate, as cargo would write it itself; nothing, where it does not have the crate.
fn with_version(lock: &str, version: &str) -> Option<String> {
    const HEAD: &str = "name = \"linode-sdk\"\nversion = \"";
    let start = lock.find(HEAD)? + HEAD.len();
    let end = start + lock[start..].find('"')?;
    Some(format!("{}{version}{}", &lock[..start], &lock[end..]))
}

#[cfg(test)]
mod tests {
    use super::with_version;

    #[test]
    fn the_lock_file_gets_the_version_of_the_crate_alone() {
        let lock = "[[package]]\nname = \"linode-core\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"linode-sdk\"\nversion = \"0.1.0+1.2.3\"\n";
        let changed = with_version(lock, "0.2.0+1.3.0").expect("the crate is in it");
        assert_eq!(changed, lock.replace("0.1.0+1.2.3", "0.2.0+1.3.0"));
        assert_eq!(with_version("[[package]]\n", "0.2.0"), None);
    }
}
