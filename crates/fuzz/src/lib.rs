//! What must hold for any input that comes from outside, as functions of bytes: they panic where it does not.
//!
//! | target | what is outside |
//! |---|---|
//! | [`decoding`] | the body of a good answer, for every operation |
//! | [`errors`] | the status, the headers and the body of a bad answer |
//! | [`headers`] | headers of answers; and whatever a program puts into a request: path, query, headers, token |
//! | [`filters`] | what a program compares with, and what arrives at a testkit as a filter |
//! | [`oauth`] | the address that a browser comes back with, and scopes |
//! | [`config`] | configuration files |
//! | [`recordings`] | files of recorded exchanges |
//! | [`documents`] | documents of the API, all the way to the files of a crate |
//!
//! The test `short` plays every target with its seeds and some thousand changes of them, on any toolchain, in seconds. For a long run, the
//! folder `fuzz/` at the root has them as targets of [cargo-fuzz](https://github.com/rust-fuzz/cargo-fuzz):
//!
//! ```text
//! cargo run -p linode-fuzz -- fuzz/corpus                        the seeds as files
//! cargo +nightly fuzz run decoding -- -max_total_time=600
//! ```
//!
//! An input that a long run finds becomes a seed of its target here, and so a regression test.
//!
//! ```
//! let target = linode_fuzz::target("filters").expect("a target");
//! target.play(b"any bytes at all");
//! ```

pub mod config;
pub mod decoding;
pub mod documents;
pub mod errors;
pub mod filters;
pub mod headers;
pub mod oauth;
pub mod recordings;

/// A function of bytes that panics where something does not hold, and inputs to begin with.
///
/// ```
/// for target in linode_fuzz::TARGETS {
///     assert!(!target.seeds.is_empty(), "{}", target.name);
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is that of its module.
    pub name: &'static str,
    /// Inputs that lead far, and those that once led to something wrong.
    pub seeds: &'static [&'static [u8]],
    run: fn(&[u8]),
}

impl Target {
    /// Plays it with an input.
    ///
    /// # Panics
    ///
    /// If something does not hold.
    ///
    /// ```
    /// linode_fuzz::target("config").expect("a target").play(b"[default]\ntoken = x\n");
    /// ```
    pub fn play(&self, input: &[u8]) {
        (self.run)(input);
    }
}

/// All targets.
///
/// ```
/// assert_eq!(linode_fuzz::TARGETS.len(), 8);
/// ```
pub static TARGETS: &[Target] = &[
    Target {
        name: "config",
        seeds: config::SEEDS,
        run: config::run,
    },
    Target {
        name: "decoding",
        seeds: decoding::SEEDS,
        run: decoding::run,
    },
    Target {
        name: "documents",
        seeds: documents::SEEDS,
        run: documents::run,
    },
    Target {
        name: "errors",
        seeds: errors::SEEDS,
        run: errors::run,
    },
    Target {
        name: "filters",
        seeds: filters::SEEDS,
        run: filters::run,
    },
    Target {
        name: "headers",
        seeds: headers::SEEDS,
        run: headers::run,
    },
    Target {
        name: "oauth",
        seeds: oauth::SEEDS,
        run: oauth::run,
    },
    Target {
        name: "recordings",
        seeds: recordings::SEEDS,
        run: recordings::run,
    },
];

/// The target of a name.
///
/// ```
/// assert!(linode_fuzz::target("none").is_none());
/// ```
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// A token that no message may show. An input that holds it by itself says nothing.
const SECRET: &str = "hunter2hunter2";

/// Whether an input holds the secret by itself.
fn holds_secret(input: &[u8]) -> bool {
    input
        .windows(SECRET.len())
        .any(|window| window == SECRET.as_bytes())
}

/// Asserts that the texts of an error and of its causes neither are empty nor show the secret nor hold what moves a terminal's cursor.
fn assert_presentable(error: &dyn std::error::Error) {
    let mut next = Some(error);
    while let Some(error) = next {
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(!text.is_empty(), "an error without words");
            assert!(!text.contains(SECRET), "the secret shows: {text}");
        }
        next = error.source();
    }
    let text = error.to_string();
    assert!(
        !text.contains(char::is_control),
        "a control character: {text:?}"
    );
}
