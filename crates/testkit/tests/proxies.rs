//! A proxy in the environment is not asked for what is on this machine. A file of its own: the environment is that of all tests in it.

use std::process::Command;

use linode_sdk::Client;
use linode_testkit::Testkit;

/// What the test starts itself with again, in another environment.
const INSIDE: &str = "LINODE_TESTKIT_INSIDE";

#[tokio::test]
async fn no_proxy_is_asked() {
    if std::env::var_os(INSIDE).is_none() {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.env(INSIDE, "1").env_remove("NO_PROXY");
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env(name, "http://127.0.0.1:9");
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        return;
    }
    let upstream = Testkit::start();
    let kit = Testkit::builder().record(upstream.url()).start().unwrap();
    let client: Client = kit.client().unwrap();
    client.regions().get_region("us-east").await.unwrap();
    assert_eq!(upstream.received().len(), 1);
}
