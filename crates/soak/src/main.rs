//! The client under load. Ends with 0 if everything held, and with 1 if not.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use linode_soak::{Plan, soak};

/// Makes many calls from many tasks against a testkit that fails now and then, and says what came of it.
///
/// Everything happens on loopback, and ends by itself.
#[derive(Debug, Parser)]
#[command(name = "linode-soak")]
struct Arguments {
    /// How many calls
    #[arg(long, default_value_t = 10_000)]
    calls: usize,
    /// How many tasks make them, side by side
    #[arg(long, default_value_t = 64)]
    tasks: usize,
    /// How many requests of a hundred meet a fault
    #[arg(long, default_value_t = 10.0, value_name = "PERCENT")]
    faults: f64,
    /// What the faults are drawn by
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many seconds all of it may take
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    patience: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let report = soak(Plan {
        calls: arguments.calls,
        tasks: arguments.tasks,
        faults: arguments.faults,
        seed: arguments.seed,
        patience: Duration::from_secs(arguments.patience),
    })
    .await;
    print!("{report}");
    match report.wrongs().is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
