//! Each pass of the generator apart, and all of them together against what any reader of the same text has to do:
//! `serde_yaml` straight into openapiv3's types.
//!
//! Names and types are kept by the project's own lock, as `cargo xtask generate` keeps them.
//!
//! `cargo bench -p linode-codegen [FILE…]`; without a file it takes the pinned document and, where the originals are
//! beside the project, the pinned release's original and the largest one. No disk is touched while the clock runs.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use linode_codegen::{Emitted, Files, Options, emit, generate};
use linode_spec::api::Api;
use linode_spec::diagnostic::Accepted;
use linode_spec::identity::identify;
use linode_spec::load::{Document, load};
use linode_spec::name::{Lock, Names, name};
use linode_spec::normalise::normalise;

/// Enough to see past the noise, few enough to wait for.
const ROUNDS: usize = 15;
/// Generation may take as many times as long as a plain reading does.
const LIMIT: f64 = 8.0;
/// The document that the limit is about.
const LIMITED: &str = "linode-4.176.0.yaml";

fn main() -> ExitCode {
    let given: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|it| !it.starts_with('-'))
        .map(PathBuf::from)
        .collect();
    let files = if given.is_empty() {
        usual_files()
    } else {
        given
    };
    let lock = lock();
    let mut slow = false;
    for file in files {
        match std::fs::read_to_string(&file) {
            Ok(text) => slow |= !is_fast(&file, &measure(&file, &text, &lock)),
            Err(error) => println!("{}: skipped: {error}", file.display()),
        }
    }
    if slow {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn lock() -> Lock {
    let text = std::fs::read_to_string(project().join("spec/names.lock")).expect("the lock");
    Lock::parse(&text).expect("a lock")
}

fn usual_files() -> Vec<PathBuf> {
    let names = [
        "spec/linode.yaml",
        "../shared/spec/linode-4.176.0.yaml",
        "../shared/spec/linode-4.189.0.yaml",
    ];
    names.iter().map(|name| project().join(name)).collect()
}

/// The shortest time of each pass.
struct Times {
    plain: Duration,
    passes: [(&'static str, Duration); 6],
    whole: Duration,
}

impl Times {
    fn ratio(&self) -> f64 {
        self.whole.as_secs_f64() / self.plain.as_secs_f64()
    }
}

fn measure(file: &Path, text: &str, lock: &Lock) -> Times {
    let mut times = Times {
        plain: Duration::MAX,
        passes: ["load", "normalise", "identify", "name", "emit", "format"]
            .map(|pass| (pass, Duration::MAX)),
        whole: Duration::MAX,
    };
    // In turn, so that a slow moment of the machine hits all of them.
    for _ in 0..ROUNDS {
        timed(&mut times.plain, || {
            serde_yaml::from_str::<openapiv3::OpenAPI>(text).is_ok()
        });
        let [load, normalise, identity, name, emit, format] = &mut times.passes;
        let document = timed(&mut load.1, || loaded(text));
        let api = timed(&mut normalise.1, || self::normalise(&document));
        let api = timed(&mut identity.1, || identify(api, lock));
        let names = timed(&mut name.1, || named(&api, lock));
        let emitted = timed(&mut emit.1, || self::emit(&api, &names));
        timed(&mut format.1, || formatted(emitted));
        timed(&mut times.whole, || whole(text, lock));
    }
    print(file, text, &times);
    times
}

fn print(file: &Path, text: &str, times: &Times) {
    let (kilobytes, plain) = (text.len() / 1024, times.plain);
    println!("{} ({kilobytes} KiB): plain {plain:.1?}", called(file));
    for (pass, time) in times.passes {
        println!("  {pass:<10} {time:>8.1?}");
    }
    let per_kilobyte = times.whole / u32::try_from(kilobytes.max(1)).unwrap_or(u32::MAX);
    println!(
        "  {:<10} {:>8.1?}, {:.2} times plain, {per_kilobyte:.1?} a KiB",
        "whole",
        times.whole,
        times.ratio()
    );
}

/// Whether the document keeps its limit, where there is one for it.
fn is_fast(file: &Path, times: &Times) -> bool {
    let fast = called(file) != LIMITED || times.ratio() < LIMIT;
    if !fast {
        println!("  slower than {LIMIT} times plain");
    }
    fast
}

fn called(file: &Path) -> String {
    file.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn timed<T>(shortest: &mut Duration, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = black_box(run());
    *shortest = (*shortest).min(start.elapsed());
    result
}

fn whole(text: &str, lock: &Lock) -> Files {
    let api = identify(normalise(&loaded(text)), lock);
    let names = named(&api, lock);
    generate(&api, &names, &Options::new("../crates/core")).expect("Rust")
}

fn loaded(text: &str) -> Document {
    load("bench", text.as_bytes(), &Accepted::default(), false).expect("a document")
}

fn named(api: &Api, lock: &Lock) -> Names {
    name(api, lock).expect("names").0
}

fn formatted(emitted: Emitted) -> Files {
    emitted.format().expect("Rust")
}
