//! `upstream`: whether a new release of the API has appeared, and a pull request for it. What a workflow does on a schedule.
//!
//! The document is fetched by `curl`, and the pull request made by `git` and `gh`: this tool speaks to no network itself.
//!
//! ```
//! use xtask::upstream::{Fetch, fetch};
//! use xtask::workspace::Workspace;
//! // Whatever curl can fetch: here, the pinned document itself.
//! let workspace = Workspace::here();
//! let root = std::fs::canonicalize(workspace.path("spec/linode.yaml")).unwrap();
//! let to = std::env::temp_dir().join(format!("upstream-{}.yaml", std::process::id()));
//! let arguments = Fetch { url: Some(format!("file://{}", root.display())), to: to.clone(), outputs: None };
//! if let Ok(outcome) = fetch(&workspace, &arguments) {
//!     assert!(outcome.text.contains("as pinned"), "{}", outcome.text);
//! }
//! # let _ = std::fs::remove_file(to);
//! ```

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, Subcommand};
use linode_spec::pin::{Manifest, pin};

use crate::outcome::{Failure, Outcome};
use crate::workspace::{MANIFEST, Workspace, given, make_parent};

/// Whose commits these are.
const AUTHOR: [&str; 4] = [
    "-c",
    "user.name=github-actions[bot]",
    "-c",
    "user.email=41898282+github-actions[bot]@users.noreply.github.com",
];

/// The two halves of the way.
#[derive(Clone, Debug, Subcommand)]
pub enum Upstream {
    /// Fetch the document that is published now, and tell whether it is another than the pinned one.
    Fetch(Fetch),
    /// Open a pull request with what a release has changed, or bring the one that is open up to date.
    Propose(Propose),
}

/// What to fetch, and where to.
#[derive(Clone, Debug, Args)]
pub struct Fetch {
    /// Where the document is published; by default, in the repository that spec/pin.toml names.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// A file that gets `new=true` or `new=false` and `release=…`, as later steps of a workflow read them.
    #[arg(long, value_name = "FILE", env = "GITHUB_OUTPUT")]
    pub outputs: Option<PathBuf>,
}

/// What to propose.
#[derive(Clone, Debug, Args)]
pub struct Propose {
    /// The text of the pull request: what `cargo xtask release --report` wrote.
    #[arg(long, value_name = "FILE")]
    pub report: PathBuf,
    /// Show what would be run.
    #[arg(long)]
    pub dry_run: bool,
}

/// Runs one of them.
///
/// # Errors
///
/// [`Failure`] if a program is missing or fails, or the document can't be used.
///
/// ```
/// use xtask::upstream::{Propose, Upstream, run};
/// use xtask::workspace::Workspace;
/// let propose = Propose { report: "report.md".into(), dry_run: true };
/// let shown = run(&Workspace::here(), &Upstream::Propose(propose))?;
/// assert!(shown.text.contains("git push"), "{}", shown.text);
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn run(workspace: &Workspace, upstream: &Upstream) -> Result<Outcome, Failure> {
    match upstream {
        Upstream::Fetch(arguments) => fetch(workspace, arguments),
        Upstream::Propose(arguments) => propose(workspace, arguments),
    }
}

