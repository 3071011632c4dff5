//! Writes the seeds of all targets as files, a folder for each target: where a fuzzer begins.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use linode_fuzz::TARGETS;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or("usage: linode-fuzz FOLDER, such as fuzz/corpus")?;
    for target in TARGETS {
        let folder = folder.join(target.name);
        fs::create_dir_all(&folder)?;
        for (index, seed) in target.seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{index}")), seed)?;
        }
        println!("{}: {} seeds", folder.display(), target.seeds.len());
    }
    Ok(())
}
