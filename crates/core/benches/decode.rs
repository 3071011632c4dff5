//! How long a page of 500 records takes to decode: through the reader, and through a derived `Deserialize`.
//!
//! ```text
//! cargo bench -p linode-core
//! ```

use std::fmt::Write as _;

use divan::{Bencher, black_box};
use linode_core::{DateTime, Page, open_enum, read, record, write};
use serde::Deserialize;

fn main() {
    divan::main();
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DerivedStatus {
    Running,
    Offline,
    #[serde(untagged)]
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Status {
    Running,
    Offline,
    Unknown(String),
}
open_enum!(Status { Running = "running", Offline = "offline" });

/// The same record twice: once with what serde derives, once with what `record!` gives.
macro_rules! both {
    ($($name:ident { $($field:ident: $type:ty),* $(,)? })*) => {
        $(
            #[derive(Clone, PartialEq)]
            struct $name {
                $($field: $type,)*
            }
            record!($name { $($field),* });
        )*

        mod derived {
            use super::*;
            use super::DerivedStatus as Status;

            $(
                #[derive(Deserialize)]
                #[allow(dead_code, reason = "only read")]
                pub(super) struct $name {
                    $($field: $type,)*
                }
            )*
        }
    };
}

both! {
    Alerts {
        cpu: Option<i64>, io: Option<i64>, network_in: Option<i64>, network_out: Option<i64>,
        transfer_quota: Option<i64>,
    }
    Specs {
        disk: Option<i64>, memory: Option<i64>, vcpus: Option<i64>, gpus: Option<i64>, transfer: Option<i64>,
    }
    Linode {
        id: i64, label: Option<String>, group: Option<String>, status: Option<Status>, created: Option<DateTimeText>,
        updated: Option<DateTimeText>, region: Option<String>, image: Option<String>, ipv4: Option<Vec<String>>,
        ipv6: Option<String>, hypervisor: Option<String>, watchdog_enabled: Option<bool>, tags: Option<Vec<String>>,
        host_uuid: Option<String>, has_user_data: Option<bool>, disk_encryption: Option<String>,
        lke_cluster_id: Option<i64>, alerts: Option<Alerts>, specs: Option<Specs>,
    }
}

/// Times stay text on both sides: serde would have to be told how the API writes them.
type DateTimeText = String;

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct DerivedPage {
    data: Vec<derived::Linode>,
    page: i64,
    pages: i64,
    results: i64,
}

#[derive(Clone, PartialEq)]
struct Times {
    created: DateTime,
}
record!(Times { created });

/// A page of 500 made-up Linodes.
fn page() -> Vec<u8> {
    let mut text = String::from(r#"{"data":["#);
    for id in 0..500 {
        let comma = if id == 0 { "" } else { "," };
        // Writing to a string does not fail.
        let _ = write!(
            text,
            r#"{comma}{{"id":{id},"label":"linode-{id}","group":"","status":"running",
            "created":"2018-01-02T03:04:05","updated":"2018-01-02T03:04:05","region":"us-east",
            "image":"linode/debian12","ipv4":["192.0.2.{}","192.168.1.{}"],"ipv6":"2001:db8::{id}/128",
            "hypervisor":"kvm","watchdog_enabled":true,"tags":["web","blue"],"unknown":{{"a":[1,2,3]}},
            "host_uuid":"3a3ddd59d9a78bb8de041391075df44de62bfec8","has_user_data":false,
            "disk_encryption":"enabled","lke_cluster_id":null,
            "alerts":{{"cpu":90,"io":10000,"network_in":10,"network_out":10,"transfer_quota":80}},
            "specs":{{"disk":51200,"memory":2048,"vcpus":1,"gpus":0,"transfer":2000}}}}"#,
            id % 256,
            id % 256,
        );
    }
    text.push_str(r#"],"page":1,"pages":1,"results":500}"#);
    text.into_bytes()
}

#[divan::bench]
fn read_by_the_reader(bencher: Bencher) {
    let text = page();
    bencher.bench(|| read::<Page<Linode>>(black_box(&text)).expect("a page"));
}

#[divan::bench]
fn read_by_derived_serde(bencher: Bencher) {
    let text = page();
    bencher.bench(|| serde_json::from_slice::<DerivedPage>(black_box(&text)).expect("a page"));
}

#[divan::bench]
fn write_by_the_writer(bencher: Bencher) {
    let page: Page<Linode> = read(&page()).expect("a page");
    bencher.bench(|| write(black_box(&page)));
}

#[divan::bench]
fn read_times(bencher: Bencher) {
    let text = format!(
        "[{}]",
        [r#"{"created":"2018-01-02T03:04:05"}"#; 1000].join(",")
    );
    bencher.bench(|| read::<Vec<Times>>(black_box(text.as_bytes())).expect("times"));
}
