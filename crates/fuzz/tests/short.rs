//! Every target with its seeds, and with changes of them: a short run, for every change.

use std::fs;
use std::path::Path;

use linode_fuzz::{TARGETS, target};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

/// Pieces that lead somewhere in one target or another.
const PIECES: &[&str] = &[
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\n",
    "\r\n",
    "\0",
    " ",
    "=",
    "&",
    "#",
    "?",
    "%",
    "%2e",
    "/",
    "..",
    ";",
    "-",
    "+",
    "*",
    "null",
    "true",
    "0",
    "-1",
    "1e999",
    "18446744073709551616",
    "9223372036854775807",
    "0.1",
    "\\ud800",
    "\\u0000",
    "\u{1f600}",
    "ü",
    "\u{feff}",
    "\u{1b}[31m",
    "$ref",
    "allOf",
    "oneOf",
    "type",
    "properties",
    "items",
    "enum",
    "data",
    "errors",
    "reason",
    "state=c3d4",
    "2018-01-02T03:04:05",
];

/// A change of an input.
#[derive(Clone, Debug)]
enum Change {
    Insert(Index, &'static str),
    Replace(Index, u8),
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    Cut(Index),
    Join(Index, Index),
}

impl Change {
    fn apply(&self, input: &mut Vec<u8>, seeds: &[&[u8]]) {
        if input.is_empty() {
            input.extend(b"\0");
        }
        let end = |from: usize, length: usize| from.saturating_add(length).min(input.len());
        match self {
            Change::Insert(at, piece) => {
                let at = at.index(input.len());
                input.splice(at..at, piece.bytes());
            }
            Change::Replace(at, byte) => {
                let at = at.index(input.len());
                input[at] = *byte;
            }
            Change::Remove(at, length) => {
                let at = at.index(input.len());
                input.drain(at..end(at, *length));
            }
            Change::Repeat(at, length, times) => {
                let at = at.index(input.len());
                let piece = input[at..end(at, *length)].repeat(*times);
                input.splice(at..at, piece);
            }
            Change::Cut(at) => input.truncate(at.index(input.len())),
            Change::Join(seed, at) => {
                let seed = seeds[seed.index(seeds.len())];
                let at = at.index(input.len());
                input.truncate(at);
                input.extend(&seed[at.min(seed.len())..]);
            }
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<Index>(), select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        3 => (any::<Index>(), 1..16_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (any::<Index>(), 1..8_usize, 1..200_usize).prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        1 => any::<Index>().prop_map(Change::Cut),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(seed, at)| Change::Join(seed, at)),
    ]
}

/// Plays a target so many times, always with the same inputs.
fn play(name: &str, cases: u32) {
    let target = target(name).expect("a target of this name");
    for seed in target.seeds {
        target.play(seed);
    }
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let inputs = (select(target.seeds), prop::collection::vec(change(), 0..6));
    let played = runner.run(&inputs, |(seed, changes)| {
        let mut input = seed.to_vec();
        changes
            .iter()
            .for_each(|change| change.apply(&mut input, target.seeds));
        target.play(&input);
        Ok(())
    });
    if let Err(failure) = played {
        panic!("{name}: {failure}");
    }
}

/// The folder of the long runs has the same targets.
fn long_runs_know(targets: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let manifest =
        fs::read_to_string(folder.join("Cargo.toml")).expect("the manifest of the long runs");
    for target in targets {
        let path = format!("fuzz_targets/{target}.rs");
        let text = fs::read_to_string(folder.join(&path))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(
            text.contains(&format!("linode_fuzz::{target}::run(")),
            "{path}"
        );
        assert!(manifest.contains(&format!("path = \"{path}\"")), "{path}");
    }
}

macro_rules! short_runs {
    ($($name:ident: $cases:literal),*) => {
        $(#[test]
        fn $name() {
            play(stringify!($name), $cases);
        })*

        #[test]
        fn no_target_is_left_out() {
            long_runs_know(&[$(stringify!($name)),*]);
            let played = [$(stringify!($name)),*];
            assert!(TARGETS.iter().map(|target| target.name).eq(played));
        }
    };
}

short_runs!(
    config: 2000,
    decoding: 20000,
    documents: 300,
    errors: 5000,
    filters: 5000,
    headers: 3000,
    oauth: 3000,
    recordings: 5000
);