/// Fetches the document. Whether it is new is told, and no failure.
///
/// # Errors
///
/// [`Failure::Program`] without `curl`, [`Failure::Failed`] if it gets nothing, [`Failure::Document`] for what is no OpenAPI document.
///
/// ```
/// use xtask::upstream::{Fetch, fetch};
/// use xtask::workspace::Workspace;
/// let to = std::env::temp_dir().join("nothing.yaml");
/// let nowhere = Fetch { url: Some("file:///no/such/file".into()), to, outputs: None };
/// assert!(fetch(&Workspace::here(), &nowhere).is_err());
/// ```
pub fn fetch(workspace: &Workspace, arguments: &Fetch) -> Result<Outcome, Failure> {
    let manifest = manifest(workspace)?;
    let Fetch { url, to, outputs } = arguments;
    let url = url.clone().unwrap_or_else(|| {
        let repository = &manifest.upstream.repository;
        format!("https://raw.githubusercontent.com/{repository}/HEAD/openapi.yaml")
    });
    make_parent(to)?;
    let file = to.to_string_lossy();
    let curl = [
        "--fail",
        "--silent",
        "--show-error",
        "--location",
        "--max-time",
        "300",
        "--retry",
        "3",
        "--output",
        &file,
        "--",
        &url,
    ];
    run_program(Path::new("."), "curl", &curl)?;
    let source = given(to)?;
    let fetched = pin(&source.file, &source.bytes)?.manifest;
    // The pinned document counts: prose that changed makes no release.
    let is_new = fetched.sha256.pinned != manifest.sha256.pinned;
    if let Some(outputs) = outputs {
        tell(outputs, is_new, &fetched.release)?;
    }
    let release = &fetched.release;
    Ok(Outcome::fine(match is_new {
        true => format!(
            "release {release} is not the pinned one ({}): {file}\nnext: cargo xtask release {file}\n",
            manifest.release
        ),
        false => format!("release {release}, as pinned\n"),
    }))
}

/// Adds the outputs of a step; a release is one word, whatever a document says.
fn tell(outputs: &Path, is_new: bool, release: &str) -> Result<(), Failure> {
    let word: String = release
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || ".-+".contains(*c))
        .collect();
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(outputs)
        .map_err(unwritable(outputs))?;
    let text = format!("new={is_new}\nrelease={word}\n");
    file.write_all(text.as_bytes()).map_err(unwritable(outputs))
}

fn unwritable(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    move |source| Failure::Unwritable {
        path: path.to_owned(),
        source,
    }
}

/// One program with its arguments.
type Step = (&'static str, Vec<String>);

fn propose(workspace: &Workspace, arguments: &Propose) -> Result<Outcome, Failure> {
    let release = manifest(workspace)?.release;
    let version = workspace.version()?.to_string();
    let branch = branch(&release);
    let report = arguments.report.to_string_lossy().into_owned();
    let title = format!("Release {release} of the API: linode-sdk {version}");
    let committed = committed(&branch, &title);
    let opened = strings(
        "gh",
        &[
            "pr",
            "create",
            "--head",
            &branch,
            "--title",
            &title,
            "--body-file",
            &report,
        ],
    );
    let edited = strings(
        "gh",
        &[
            "pr",
            "edit",
            &branch,
            "--title",
            &title,
            "--body-file",
            &report,
        ],
    );
    if arguments.dry_run {
        let shown = committed.iter().chain([&opened]).map(shown);
        return Ok(Outcome::fine(shown.collect::<String>()));
    }
    let root = workspace.path("");
    if let Some(person) = someone_else(&root, &branch)? {
        return Ok(Outcome::fine(format!(
            "{branch} has commits of {person}, and is left as it is; delete it to have it proposed anew\n"
        )));
    }
    for (program, arguments) in &committed {
        run_step(&root, program, arguments)?;
    }
    let known = [
        "pr", "list", "--head", &branch, "--json", "number", "--jq", "length",
    ];
    let known = run_program(&root, "gh", &known)?;
    let (program, arguments) = if known.trim() == "0" { opened } else { edited };
    let said = run_step(&root, program, &arguments)?;
    Ok(Outcome::fine(said))
}

/// The branch of a release.
fn branch(release: &str) -> String {
    let word = release.chars().map(|c| {
        if c.is_ascii_alphanumeric() || c == '.' {
            c
        } else {
            '-'
        }
    });
    format!("upstream/{}", word.collect::<String>())
}

/// Who else has worked on the branch of a release, as it was pushed.
fn someone_else(root: &Path, branch: &str) -> Result<Option<String>, Failure> {
    let there = run_program(root, "git", &["ls-remote", "--heads", "origin", branch])?;
    if there.trim().is_empty() {
        return Ok(None);
    }
    run_program(root, "git", &["fetch", "--quiet", "origin", branch])?;
    let last = ["log", "-1", "--format=%ae", "FETCH_HEAD"];
    let last = run_program(root, "git", &last)?.trim().to_owned();
    let own = AUTHOR
        .iter()
        .any(|part| part.ends_with(&format!("={last}")));
    Ok((!own).then_some(last))
}

/// Everything that changed, as one commit on a branch of its own.
fn committed(branch: &str, title: &str) -> Vec<Step> {
    let commit = [&AUTHOR[..], &["commit", "--message", title]].concat();
    vec![
        strings("git", &["switch", "--force-create", branch]),
        strings("git", &["add", "--all"]),
        strings("git", &commit),
        strings("git", &["push", "--force", "origin", branch]),
    ]
}

fn strings(program: &'static str, arguments: &[&str]) -> Step {
    (
        program,
        arguments
            .iter()
            .map(|argument| (*argument).to_owned())
            .collect(),
    )
}

fn shown((program, arguments): &Step) -> String {
    let quoted = arguments
        .iter()
        .map(|argument| match argument.contains([' ', '[']) {
            true => format!("'{argument}'"),
            false => argument.clone(),
        });
    format!("{program} {}\n", quoted.collect::<Vec<_>>().join(" "))
}

fn run_step(folder: &Path, program: &str, arguments: &[String]) -> Result<String, Failure> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run_program(folder, program, &arguments)
}

