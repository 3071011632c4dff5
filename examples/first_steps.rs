//! First steps: lists the Linodes, creates one, waits until it runs, and deletes it.
//!
//! ```console
//! $ LINODE_TOKEN=… cargo run -p linode-examples --bin first_steps
//! ```

use std::time::Duration;

use linode_sdk::linode::CreateInstance;
use linode_sdk::types::LinodeStatus;
use linode_sdk::{Client, Error, helpers};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?; // LINODE_TOKEN

    let linodes = client.linode().list_instances().all().await?;
    println!("there are {} Linodes", linodes.len());
    for linode in &linodes {
        println!("  {} {} is {}", linode.id, linode.label, linode.status);
    }

    // Nobody will know the password: who wants to log in adds SSH keys, with `authorized_keys`.
    let create = CreateInstance::new()
        .region("us-east")
        .r#type("g6-nanode-1")
        .image("linode/debian12")
        .root_pass(helpers::root_password()?)
        .label("first-steps");
    let linode = client.linode().create_instance(create).await?;
    println!("created {} in {}", linode.label, linode.region);

    let created = client
        .linode()
        .get_instance(linode.id)
        .poll_until(|linode| !matches!(linode.status, LinodeStatus::Provisioning))
        .interval(Duration::from_secs(1))
        .timeout(Duration::from_secs(300))
        .await?;
    println!("it is {}", created.status);

    client.linode().delete_instance(linode.id).await?;
    client
        .linode()
        .get_instance(linode.id)
        .poll_until_gone()
        .await?;
    println!("deleted it");
    Ok(())
}
