//! Without async: the same calls, waited for with `block`, and lists as iterators. With the feature `blocking`.
//!
//! ```console
//! $ LINODE_TOKEN=… cargo run -p linode-examples --bin blocking
//! ```

use linode_sdk::blocking::Blocking;
use linode_sdk::types::Volume;
use linode_sdk::volumes::UpdateVolume;
use linode_sdk::{Client, Error};

fn main() -> Result<(), Error> {
    let client = Client::from_env()?;

    // Pages are loaded as the loop gets to them.
    let mut size = 0;
    for volume in client
        .volumes()
        .list_volumes()
        .filter(Volume::TAGS.eq("old"))
        .stream()
        .iter()
    {
        let volume = volume?;
        println!("{} has {} GB", volume.label, volume.size);
        size += volume.size;

        let update = UpdateVolume::new().tags(vec!["older".to_owned()]);
        client.volumes().update_volume(volume.id, update).block()?;
    }
    println!("{size} GB are older now");
    Ok(())
}