/// What the program prints.
fn run_program(folder: &Path, program: &str, arguments: &[&str]) -> Result<String, Failure> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|source| Failure::Program {
            program: program.to_owned(),
            source,
        })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failure::Failed {
        program: format!("{program} {}", arguments.join(" ")),
        said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

fn manifest(workspace: &Workspace) -> Result<Manifest, Failure> {
    Manifest::from_toml(&workspace.optional(MANIFEST)?).map_err(|what| Failure::Malformed {
        file: MANIFEST.to_owned(),
        what,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use tempfile::TempDir;

    #[test]
    fn a_release_is_committed_to_a_branch_of_its_own_as_often_as_it_is_proposed() {
        let folder = TempDir::new().expect("a temporary folder");
        let (root, remote) = (
            folder.path().join("project"),
            folder.path().join("remote.git"),
        );
        let git = |arguments: &[&str]| run_program(folder.path(), "git", arguments).expect("git");
        git(&["init", "--quiet", "--bare", "remote.git"]);
        git(&["clone", "--quiet", "remote.git", "project"]);
        fs::write(root.join("a.txt"), "one").expect("a file");
        for text in ["one", "two"] {
            fs::write(root.join("a.txt"), text).expect("a file");
            for (program, arguments) in committed(&branch("4.190.0"), "Release 4.190.0") {
                run_step(&root, program, &arguments).expect("a step");
            }
        }
        let pushed = run_program(&remote, "git", &["show", "upstream/4.190.0:a.txt"]).expect("git");
        assert_eq!(pushed, "two");
        assert_eq!(someone_else(&root, "upstream/4.190.0").expect("git"), None);
        assert_eq!(someone_else(&root, "upstream/4.191.0").expect("git"), None);

        let person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
        let commit = [
            &person[..],
            &["commit", "--quiet", "--allow-empty", "-m", "by hand"],
        ]
        .concat();
        run_program(&root, "git", &commit).expect("git");
        run_program(
            &root,
            "git",
            &["push", "--quiet", "origin", "upstream/4.190.0"],
        )
        .expect("git");
        let found = someone_else(&root, "upstream/4.190.0").expect("git");
        assert_eq!(found.as_deref(), Some("ada@example.com"));
    }

    #[test]
    fn outputs_are_lines_whatever_the_document_says() {
        let folder = TempDir::new().expect("a temporary folder");
        let file = folder.path().join("outputs");
        tell(&file, true, "1.2.3\nnew=false").expect("a file");
        let text = fs::read_to_string(&file).expect("a file");
        assert_eq!(text, "new=true\nrelease=1.2.3newfalse\n");
        assert_eq!(branch("1 2;3"), "upstream/1-2-3");
    }
}
