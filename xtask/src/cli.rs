//! The commands, their help and their exit codes.
//!
//! ```
//! use clap::Parser;
//! use xtask::cli::Cli;
//! assert!(Cli::try_parse_from(["xtask", "generate", "--check"]).is_ok());
//! assert!(Cli::try_parse_from(["xtask", "generate", "--chekc"]).is_err());
//! ```

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::outcome::{Failure, Outcome, UNUSABLE};
use crate::workspace::Workspace;
use crate::{
    corpus, corrections, diff, generate, list, pin, release, replay, report, switch, upstream,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  done, or the check found nothing
  1  the check found a difference, which is printed
  2  the input can't be used; nothing was written";

const PIN_EXAMPLES: &str = "\
Examples:
  cargo xtask pin ~/linode-api-docs/openapi.yaml
  cargo xtask pin --check";

const GENERATE_EXAMPLES: &str = "\
Examples:
  cargo xtask generate                                      write generated/ and spec/names.lock, and along with
                                                            them the testkit's document and the README's figures
  cargo xtask generate --check                              compare them, write nothing
  cargo xtask generate --spec other.json --out ../other     the crate of any other document
  cargo xtask generate --spec other.json --out ../other --strict
                                                            the same, unless something is wrong with the document

Exit codes:
  0  written, or the check found nothing
  1  --check found a difference, which is printed
  2  the input can't be used; nothing was written";

const REPORT_EXAMPLES: &str = "\
Examples:
  cargo xtask report
  cargo xtask report --spec other.json --json";

const CORPUS_EXAMPLES: &str = "\
Examples:
  cargo xtask corpus ../shared/spec             generate each, and account for everything in it
  cargo xtask corpus ../shared/spec --build     and have the compiler, Clippy and rustdoc judge each crate

Crates are written to target/corpus/crates/, one a document.

Exit codes:
  0  every document is all right
  1  one is not; its line in the table says so, and why stands below
  2  the folder can't be used";

const RELEASE_EXAMPLES: &str = "\
Examples:
  cargo xtask release openapi.yaml --dry-run          tell all of it, write nothing
  cargo xtask release openapi.yaml                    pin, generate, version, changelog, tests
  cargo xtask release openapi.yaml --carry-markers    for a document that lost its filter markers

An interruption leaves the project as it was or as it should be.

Exit codes:
  0  done
  1  it is written, and the tests find fault with it
  2  the document can't be used, or has lost its markers; nothing was written";

const UPSTREAM_EXAMPLES: &str = "\
Examples:
  cargo xtask upstream fetch --to openapi.yaml          with curl; tells whether it is new
  cargo xtask release openapi.yaml --report report.md
  cargo xtask upstream propose --report report.md       with git and gh

.github/workflows/upstream.yml runs them on a schedule.";

const DIFF_EXAMPLES: &str = "\
Examples:
  cargo xtask diff openapi.yaml                             the pinned document against a later one
  cargo xtask diff old.yaml new.yaml --format markdown      any two, for a pull request
  cargo xtask diff openapi.yaml --deny breaking,renames     fail if a name changed for no reason, too
  cargo xtask diff openapi.yaml --crates target/diff        and write both crates, to try programs against

Each change tells what it means on the wire and for programs that use the crate: breaking, addition, or no effect. The
verdict is the worst of the latter: breaking, addition, patch (no program sees it), or none.

JSON, one object:
  old_release, new_release    what the documents call themselves
  verdict                     breaking | addition | patch | none
  version, next_version       of the crate: now, and by Cargo's rules after these changes
  changes                     each with
    subject, became           what it is about, and removed | changed | deprecated | added
    item, what                the public item that users meet it in, and what changed
    place                     the operation, or the place in its body or answer
    old, new                  JSON pointers into the documents; null where it is not
    wire, rust                breaking | addition | none
    code                      items of the crate: item, was and is (signatures, or null), effect
  hints                       what is to be known of the documents as a whole
  unexplained_renames         how many names changed although no change of the API explains it
  renames                     each with what, old, new, positions, because (null if unexplained)

Exit codes:
  0  nothing that is denied: unless --deny says otherwise, nothing breaking
  1  something that is denied
  2  the documents can't be compared";

const REPLAY_EXAMPLES: &str = "\
A line is an object: {\"path\", \"response_body\", \"method\"?, \"version\"?, \"query\"?, \"x_filter\"?, \"request_body\"?, \"status\"?}.
Without a method it is an answer alone. The keys of --json:
  lines, matched, decoded, lossless, errors, repairs      answers
  requests, requests_rebuilt, requests_with_extra         requests that were recorded
  failures                                                operation, path, reason
  unmatched                                               lines of no operation in this release

Exit codes:
  0  everything that belongs to the release came out as it was recorded
  1  something did not, and is listed
  2  the input can't be used";

const LIST_EXAMPLES: &str = "\
Examples:
  cargo xtask list                       every operation, a line each
  cargo xtask list firewall              those that have to do with firewalls
  cargo xtask list --json getVolume      all about one

Exit codes:
  0  there are some
  1  there are none
  2  the document can't be used";

const CORRECTIONS_EXAMPLES: &str = "\
Examples:
  cargo xtask corrections presence              show what would change
  cargo xtask corrections presence --write      change spec/corrections.yaml
  cargo xtask corrections check                 which entries matter for the pinned document
  cargo xtask corrections check openapi.yaml    which matter for another
  cargo xtask corrections propose recorded.jsonl --least 3

Exit codes:
  0  done; with check: every entry matters
  1  with check: an entry does nothing, and is listed
  2  the input can't be used; nothing was written";

/// Generates a typed client of the Linode API from the API's own OpenAPI document.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Derive the pinned document, without its prose, from an original.
    #[command(after_help = PIN_EXAMPLES)]
    Pin(PinArguments),
    /// Write the client crate, or check that it is what the generator writes.
    #[command(after_help = GENERATE_EXAMPLES)]
    Generate(generate::Arguments),
    /// Pin a new release, generate, compare, give it a version and an entry in the changelog, and test.
    #[command(after_help = RELEASE_EXAMPLES)]
    Release(release::Arguments),
    /// Tell what became of everything in a document.
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportArguments),
    /// Generate from every document of a folder, and account for each.
    #[command(after_help = CORPUS_EXAMPLES)]
    Corpus(corpus::Arguments),
    /// Compare two documents: what changed, what it means, and the version that follows.
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(diff::Arguments),
    /// Corrections of the document: derive, propose, and check them.
    #[command(subcommand, after_help = CORRECTIONS_EXAMPLES)]
    Corrections(Corrections),
    /// Look for a new release of the API, and propose it: the steps of a workflow.
    #[command(subcommand, after_help = UPSTREAM_EXAMPLES)]
    Upstream(upstream::Upstream),
    /// Make recorded exchanges again with the generated crate: requests, answers, errors.
    #[command(after_help = REPLAY_EXAMPLES)]
    Replay(replay::Arguments),
    /// List the operations, as the catalogue of the crate has them.
    #[command(after_help = LIST_EXAMPLES)]
    List(list::Arguments),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct PinArguments {
    /// The original document: YAML or JSON.
    original: Option<PathBuf>,
    /// Check that spec/linode.yaml is the document that spec/pin.toml describes.
    #[arg(long)]
    check: bool,
}

