//! Many files changed as one: an interruption leaves all of them as they were, or all of them as they should be.
//!
//! What is new is written beside the files first. Then a journal says what goes where: with it, and not before, the change is decided.
//! Renaming the files into place takes a moment; if it is interrupted there, the next command of this tool finishes it.
//!
//! ```
//! use xtask::switch::{Changes, finish, switch};
//!
//! let root = std::env::temp_dir().join(format!("xtask-switch-{}", std::process::id()));
//! std::fs::create_dir_all(&root).unwrap();
//! let changes = Changes::from([("a/b.txt".to_owned(), Some(b"new".to_vec())), ("old.txt".to_owned(), None)]);
//! switch(&root, &changes)?;
//! assert_eq!(std::fs::read(root.join("a/b.txt")).unwrap(), b"new");
//! assert!(!finish(&root)?, "nothing is left to do");
//! # std::fs::remove_dir_all(&root).unwrap();
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use linode_spec::pin::sha256;
use serde::{Deserialize, Serialize};

use crate::outcome::Failure;

/// Path from the root, with `/` → what the file should hold; nothing, if it should not be there.
pub type Changes = BTreeMap<String, Option<Vec<u8>>>;

/// Where a change is prepared, from the root.
const FOLDER: &str = ".release";
/// Held while files are prepared or put into place, so that no two commands do so at once.
const LOCK: &str = ".release.lock";
/// What decides it.
const JOURNAL: &str = "journal.json";

/// One file of the change.
#[derive(Debug, Serialize, Deserialize)]
struct Move {
    /// Where it belongs, from the root.
    path: String,
    /// The file that was written for it; nothing, if it goes.
    staged: Option<String>,
    /// The digest of what was written.
    digest: Option<String>,
}

/// Called before each thing that is done to the disk. A test stops the work here, as pulling the plug would.
type Step<'s> = &'s mut dyn FnMut(&Path) -> io::Result<()>;

/// Makes the change.
///
/// # Errors
///
/// [`Failure::Unwritable`] with the place. As long as nothing is decided, nothing has changed; after that, [`finish`] goes on.
///
/// ```
/// use xtask::switch::{Changes, switch};
/// assert!(switch("no/such\0folder".as_ref(), &Changes::from([("a".to_owned(), None)])).is_err());
/// ```
pub fn switch(root: &Path, changes: &Changes) -> Result<(), Failure> {
    let _held = hold(root)?;
    switch_in_steps(root, changes, &mut |_| Ok(()))
}

/// Waits until no other command is at it; holds as long as the file is open.
fn hold(root: &Path) -> Result<File, Failure> {
    let path = root.join(LOCK);
    let file = File::create(&path).and_then(|file| file.lock().map(|()| file));
    file.map_err(|source| Failure::Unwritable { path, source })
}

/// Finishes a change that was decided and interrupted, and clears away one that was not. Whether there was something to finish.
///
/// # Errors
///
/// [`Failure::Unwritable`] with the place; it can be called again. [`Failure::Interrupted`] if files of the change were changed since:
/// going on would mix what is old and what is new.
///
/// ```
/// assert!(!xtask::switch::finish("no/such/folder".as_ref())?);
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn finish(root: &Path) -> Result<bool, Failure> {
    if !root.join(FOLDER).exists() {
        return Ok(false);
    }
    let _held = hold(root)?;
    finish_in_steps(root, &mut |_| Ok(()))
}

fn switch_in_steps(root: &Path, changes: &Changes, step: Step<'_>) -> Result<(), Failure> {
    let folder = root.join(FOLDER);
    clear(&folder, step)?;
    if changes.is_empty() {
        return Ok(());
    }
    at(&folder, step, |folder| fs::create_dir_all(folder))?;
    let mut moves = Vec::new();
    for (index, (path, content)) in changes.iter().enumerate() {
        let staged = content.as_ref().map(|_| index.to_string());
        if let (Some(staged), Some(content)) = (&staged, content) {
            at(&folder.join(staged), step, |file| write(file, content))?;
        }
        moves.push(Move {
            path: path.clone(),
            staged,
            digest: content.as_ref().map(|content| sha256(content)),
        });
    }
    // Texts always have a JSON form.
    let journal = serde_json::to_vec(&moves).unwrap_or_default();
    let draft = folder.join("draft");
    at(&draft, step, |file| write(file, &journal))?;
    at(&folder.join(JOURNAL), step, |to| fs::rename(&draft, to))?;
    finish_in_steps(root, step)?;
    Ok(())
}

