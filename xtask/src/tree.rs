//! A folder of generated files: read, compared with what should be there, brought up to date.
//!
//! ```
//! use linode_codegen::Files;
//! use xtask::tree::{Difference, Tree};
//!
//! let tree = Tree::from([("src/old.rs", "// @generated\n")]);
//! let files = Files::from([("src/new.rs".to_owned(), "// @generated\n".to_owned())]);
//! assert_eq!(tree.compare(&files), [Difference::Missing("src/new.rs".into()), Difference::Extra("src/old.rs".into())]);
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use linode_codegen::Files;

use crate::outcome::Failure;
use crate::unified::unified;
use crate::workspace::place;

/// The mark in the first line of every file that the generator wrote.
const MARK: &str = "@generated";
/// What cargo puts into the folder.
const CARGOS: [&str; 2] = ["Cargo.lock", "target"];

/// The files of a folder: path from it, with `/`, → bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, Vec<u8>>,
}

/// One file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It should be there.
    Missing(String),
    /// It should not be there.
    Extra(String),
    /// It should read otherwise.
    Changed {
        /// The file.
        path: String,
        /// How, as a unified diff.
        diff: String,
    },
}

/// What has to be done so that a folder holds what it should.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan<'a> {
    /// Files to write: path → text.
    pub write: Vec<(&'a str, &'a str)>,
    /// Files to remove.
    pub remove: Vec<&'a str>,
    /// How many files are right already.
    pub unchanged: usize,
}

impl<const N: usize> From<[(&str, &str); N]> for Tree {
    fn from(files: [(&str, &str); N]) -> Self {
        Self {
            files: files
                .into_iter()
                .map(|(path, text)| (path.to_owned(), text.into()))
                .collect(),
        }
    }
}

impl Tree {
    /// Reads a folder; one that is not there is empty. What cargo puts there doesn't count.
    ///
    /// # Errors
    ///
    /// [`Failure::Unreadable`] if it is no folder or something in it can't be read.
    ///
    /// ```
    /// use xtask::tree::Tree;
    /// assert_eq!(Tree::read("no/such/folder".as_ref())?, Tree::default());
    /// # Ok::<(), xtask::outcome::Failure>(())
    /// ```
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        let mut tree = Self::default();
        if folder.try_exists().map_err(unreadable(folder))? {
            tree.add(folder, "")?;
        }
        Ok(tree)
    }

    fn add(&mut self, folder: &Path, below: &str) -> Result<(), Failure> {
        for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
            let entry = entry.map_err(unreadable(folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if below.is_empty() && CARGOS.contains(&name.as_str()) {
                continue;
            }
            let path = entry.path();
            let kind = entry.file_type().map_err(unreadable(&path))?;
            if kind.is_dir() {
                self.add(&path, &format!("{below}{name}/"))?;
                continue;
            }
            // A link or a device is nobody's generated file: it stands for itself, without content.
            let bytes = if kind.is_file() {
                fs::read(&path).map_err(unreadable(&path))?
            } else {
                Vec::new()
            };
            self.files.insert(format!("{below}{name}"), bytes);
        }
        Ok(())
    }

    /// Every file that is missing, changed, or there without being wanted.
    ///
    /// ```
    /// use linode_codegen::Files;
    /// use xtask::tree::{Difference, Tree};
    /// let files = Files::from([("a".to_owned(), "new\n".to_owned())]);
    /// assert!(matches!(Tree::from([("a", "old\n")]).compare(&files)[0], Difference::Changed { .. }));
    /// assert!(Tree::from([("a", "new\n")]).compare(&files).is_empty());
    /// ```
    pub fn compare(&self, files: &Files) -> Vec<Difference> {
        let wanted = files
            .iter()
            .filter_map(|(path, text)| match self.files.get(path) {
                None => Some(Difference::Missing(path.clone())),
                Some(found) if found == text.as_bytes() => None,
                Some(found) => {
                    let diff = unified(path, &String::from_utf8_lossy(found), text);
                    Some(Difference::Changed {
                        path: path.clone(),
                        diff,
                    })
                }
            });
        let extra = self.files.keys().filter(|path| !files.contains_key(*path));
        wanted
            .chain(extra.cloned().map(Difference::Extra))
            .collect()
    }

    /// What has to be written and removed.
    ///
    /// # Errors
    ///
    /// The files that the generator did not write: it neither replaces nor removes them.
    ///
    /// ```
    /// use linode_codegen::Files;
    /// use xtask::tree::Tree;
    /// assert_eq!(Tree::from([("notes.txt", "mine")]).plan(&Files::new()), Err(vec!["notes.txt".to_owned()]));
    /// assert_eq!(Tree::from([("a.rs", "// @generated\n")]).plan(&Files::new()).unwrap().remove, ["a.rs"]);
    /// ```
    pub fn plan<'a>(&'a self, files: &'a Files) -> Result<Plan<'a>, Vec<String>> {
        let unowned: Vec<String> = self
            .files
            .iter()
            .filter(|(_, bytes)| !owned(bytes))
            .map(|(path, _)| path.clone())
            .collect();
        if !unowned.is_empty() {
            return Err(unowned);
        }
        let stale = files.iter().filter(|(path, text)| {
            self.files.get(*path).map(Vec::as_slice) != Some(text.as_bytes())
        });
        let write: Vec<(&str, &str)> = stale
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let remove = self
            .files
            .keys()
            .filter(|path| !files.contains_key(*path))
            .map(String::as_str)
            .collect();
        let unchanged = files.len() - write.len();
        Ok(Plan {
            write,
            remove,
            unchanged,
        })
    }
}

impl Plan<'_> {
    /// Does it.
    ///
    /// # Errors
    ///
    /// [`Failure::Unwritable`] at the first file that can't be written or removed.
    ///
    /// ```
    /// use xtask::tree::Plan;
    /// let plan = Plan { remove: vec!["no/such/file"], ..Plan::default() };
    /// assert!(plan.carry_out("no/such/folder".as_ref()).is_err());
    /// ```
    pub fn carry_out(&self, folder: &Path) -> Result<(), Failure> {
        // Removing comes first: a folder `a` may give way to a file `a`.
        for path in &self.remove {
            let file = folder.join(path);
            fs::remove_file(&file).map_err(|source| Failure::Unwritable {
                path: file.clone(),
                source,
            })?;
            remove_empty_parents(folder, &file);
        }
        for (path, text) in &self.write {
            place(&folder.join(path), text.as_bytes())?;
        }
        Ok(())
    }
}

/// Folders that nothing is left in; one that is not empty stays, and ends it.
fn remove_empty_parents(folder: &Path, file: &Path) {
    let inside = file
        .ancestors()
        .skip(1)
        .take_while(|parent| *parent != folder);
    for parent in inside {
        if fs::remove_dir(parent).is_err() {
            return;
        }
    }
}

/// Whether the generator wrote it: its first line says so.
fn owned(bytes: &[u8]) -> bool {
    let first = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    String::from_utf8_lossy(first).contains(MARK)
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |source| Failure::Unreadable {
        path: path.to_owned(),
        source,
        advice: "it has to be a folder of readable files",
    }
}