#[derive(Debug, Args)]
struct ReportArguments {
    /// Another document than the pinned one.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// One JSON object instead of text.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Corrections {
    /// Which fields are always there.
    #[command(after_help = CORRECTIONS_EXAMPLES)]
    Presence(corrections::Arguments),
    /// Which entries still matter for a document.
    #[command(after_help = CORRECTIONS_EXAMPLES)]
    Check(corrections::CheckArguments),
    /// What recorded answers show otherwise than the corrected document says, as entries to accept.
    #[command(after_help = CORRECTIONS_EXAMPLES)]
    Propose(corrections::ProposeArguments),
}

/// Runs what the command line asks for, in the project that this tool belongs to.
///
/// ```no_run
/// let code = xtask::cli::main();
/// ```
pub fn main() -> ExitCode {
    match Cli::parse().run(&Workspace::here()) {
        Ok(outcome) => finish(&mut io::stdout().lock(), &outcome.text, outcome.code),
        Err(failure) => finish(
            &mut io::stderr().lock(),
            &format!("error: {failure}\n"),
            UNUSABLE,
        ),
    }
}

/// A reader that has seen enough and hangs up is no error of ours.
fn finish(to: &mut dyn Write, text: &str, code: u8) -> ExitCode {
    let written = to.write_all(text.as_bytes()).and_then(|()| to.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(UNUSABLE),
        _ => ExitCode::from(code),
    }
}

impl Cli {
    /// Runs it in a project.
    ///
    /// # Errors
    ///
    /// [`Failure`] says what kept the command from its work.
    ///
    /// ```
    /// use clap::Parser;
    /// use xtask::{cli::Cli, workspace::Workspace};
    /// let cli = Cli::try_parse_from(["xtask", "pin", "--check"]).unwrap();
    /// assert_eq!(cli.run(&Workspace::here()).unwrap().code, 0);
    /// ```
    pub fn run(&self, workspace: &Workspace) -> Result<Outcome, Failure> {
        if switch::finish(&workspace.path(""))? {
            // Beside the text of the command, which others may read.
            eprintln!("note: a release that was interrupted is finished now");
        }
        match &self.command {
            Command::Pin(PinArguments {
                original: Some(original),
                ..
            }) => pin::run(workspace, original),
            Command::Pin(_) => pin::check(workspace),
            Command::Generate(arguments) => generate::run(workspace, arguments),
            Command::Release(arguments) => release::run(workspace, arguments),
            Command::Upstream(upstream) => upstream::run(workspace, upstream),
            Command::Report(ReportArguments { spec, json }) => {
                report::run(workspace, spec.as_deref(), *json)
            }
            Command::Corpus(arguments) => corpus::run(workspace, arguments),
            Command::Diff(arguments) => diff::run(workspace, arguments, diff::is_coloured()),
            Command::Corrections(Corrections::Presence(arguments)) => {
                corrections::run(workspace, arguments)
            }
            Command::Corrections(Corrections::Check(arguments)) => {
                corrections::check(workspace, arguments)
            }
            Command::Corrections(Corrections::Propose(arguments)) => {
                corrections::propose(workspace, arguments)
            }
            Command::Replay(arguments) => replay::run(workspace, arguments),
            Command::List(arguments) => list::run(workspace, arguments),
        }
    }
}
