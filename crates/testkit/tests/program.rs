//! The program, as a user starts it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use linode_sdk::Client;
use linode_testkit::{Recording, Testkit};

/// A started program; it ends with the test.
struct Program {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linode-testkit"));
        let command = command.args(["--port", "0"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Program { child, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().expect("a line").unwrap()
    }

    /// A client of it, by what its first line says.
    fn client(&mut self) -> Client {
        let line = self.line();
        let url = line.strip_prefix("the Linode API stands in at ");
        let url = url.unwrap_or_else(|| panic!("{line:?}"));
        Client::builder()
            .base_url(url)
            .token("any")
            .build()
            .unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn it_answers_and_prints() {
    let mut program = Program::start(&[]);
    let client = program.client();
    client.regions().get_region("us-east").await.unwrap();
    let next = program.line();
    assert!(
        next.starts_with("next: LINODE_URL=http://127.0.0.1:"),
        "{next}"
    );
    assert_eq!(program.line(), "200 GET /v4/regions/us-east");
    let tag = linode_sdk::tags::CreateTag::new().label("web");
    client
        .tags()
        .create_tag(tag)
        .with("colour", "red")
        .await
        .unwrap_err();
    assert_eq!(program.line(), "400 POST /v4/tags");
    assert_eq!(program.line(), "    body.colour is not in the document");
}

#[tokio::test]
async fn it_fails_as_told() {
    let mut program = Program::start(&["--faults", "1", "--fault", "504"]);
    let client = program.client();
    let call = client.regions().get_region("us-east");
    let error = call.retry(linode_sdk::Retry::never()).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(504));
}

/// The code and the words with which it ends at once.
fn ended(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linode-testkit"));
    let output = command.args(arguments).output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), words)
}

#[test]
fn what_it_can_not_do_is_told_in_words() {
    let kit = Testkit::start();
    let port = kit.url().rsplit(':').next().unwrap().to_owned();
    let (code, words) = ended(&["--port", &port]);
    assert!(
        words.starts_with(&format!("error: port {port}: ")) && !words.contains('"'),
        "{words}"
    );
    assert_eq!(code, Some(2));
    let (code, words) = ended(&["--port", "0", "--replay", "/no/such/file"]);
    assert!(words.starts_with("error: /no/such/file: "), "{words}");
    assert_eq!(code, Some(2));
    for chance in ["2", "-0.1", "nan", "x"] {
        let (code, words) = ended(&["--port", "0", &format!("--faults={chance}")]);
        assert!(words.contains("a number from 0 to 1"), "{words}");
        assert_eq!(code, Some(2));
    }
    for address in ["notaurl", "ftp://a/", "/v4"] {
        let (code, words) = ended(&["--port", "0", "--record", "x", "--upstream", address]);
        assert!(words.contains("it is no URL"), "{words}");
        assert_eq!(code, Some(2));
    }
}

/// `linode-testkit | head -1`.
#[tokio::test]
async fn it_ends_when_nobody_reads() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linode-testkit"));
    let command = command.args(["--port", "0"]).stderr(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (mut first, mut next) = (String::new(), String::new());
    out.read_line(&mut first).unwrap();
    out.read_line(&mut next).unwrap();
    drop(out);
    let url = first.trim().rsplit(' ').next().unwrap();
    let client = Client::builder().base_url(url).token("any");
    let client: Client = client.build().unwrap();
    client.regions().get_region("us-east").await.unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[tokio::test]
async fn each_of_several_faults_meets_its_part() {
    let arguments = ["--faults", "0.5", "--fault", "404", "--fault", "410"];
    let mut program = Program::start(&arguments);
    let client = program.client();
    let mut missing = 0;
    for _ in 0..200 {
        let error = client.regions().get_region("us-east").await.unwrap_err();
        missing += usize::from(error.status().map(|status| status.as_u16()) == Some(404));
    }
    assert!((60..140).contains(&missing), "{missing} of 200");
    let arguments = ["--faults", "1", "--fault", "404", "--fault", "410"];
    let (code, words) = ended(&arguments);
    assert!(words.contains("are more than all"), "{words}");
    assert_eq!(code, Some(2));
}

#[tokio::test]
async fn it_records_and_replays() {
    let upstream = Testkit::start();
    let file = std::env::temp_dir().join(format!("linode-testkit-{}.jsonl", std::process::id()));
    let path = file.to_str().unwrap();
    let mut program = Program::start(&["--record", path, "--upstream", &upstream.url()]);
    let client = program.client();
    let region = client.regions().get_region("us-east").await.unwrap();
    assert!(program.line().contains(path));
    program.line();
    assert_eq!(program.line(), "200 GET /v4/regions/us-east");
    // It is written before it is answered.
    for calls in 1..=5 {
        let recording = Recording::read(&file).unwrap();
        assert_eq!(recording.exchanges().len(), calls);
        client.regions().get_region("us-east").await.unwrap();
    }
    drop((program, upstream));

    let mut program = Program::start(&["--replay", path]);
    let client = program.client();
    assert_eq!(
        client.regions().get_region("us-east").await.unwrap(),
        region
    );
    std::fs::remove_file(file).unwrap();
}
