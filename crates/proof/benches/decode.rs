//! How long a page of 500 instances takes to decode: into the generated `Linode`, and by plain `serde_json` into a struct of the same
//! fields, as one would write it by hand. Times are text there: serde would have to be told how the API writes them.
//!
//! ```text
//! cargo bench -p linode-proof
//! ```

use divan::{Bencher, black_box};
use linode_core::{Page, read};
use linode_sdk::types::Linode;
use serde::Deserialize;

fn main() {
    divan::main();
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct ByHand {
    label: String,
    region: String,
    image: Option<String>,
    r#type: String,
    group: String,
    tags: Vec<String>,
    id: i64,
    status: String,
    hypervisor: String,
    created: String,
    updated: String,
    ipv4: Vec<String>,
    ipv6: String,
    specs: Specs,
    alerts: Alerts,
    backups: Backups,
    watchdog_enabled: Option<bool>,
    host_uuid: Option<String>,
    has_user_data: Option<bool>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct Specs {
    disk: i64,
    memory: i64,
    vcpus: i64,
    gpus: Option<i64>,
    transfer: i64,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct Alerts {
    cpu: i64,
    network_in: i64,
    network_out: i64,
    transfer_quota: i64,
    io: i64,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct Backups {
    enabled: bool,
    available: Option<bool>,
    schedule: Schedule,
    last_successful: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct Schedule {
    day: Option<String>,
    window: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct PageByHand {
    data: Vec<ByHand>,
    page: i64,
    pages: i64,
    results: i64,
}

/// A page of 500 made-up instances, with what the live API sends besides what the document knows.
fn page() -> Vec<u8> {
    let instance = |id: usize| {
        serde_json::json!({
            "id": id, "label": format!("linode-{id}"), "group": "", "status": "running", "created": "2018-01-02T03:04:05",
            "updated": "2018-01-02T03:04:05", "type": "g6-standard-1", "ipv4": ["192.0.2.7", "192.168.1.7"],
            "ipv6": "2001:db8::7/128", "image": "linode/debian12", "region": "us-east", "site_type": "core",
            "specs": {"disk": 51200, "memory": 2048, "vcpus": 1, "gpus": 0, "transfer": 2000, "accelerated_devices": 0},
            "alerts": {"cpu": 90, "network_in": 10, "network_out": 10, "transfer_quota": 80, "io": 10000},
            "backups": {
                "enabled": true, "available": false, "schedule": {"day": "Saturday", "window": "W22"},
                "last_successful": "2018-01-02T03:04:05",
            },
            "hypervisor": "kvm", "watchdog_enabled": true, "tags": ["web", "blue"],
            "host_uuid": "3a3ddd59d9a78bb8de041391075df44de62bfec8", "has_user_data": false,
            "placement_group": null, "disk_encryption": "enabled", "lke_cluster_id": null, "capabilities": ["SMTP Enabled"],
        })
    };
    let data: Vec<_> = (0..500).map(instance).collect();
    serde_json::json!({"data": data, "page": 1, "pages": 1, "results": 500})
        .to_string()
        .into_bytes()
}

#[divan::bench]
fn generated(bencher: Bencher) {
    let text = page();
    bencher.bench(|| read::<Page<Linode>>(black_box(&text)).expect("a page"));
}

#[divan::bench]
fn by_hand(bencher: Bencher) {
    let text = page();
    bencher.bench(|| serde_json::from_slice::<PageByHand>(black_box(&text)).expect("a page"));
}
