//! Where the crate goes, and how it finds `linode-core` from there.

use std::env;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use super::Arguments;
use crate::outcome::Failure;
use crate::workspace::{CORE, GENERATED, Workspace};

/// Where the crate goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder.
    pub folder: PathBuf,
    /// What messages call it.
    pub name: String,
    /// `linode-core` from the folder, with `/`.
    pub core: String,
    /// Whether it is the project's own.
    pub own: bool,
}

/// The place that the arguments ask for.
///
/// # Errors
///
/// [`Failure::Usage`] for options that don't go together.
pub fn place(workspace: &Workspace, arguments: &Arguments) -> Result<Place, Failure> {
    let own = workspace.path(GENERATED);
    match &arguments.out {
        Some(out) => elsewhere(workspace, out),
        None if arguments.spec.is_none() || arguments.check => Ok(Place {
            folder: own,
            name: format!("{GENERATED}/"),
            core: format!("../{CORE}"),
            own: true,
        }),
        None => Err(Failure::Usage(format!(
            "--spec needs --out DIR (or --check): {GENERATED}/ is written from the pinned document alone"
        ))),
    }
}

/// A place outside of the project's own crate.
///
/// # Errors
///
/// [`Failure::Usage`] for one inside.
pub fn elsewhere(workspace: &Workspace, out: &Path) -> Result<Place, Failure> {
    let (folder, own, core) = (
        resolved(out)?,
        resolved(&workspace.path(GENERATED))?,
        resolved(&workspace.path(CORE))?,
    );
    if folder.starts_with(&own) {
        return Err(Failure::Usage(format!(
            "--out {} is the project's own crate: leave --out away, or name a folder outside of {GENERATED}/",
            out.display()
        )));
    }
    let core = relative(&folder, &core).unwrap_or(core);
    let core = core.to_string_lossy().replace('\\', "/");
    Ok(Place {
        folder,
        name: out.display().to_string(),
        core,
        own: false,
    })
}

/// The path from the root, without links, `.` and `..`; what is not there yet comes as it is written.
fn resolved(path: &Path) -> Result<PathBuf, Failure> {
    let unreadable = |source| Failure::Unreadable {
        path: path.to_owned(),
        source,
        advice: "name a folder that can be made",
    };
    let here = env::current_dir().map_err(unreadable)?;
    let mut existing = here.join(path);
    let mut missing: Vec<OsString> = Vec::new();
    let mut real = loop {
        if let Ok(real) = existing.canonicalize() {
            break real;
        }
        // A path that ends in `..` has no file name: its last component is what is missing.
        let Some(last) = existing
            .components()
            .next_back()
            .map(|last| last.as_os_str().to_owned())
        else {
            break existing;
        };
        missing.push(last);
        if !existing.pop() {
            break existing;
        }
    };
    for part in missing.into_iter().rev() {
        if part == ".." {
            real.pop();
        } else {
            real.push(part);
        }
    }
    Ok(real)
}

/// The way from one folder to another; none where they share nothing but the root of the file system.
fn relative(from: &Path, to: &Path) -> Option<PathBuf> {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let names_shared = from
        .components()
        .take(shared)
        .any(|part| matches!(part, Component::Normal(_)));
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    names_shared.then(|| up.chain(to.components().skip(shared)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_goes_up_and_down() {
        let way = relative(
            "/projects/other/deep".as_ref(),
            "/projects/main/crates/core".as_ref(),
        );
        assert_eq!(way, Some("../../main/crates/core".into()));
    }

    #[test]
    fn without_anything_shared_there_is_no_way() {
        assert_eq!(relative("/a/b".as_ref(), "/c/d".as_ref()), None);
    }

    #[test]
    fn what_is_missing_is_taken_as_written() {
        let here = env::current_dir().unwrap().canonicalize().unwrap();
        assert_eq!(
            resolved("no/such/../folder".as_ref()).unwrap(),
            here.join("no/folder")
        );
        assert_eq!(resolved("src/..".as_ref()).unwrap(), here);
    }

    #[test]
    fn a_document_of_the_users_does_not_go_into_the_own_crate() {
        let workspace = Workspace::here();
        let asked = |out: Option<PathBuf>| {
            place(
                &workspace,
                &Arguments {
                    spec: Some("a.yaml".into()),
                    out,
                    ..Arguments::default()
                },
            )
        };
        assert!(matches!(asked(None), Err(Failure::Usage(_))));
        assert!(matches!(
            asked(Some(workspace.path("generated/src/types"))),
            Err(Failure::Usage(_))
        ));
        assert_eq!(
            asked(Some(workspace.path("target/other"))).unwrap().core,
            "../../crates/core"
        );
    }
}
