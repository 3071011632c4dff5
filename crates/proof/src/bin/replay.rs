//! Makes recorded exchanges again: requests by the generated methods, answers by the generated types; and says what was lost.
//!
//! `cargo xtask replay` starts it. It ends with 0 if nothing was lost, with 1 if something was, and with 2 if it cannot tell.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use linode_proof::replay::{Replay, Report};

/// Makes recorded exchanges again: requests by the generated methods, answers by the generated types; and says what was lost.
#[derive(Parser)]
#[command(name = "linode-replay")]
struct Arguments {
    /// Files with one exchange on each line: {"path", "response_body", "method"?, "version"?, "query"?, "x_filter"?, "request_body"?,
    /// "status"?}; without a method it is an answer alone
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match replay(&arguments) {
        Ok(report) if report.is_clean() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn replay(arguments: &Arguments) -> Result<Report, Box<dyn Error>> {
    let report = Replay::pinned()?.files(&arguments.files)?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    Ok(report)
}
