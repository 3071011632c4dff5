//! The testkit as a program: a stand-in for the API to try programs against by hand.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::Parser;
use linode_testkit::{Document, Fault, Received, Testkit};

const EXAMPLES: &str = "\
Examples:
  linode-testkit                                   then, elsewhere:
  LINODE_URL=http://127.0.0.1:4176 LINODE_TOKEN=any cargo run

  linode-testkit --limit 10                        more than 10 requests a second get 429
  linode-testkit --faults 0.1                      one request in ten gets 503";

/// How often what arrived is printed.
const GLANCE: Duration = Duration::from_millis(50);

/// Stands in for the Linode API on loopback: answers from its document, refuses what it would refuse, and prints what arrives.
#[derive(Debug, Parser)]
#[command(name = "linode-testkit", version, after_help = EXAMPLES)]
struct Arguments {
    /// The port to listen on.
    #[arg(long, default_value_t = 4176)]
    port: u16,
    /// Another document than the one of the release that this program is made for: YAML or JSON.
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// Take requests that are not as the document says.
    #[arg(long)]
    unchecked: bool,
    /// How many requests a second are let through.
    #[arg(long, value_name = "REQUESTS")]
    limit: Option<u32>,
    /// The part of the requests, from 0 to 1, that get 503.
    #[arg(long, value_name = "CHANCE")]
    faults: Option<f64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let kit = start(&arguments)?;
    println!("the Linode API stands in at {}", kit.url());
    println!(
        "next: LINODE_URL={} LINODE_TOKEN=any, and any program of the client",
        kit.url()
    );
    let mut printed = 0;
    loop {
        let received = kit.received();
        received[printed..].iter().for_each(print);
        printed = received.len();
        thread::sleep(GLANCE);
    }
}

fn start(arguments: &Arguments) -> Result<Testkit, Box<dyn Error>> {
    let mut builder = Testkit::builder().port(arguments.port);
    if let Some(file) = &arguments.document {
        let text =
            fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        builder = builder.document(Document::parse(&text)?);
    }
    if arguments.unchecked {
        builder = builder.unchecked();
    }
    let kit = builder
        .start()
        .map_err(|error| format!("port {}: {error}", arguments.port))?;
    if let Some(limit) = arguments.limit {
        kit.limit(limit, Duration::from_secs(1));
    }
    if let Some(chance) = arguments.faults {
        kit.everywhere().fault(Fault::Status(503)).chance(chance);
    }
    Ok(kit)
}

fn print(received: &Received) {
    let answered = received
        .answered()
        .map_or("-".to_owned(), |status| status.to_string());
    println!("{answered} {}", received.line());
    for problem in received.problems() {
        println!("    {problem}");
    }
}