fn finish_in_steps(root: &Path, step: Step<'_>) -> Result<bool, Failure> {
    let folder = root.join(FOLDER);
    let journal = folder.join(JOURNAL);
    let Some(moves) = decided(&journal)? else {
        clear(&folder, step)?;
        return Ok(false);
    };
    if let Some(other) = moves.iter().find(|it| !it.can_go_on(root, &folder)) {
        return Err(Failure::Interrupted {
            path: other.path.clone(),
        });
    }
    // Removing comes first: a folder `a` may give way to a file `a`.
    for gone in moves.iter().filter(|it| it.staged.is_none()) {
        let file = root.join(&gone.path);
        at(&file, step, remove)?;
        remove_empty_parents(root, &file);
    }
    for (path, staged) in moves
        .iter()
        .filter_map(|it| Some((&it.path, it.staged.as_ref()?)))
    {
        let (from, to) = (folder.join(staged), root.join(path));
        if !from.exists() {
            continue;
        }
        if let Some(parent) = to.parent() {
            at(parent, step, |parent| fs::create_dir_all(parent))?;
        }
        at(&to, step, |to| fs::rename(&from, to))?;
    }
    at(&journal, step, |journal| fs::remove_file(journal))?;
    clear(&folder, step)?;
    Ok(true)
}

impl Move {
    /// Whether it is still to be made, or has been made and stands. Otherwise somebody has been at the files since.
    fn can_go_on(&self, root: &Path, folder: &Path) -> bool {
        let (Some(staged), Some(digest)) = (&self.staged, &self.digest) else {
            return true;
        };
        let made = || fs::read(root.join(&self.path)).is_ok_and(|bytes| sha256(&bytes) == *digest);
        folder.join(staged).exists() || made()
    }
}

/// The moves of a change that was decided.
fn decided(journal: &Path) -> Result<Option<Vec<Move>>, Failure> {
    let bytes = match fs::read(journal) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(Failure::Unreadable {
                path: journal.to_owned(),
                source,
                advice: "it says how to finish an interrupted release",
            });
        }
    };
    let moves = serde_json::from_slice(&bytes).map_err(|error| Failure::Malformed {
        file: format!("{FOLDER}/{JOURNAL}"),
        what: format!("{error}; remove the folder and take the files from version control"),
    })?;
    Ok(Some(moves))
}

fn clear(folder: &Path, step: Step<'_>) -> Result<(), Failure> {
    if !folder.exists() {
        return Ok(());
    }
    at(folder, step, |folder| fs::remove_dir_all(folder))
}

/// Writes a file so that it is on the disk, and not only on its way.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Removes a file; where there is none any longer, or a folder has come into its place, it is gone already.
fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_dir() => fs::remove_file(path),
        _ => Ok(()),
    }
}

/// Folders that nothing is left in; one that is not empty stays, and ends it.
fn remove_empty_parents(root: &Path, file: &Path) {
    let inside = file
        .ancestors()
        .skip(1)
        .take_while(|parent| *parent != root);
    for parent in inside {
        if fs::remove_dir(parent).is_err() {
            return;
        }
    }
}

