//! Loading against what any reader of the same text has to do: `serde_yaml` straight into openapiv3's types.
//!
//! `cargo bench -p linode-spec --bench load [FILE…]`; without a file it takes the pinned document and, where
//! the originals are beside the project, the pinned release's original and the largest one.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use linode_spec::diagnostic::Accepted;
use linode_spec::load::load;

/// Enough to see past the noise, few enough to wait for.
const ROUNDS: usize = 15;

fn main() {
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
    for file in files {
        match std::fs::read_to_string(&file) {
            Ok(text) => compare(&file, &text),
            Err(error) => println!("{}: skipped: {error}", file.display()),
        }
    }
}

fn usual_files() -> Vec<PathBuf> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let names = [
        "spec/linode.yaml",
        "../shared/spec/linode-4.176.0.yaml",
        "../shared/spec/linode-4.189.0.yaml",
    ];
    names.iter().map(|name| project.join(name)).collect()
}

fn compare(file: &Path, text: &str) {
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let accepted = Accepted::default();
    let (mut plain, mut loaded) = (Duration::MAX, Duration::MAX);
    // In turn, so that a slow moment of the machine hits both.
    for _ in 0..ROUNDS {
        plain = plain.min(time(|| {
            serde_yaml::from_str::<openapiv3::OpenAPI>(text).is_ok()
        }));
        loaded = loaded.min(time(|| {
            load(&name, text.as_bytes(), &accepted, false).is_ok()
        }));
    }
    let ratio = loaded.as_secs_f64() / plain.as_secs_f64();
    let kilobytes = text.len() / 1024;
    println!("{name} ({kilobytes} KiB): plain {plain:.1?}, load {loaded:.1?}, {ratio:.2} times");
}

fn time(run: impl Fn() -> bool) -> Duration {
    let start = Instant::now();
    assert!(black_box(run()), "the document can be read");
    start.elapsed()
}
