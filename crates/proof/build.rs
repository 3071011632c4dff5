//! Emits the table of calls: the generated methods, each with a value for everything that it takes.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

#[path = "src/pinned.rs"]
mod pinned;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", pinned::folder().display());
    let (api, names) = pinned::pinned()?;
    let calls = linode_codegen::proof::calls(&api, &names)?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("calls.rs"), calls)?;
    Ok(())
}
