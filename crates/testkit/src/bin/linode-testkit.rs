//! The testkit as a program: a stand-in for the API to try programs against by hand, and a recorder of what a program asks of the API.

use std::error::Error;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser;
use http::Uri;
use linode_testkit::{Document, Fault, Received, Recording, Testkit};

const EXAMPLES: &str = "\
Examples:
  linode-testkit                                   then, elsewhere:
  LINODE_URL=http://127.0.0.1:4176 LINODE_TOKEN=any cargo run

  linode-testkit --limit 10                        more than 10 requests a second get 429
  linode-testkit --faults 0.1                      one request in ten gets 503
  linode-testkit --faults 0.1 --fault reset --fault slow:2000
                                                   one in ten is reset, or one in ten comes late
  linode-testkit --record calls.jsonl              a program's calls go to the API, and into the file,
                                                   without passwords, tokens and keys
  linode-testkit --replay calls.jsonl              the same calls are answered from the file

Faults: a status such as 503 or 429, maintenance, busy, html:400, slow:MILLISECONDS, dribble:MILLISECONDS, cut-off,
broken-json, other-json, redirect:URL, reset, close, garbage, hang";

/// How often what arrived is printed.
const GLANCE: Duration = Duration::from_millis(50);

/// Stands in for the Linode API on loopback: answers from its document, refuses what it would refuse, and prints what arrives.
#[derive(Debug, Parser)]
#[command(name = "linode-testkit", version, after_help = EXAMPLES)]
struct Arguments {
    /// The port to listen on; 0 for a free one.
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
    /// The part of the requests, from 0 to 1, that meet each fault.
    #[arg(long, value_name = "CHANCE", value_parser = chance)]
    faults: Option<f64>,
    /// What goes wrong then; may be given several times.
    #[arg(long, value_name = "FAULT", default_value = "503", requires = "faults")]
    fault: Vec<Fault>,
    /// What the faults are drawn by.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Send what arrives on to the API, and add each exchange to a file.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Where the API is that is recorded.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://api.linode.com",
        value_parser = address,
        requires = "record"
    )]
    upstream: String,
    /// Answer from a file of recorded exchanges.
    #[arg(long, value_name = "FILE", conflicts_with = "record")]
    replay: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With nobody to read it, the code tells it all.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Serves until nobody reads what it prints any more.
fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let kit = start(arguments)?;
    let mut printed = greet(arguments, &kit.url());
    loop {
        printed = printed.and_then(|()| kit.take_received().iter().try_for_each(print));
        // It is in the file already.
        kit.take_recording();
        match &printed {
            Ok(()) => thread::sleep(GLANCE),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(format!("standard output: {error}").into()),
        }
    }
}

/// Tells where it is, and what to do next.
fn greet(arguments: &Arguments, url: &str) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "the Linode API stands in at {url}")?;
    let token = match &arguments.record {
        Some(file) => {
            writeln!(
                out,
                "what is asked of it goes to {}, and into {}",
                arguments.upstream,
                file.display()
            )?;
            "…"
        }
        None => "any",
    };
    writeln!(
        out,
        "next: LINODE_URL={url} LINODE_TOKEN={token}, and any program of the client"
    )
}

/// The chances of so many faults of which each is to meet this part of all requests. The one that is told last is drawn first, and leaves fewer
/// requests to the others.
fn chances(share: f64, faults: usize) -> impl Iterator<Item = f64> {
    (0..faults)
        .rev()
        .map(move |before| (share / (1.0 - share * before as f64)).min(1.0))
}

/// A part of all requests.
fn chance(text: &str) -> Result<f64, String> {
    let chance = text.parse::<f64>().ok();
    let chance = chance.filter(|chance| (0.0..=1.0).contains(chance));
    chance.ok_or_else(|| "it is a number from 0 to 1".to_owned())
}

/// The address of a server.
fn address(text: &str) -> Result<String, String> {
    let uri = text.parse::<Uri>().ok();
    let uri = uri.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    let host = uri.and_then(|uri| uri.host().map(|host| !host.is_empty()));
    match host {
        Some(true) => Ok(text.to_owned()),
        _ => Err("it is no URL such as https://api.linode.com".to_owned()),
    }
}

fn start(arguments: &Arguments) -> Result<Testkit, Box<dyn Error>> {
    let mut builder = Testkit::builder().port(arguments.port).seed(arguments.seed);
    if let Some(file) = &arguments.document {
        let text =
            fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let document =
            Document::parse(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        builder = builder.document(document);
    }
    if arguments.unchecked {
        builder = builder.unchecked();
    }
    if let Some(file) = &arguments.record {
        // A file that can't be written is known before anything is asked.
        Recording::default()
            .append(file)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        builder = builder.record(&arguments.upstream).record_into(file);
    }
    let share = arguments.faults.unwrap_or_default();
    if share * arguments.fault.len() as f64 > 1.0 {
        let faults = arguments.fault.len();
        return Err(
            format!("{faults} faults with {share} of the requests each are more than all").into(),
        );
    }
    let replayed = arguments.replay.as_ref().map(Recording::read).transpose()?;
    let kit = builder
        .start()
        .map_err(|error| format!("port {}: {error}", arguments.port))?;
    if let Some(recording) = replayed {
        kit.replay(&recording);
    }
    if let Some(limit) = arguments.limit {
        kit.limit(limit, Duration::from_secs(1));
    }
    if let Some(share) = arguments.faults {
        for (fault, chance) in arguments
            .fault
            .iter()
            .zip(chances(share, arguments.fault.len()))
        {
            kit.everywhere().fault(fault.clone()).chance(chance);
        }
    }
    Ok(kit)
}

fn print(received: &Received) -> io::Result<()> {
    let answered = received
        .answered()
        .map_or("-".to_owned(), |status| status.to_string());
    let mut out = io::stdout();
    writeln!(out, "{answered} {}", received.line())?;
    let mut problems = received.problems().iter();
    problems.try_for_each(|problem| writeln!(out, "    {problem}"))
}
