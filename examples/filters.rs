//! Filters: what of a list is wanted, and in which order. The API does the work; what it can't filter by does not compile.
//!
//! ```console
//! $ LINODE_TOKEN=… cargo run -p linode-examples --bin filters -- web us-east
//! ```

use std::env;

use linode_sdk::types::{Event, EventAction, Linode};
use linode_sdk::{Client, Error, Filter};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let mut arguments = env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "web".to_owned());
    let region = arguments.next();

    // A filter is a value: it can be put together as the program goes.
    let mut wanted = Linode::LABEL.contains(&name) | Linode::TAGS.eq(&name);
    if let Some(region) = region {
        wanted = wanted & Linode::REGION.eq(region);
    }
    println!("X-Filter: {wanted}");

    // A stream loads pages as they are needed: here, one while the one before is printed.
    let list = client.linode().list_instances();
    let mut linodes = list
        .filter(wanted)
        .order_by(Linode::LABEL.asc())
        .prefetch(1)
        .stream();
    while let Some(linode) = linodes.try_next().await? {
        println!("{:>8} {} {}", linode.id, linode.label, linode.region);
    }

    // How many there are costs one small request.
    let failed = client.account().list_events().filter(boots()).len().await?;
    println!("{failed} boots since the event 1000");

    // The newest of them, if there is one.
    let newest = client
        .account()
        .list_events()
        .filter(boots())
        .order_by(Event::ID.desc());
    if let Some(event) = newest.first().await? {
        println!("the newest is {}: {}", event.id, event.status);
    }
    Ok(())
}

fn boots() -> Filter<Event> {
    Event::ACTION.eq(EventAction::LinodeBoot) & Event::ID.gt(1000)
}
