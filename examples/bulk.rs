//! Bulk work: puts a tag on every Linode whose label begins with a name, some at a time.
//!
//! Calls that the API has no time for are made again when it says so; what fails in the end fails alone, and is told.
//!
//! ```console
//! $ LINODE_TOKEN=… cargo run -p linode-examples --bin bulk -- web production
//! ```

use std::env;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use linode_sdk::linode::UpdateInstance;
use linode_sdk::types::Linode;
use linode_sdk::{Client, ClientBuilder, Error, Limiter, Retry};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How many calls are under way at once.
const AT_ONCE: usize = 8;

#[tokio::main]
async fn main() -> Result<ExitCode, Error> {
    let mut arguments = env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "web".to_owned());
    let tag = arguments.next().unwrap_or_else(|| "production".to_owned());

    // Patient with limits: they are per minute or so, and `Retry-After` tells how long.
    let patient = Retry::new().attempts(10).budget(Duration::from_secs(900));
    // Slows down before the API has to say so; the clones of a client share it.
    let builder = ClientBuilder::from_env().limiter(Limiter::new());
    let client: Client = builder.retry(patient).build()?;

    let list = client.linode().list_instances();
    let linodes = list
        .filter(Linode::LABEL.contains(&name))
        .page_size(500)
        .all()
        .await?;
    let linodes = linodes
        .into_iter()
        .filter(|linode| linode.label.starts_with(&name));

    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut calls = JoinSet::new();
    for linode in linodes {
        let (client, turns, tag) = (client.clone(), Arc::clone(&turns), tag.clone());
        calls.spawn(async move {
            let _turn = turns.acquire().await;
            let label = linode.label.clone();
            (label, add(&client, linode, tag).await)
        });
    }

    let (mut done, mut kept, mut failed, mut repeated) = (0, 0, 0, 0);
    while let Some(ended) = calls.join_next().await {
        let Ok((label, ended)) = ended else { continue };
        match ended {
            Ok(None) => kept += 1,
            Ok(Some(attempts)) => {
                done += 1;
                repeated += attempts - 1;
            }
            Err(error) => {
                failed += 1;
                eprintln!("{label}: {error}");
            }
        }
    }
    println!(
        "{done} tagged, {kept} had the tag, {failed} failed; {repeated} calls were made again"
    );
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Adds a tag to a Linode, unless it is there; how many attempts it took.
async fn add(client: &Client, linode: Linode, tag: String) -> Result<Option<u32>, Error> {
    let mut tags = linode.tags;
    if tags.contains(&tag) {
        return Ok(None);
    }
    tags.push(tag);
    // The whole list is sent: an update replaces it.
    let update = UpdateInstance::new().tags(tags);
    let answered = client
        .linode()
        .update_instance(linode.id, update)
        .send()
        .await?;
    Ok(Some(answered.attempts()))
}