fn at(
    path: &Path,
    step: Step<'_>,
    work: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<(), Failure> {
    let done = step(path).and_then(|()| work(path));
    done.map_err(|source| Failure::Unwritable {
        path: PathBuf::from(path),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    type Files = BTreeMap<String, Vec<u8>>;

    fn files(folder: &Path, below: &str, found: &mut Files) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if name == LOCK {
                continue;
            }
            match entry.path().is_dir() {
                true => files(&entry.path(), &format!("{name}/"), found),
                false => {
                    found.insert(name, fs::read(entry.path()).expect("a file"));
                }
            }
        }
    }

    fn of(root: &Path) -> Files {
        let mut found = Files::new();
        files(root, "", &mut found);
        found
    }

    /// A project with files that stay, change, go, and turn from a file into a folder and back.
    fn project() -> (TempDir, Changes) {
        let folder = TempDir::new().expect("a temporary folder");
        for (path, text) in [
            ("stays.txt", "as it was"),
            ("changes.txt", "old"),
            ("deep/down/goes.txt", "old"),
            ("was_a_file", "old"),
            ("was_a_folder/inside.txt", "old"),
        ] {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        }
        let new = |text: &str| Some(text.as_bytes().to_vec());
        let changes = Changes::from([
            ("changes.txt".to_owned(), new("new")),
            ("deep/down/goes.txt".to_owned(), None),
            ("brand/new.txt".to_owned(), new("new")),
            ("was_a_file".to_owned(), None),
            ("was_a_file/inside.txt".to_owned(), new("new")),
            ("was_a_folder/inside.txt".to_owned(), None),
            ("was_a_folder".to_owned(), new("new")),
        ]);
        (folder, changes)
    }

    /// A step that pulls the plug before the thing of this number is done.
    fn unplugged(after: usize) -> impl FnMut(&Path) -> io::Result<()> {
        let mut left = after;
        move |_| match left {
            0 => Err(io::Error::other("the plug was pulled")),
            _ => {
                left -= 1;
                Ok(())
            }
        }
    }

    fn expected() -> (Files, Files) {
        let (folder, changes) = project();
        let old = of(folder.path());
        switch(folder.path(), &changes).expect("a change");
        (old, of(folder.path()))
    }

    #[test]
    fn a_change_is_made_and_leaves_nothing_behind() {
        let (old, new) = expected();
        assert_ne!(old, new);
        let paths: Vec<&str> = new.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "brand/new.txt",
                "changes.txt",
                "stays.txt",
                "was_a_file/inside.txt",
                "was_a_folder"
            ]
        );
        assert_eq!(new["changes.txt"], b"new");
    }

    #[test]
    fn an_interruption_at_any_step_ends_in_the_old_state_or_the_new_one() {
        let (old, new) = expected();
        let (mut kept, mut changed) = (0, 0);
        for after in 0.. {
            let (folder, changes) = project();
            let done = switch_in_steps(folder.path(), &changes, &mut unplugged(after)).is_ok();
            let was_decided = finish(folder.path()).expect("what was interrupted can be finished");
            let found = of(folder.path());
            if found == old {
                assert!(!was_decided);
                kept += 1;
            } else {
                assert_eq!(found, new, "interrupted after {after} steps");
                changed += 1;
            }
            if done {
                break;
            }
        }
        assert!(kept > 5 && changed > 5, "{kept} kept, {changed} changed");
    }

    #[test]
    fn what_was_taken_back_since_is_not_mixed_with_what_is_new() {
        let (old, new) = expected();
        let mut refused = 0;
        for after in 0..40 {
            let (folder, changes) = project();
            let _ = switch_in_steps(folder.path(), &changes, &mut unplugged(after));
            let file = folder.path().join("changes.txt");
            let was_new = fs::read(&file).is_ok_and(|text| text == b"new");
            fs::write(&file, "old").expect("a file");
            let before = of(folder.path());
            match finish(folder.path()) {
                Err(Failure::Interrupted { path }) => {
                    assert_eq!(path, "changes.txt");
                    assert_eq!(of(folder.path()), before, "nothing is touched");
                    refused += 1;
                }
                Err(other) => panic!("{other}"),
                // A change that was made whole is no longer one to be finished.
                Ok(false) if was_new => {}
                Ok(_) => assert!([&old, &new].contains(&&of(folder.path()))),
            }
        }
        assert!(refused > 0);
    }

    #[test]
    fn finishing_can_be_interrupted_as_well() {
        let (old, new) = expected();
        for after in 0..40 {
            for again in 0..20 {
                let (folder, changes) = project();
                let _ = switch_in_steps(folder.path(), &changes, &mut unplugged(after));
                let _ = finish_in_steps(folder.path(), &mut unplugged(again));
                finish(folder.path()).expect("what was interrupted can be finished");
                let found = of(folder.path());
                assert!(
                    found == old || found == new,
                    "after {after} and {again} steps"
                );
            }
        }
    }
}
