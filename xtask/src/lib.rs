//! The maintainer's tool behind `cargo xtask`.
//!
//! The libraries below it are pure; this crate alone touches the disk. It depends on `linode-spec` and `linode-codegen`
//! and on nothing that is generated, so that a broken generated crate can always be written anew.
//!
//! | module | what it does |
//! |---|---|
//! | [`cli`] | the commands, their help and their exit codes |
//! | [`workspace`] | where things are, and how they are read |
//! | [`lock`] | what is wrong with names that a person gave |
//! | [`pipeline`] | the passes from bytes to files, in order |
//! | [`generate`], [`pin`], [`release`], [`report`], [`corpus`], [`diff`], [`corrections`], [`replay`], [`list`](mod@list), [`upstream`] | a command each |
//! | [`along`] | what is written anew beside the crate |
//! | [`markers`] | markers that a later document lost |
//! | [`tree`] | a folder of files: read, compared, brought up to date |
//! | [`switch`] | many files changed as one |
//! | [`unified`] | two texts, for a person |
//! | [`outcome`] | what a command says when it is done, or why it can't be |
//!
//! ```no_run
//! use xtask::generate::{Arguments, run};
//! use xtask::workspace::Workspace;
//!
//! let outcome = run(&Workspace::here(), &Arguments { check: true, ..Arguments::default() })?;
//! print!("{}", outcome.text);
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

pub mod along;
pub mod cli;
pub mod corpus;
pub mod corrections;
pub mod diff;
pub mod generate;
pub mod list;
pub mod lock;
pub mod markers;
pub mod outcome;
pub mod pin;
pub mod pipeline;
pub mod release;
pub mod replay;
pub mod report;
pub mod switch;
pub mod tree;
pub mod unified;
pub mod upstream;
pub mod workspace;
