//! Configuration files: a client or an error, which shows no token.
//!
//! ```
//! linode_fuzz::config::run(b"[default]\ntoken = x\n");
//! ```

use std::cell::RefCell;
use std::io::{Seek, Write};

use linode_sdk::Client;
use tempfile::NamedTempFile;

use crate::{SECRET, assert_presentable, holds_secret};

/// Where it begins.
///
/// ```
/// linode_fuzz::config::SEEDS.iter().for_each(|seed| linode_fuzz::config::run(seed));
/// ```
pub const SEEDS: &[&[u8]] = &[
    b"[default]\ntoken = one   ; mine\napi_version = v4\n\n[work]\ntoken: \"two\"\napi_url = https://api.example/v4beta\n",
    b"[DEFAULT]\ndefault-user = Work\n\n[work]\nregion = us-east\ntoken = three\napi_host = api.example\napi_scheme = http\n",
    b"# of nobody\n[default\ntoken =\n",
    b"[work]\r\ntoken\r\n= x\r\n;[\r\n",
    "[wörk]\ntöken = ü\u{feff}\n".as_bytes(),
    b"]\n[]\n=\n:",
];

thread_local! {
    /// One file for all inputs of a thread.
    static FILE: RefCell<NamedTempFile> = RefCell::new(NamedTempFile::new().expect("a file"));
}

/// Plays it.
///
/// # Panics
///
/// If something does not hold.
///
/// ```
/// linode_fuzz::config::run(b"");
/// ```
pub fn run(input: &[u8]) {
    if holds_secret(input) {
        return;
    }
    let token = format!("\ntoken = {SECRET}\n");
    let with_secret = [b"[default]", token.as_bytes(), input].concat();
    for text in [input, &with_secret, &[input, token.as_bytes()].concat()] {
        FILE.with_borrow_mut(|file| read(file, text));
    }
}

fn read(file: &mut NamedTempFile, text: &[u8]) {
    let write = |file: &mut NamedTempFile| {
        file.as_file_mut().set_len(0)?;
        file.rewind()?;
        file.write_all(text)
    };
    write(file).expect("a file that can be written");
    for profile in [None, Some("work"), Some("")] {
        let built: Result<Client, _> = Client::builder().config_file(file.path(), profile).build();
        match built {
            Ok(client) => assert!(!format!("{client:?}").contains(SECRET)),
            Err(error) => assert_presentable(&error),
        }
    }
}
