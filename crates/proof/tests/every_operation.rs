//! The proof: every operation of the document, called over real HTTP.
//!
//! The generated method is called with a value for everything it takes. The witness, which reads the document by itself, checks what
//! arrives and answers as the document says; the answer must decode, and encoded again it must have lost nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use linode_proof::calls::{CALLS, Call};
use linode_proof::stand_in;
use linode_sdk::Client;
use linode_witness::{Answered, Document, Json, Operation, Witness, losses};

/// A witness, a client that talks to it, and what was found wrong.
struct Proof {
    witness: Witness,
    client: Client,
    calls: usize,
    failures: Vec<String>,
}

impl Proof {
    async fn new(document: &Arc<Document>) -> Self {
        let witness = Witness::start(Arc::clone(document))
            .await
            .expect("a port on loopback");
        let client = Client::builder()
            .token("s3cret")
            .base_url(witness.url())
            .build()
            .expect("a client");
        Self {
            witness,
            client,
            calls: 0,
            failures: Vec::new(),
        }
    }

    /// Calls an operation once for each branch that its answer can have.
    async fn operation(&mut self, operation: &Operation<'_>, call: &Call) {
        for turn in 0..operation.turns() {
            self.witness.expect_turn(call.key, turn);
            self.call(call).await;
        }
        if operation.may_be_empty() {
            self.witness.expect_empty(call.key);
            self.call(call).await;
        }
    }

    async fn call(&mut self, call: &Call) {
        let outcome = (call.run)(&self.client).await;
        let verdict = self.witness.verdict();
        self.calls += 1;
        self.failures.extend(
            verdict
                .problems
                .iter()
                .map(|problem| format!("{}: {problem}", call.key)),
        );
        match outcome {
            Ok(returned) => self.failures.extend(
                lost(&verdict.answered, &returned)
                    .into_iter()
                    .map(|loss| format!("{}: {loss}", call.key)),
            ),
            Err(error) => self.failures.push(format!("{}: {error}", call.key)),
        }
    }
}

/// What the client lost of an answer; an empty object may come back as nothing.
fn lost(answered: &Answered, returned: &Json) -> Vec<String> {
    match &answered.json {
        Some(Json::Object(sent)) if sent.is_empty() && returned.is_null() => Vec::new(),
        // A correction may say that the one item of a list is the answer.
        Some(Json::Array(sent)) if sent.len() == 1 && returned.is_object() => {
            losses(&sent[0], returned)
        }
        Some(sent) => losses(sent, returned),
        None if answered.bytes.is_empty() => losses(&Json::Null, returned),
        None => losses(&Json::from(answered.bytes.to_vec()), returned),
    }
}

fn pinned() -> Arc<Document> {
    let text = stand_in().expect("the document of stand-ins");
    Arc::new(Document::parse(&text).expect("a document"))
}

/// What is found wrong with one operation, if the document says other words in place of some that it says.
async fn failures_with(key: &str, words: &[(&str, &str)]) -> String {
    let text = stand_in().expect("the document of stand-ins");
    let changed = words.iter().fold(text.clone(), |text, (word, other)| {
        text.replace(word, other)
    });
    assert_ne!(text, changed, "the document says none of {words:?}");
    let document = Arc::new(Document::parse(&changed).expect("a document"));
    let mut proof = Proof::new(&document).await;
    let operation = document.operation(key).expect("the operation");
    let call = CALLS
        .iter()
        .find(|call| call.key == key)
        .expect("the generated method");
    proof.operation(&operation, call).await;
    proof.failures.join("; ")
}

#[tokio::test]
async fn every_operation_is_called_as_the_document_says() {
    let document = pinned();
    let calls: BTreeMap<_, _> = CALLS.iter().map(|call| (call.key, call)).collect();
    let mut proof = Proof::new(&document).await;
    let mut operations = 0;
    for operation in document.operations() {
        operations += 1;
        match calls.get(operation.key().as_str()) {
            Some(call) => proof.operation(&operation, call).await,
            None => proof
                .failures
                .push(format!("{}: no generated method", operation.key())),
        }
    }
    let replaced = document.replaced_examples();
    println!(
        "{operations} operations, {} calls, {} failures, {} examples replaced:",
        proof.calls,
        proof.failures.len(),
        replaced.len()
    );
    replaced
        .iter()
        .for_each(|replaced| println!("  {replaced}"));
    assert!(
        proof.failures.is_empty(),
        "{} failures:\n{}",
        proof.failures.len(),
        proof.failures.join("\n")
    );
    assert!(proof.calls >= operations && operations > 0);
}

#[test]
fn no_generated_method_calls_what_the_document_lacks() {
    let document = pinned();
    let described: BTreeSet<String> = document
        .operations()
        .map(|operation| operation.key())
        .collect();
    let generated: BTreeSet<String> = CALLS.iter().map(|call| call.key.to_owned()).collect();
    assert_eq!(generated.len(), CALLS.len(), "a key occurs twice");
    assert_eq!(described, generated);
}

#[test]
fn a_loss_is_found() {
    let answered = Answered {
        status: 200,
        json: Some(serde_json::json!({"id": 1})),
        ..Answered::default()
    };
    assert_eq!(lost(&answered, &serde_json::json!({})), ["id was lost: 1"]);
    assert_eq!(
        lost(&answered, &Json::Null),
        ["the whole was lost: {\"id\":1}"]
    );
}

#[tokio::test]
async fn a_client_that_does_otherwise_is_noticed() {
    let found = failures_with(
        "POST /linode/instances",
        &[(r#""root_pass":"#, r#""root_word":"#)],
    )
    .await;
    assert!(
        found.contains("body.root_word can be sent, and was not"),
        "{found}"
    );
    assert!(
        found.contains("body.root_pass is not in the document"),
        "{found}"
    );

    let found = failures_with(
        "GET /linode/instances/{}",
        &[(r#""hypervisor":"#, r#""supervisor":"#)],
    )
    .await;
    assert!(
        found.contains("supervisor was lost") || found.contains("missing field `hypervisor`"),
        "{found}"
    );

    // The version is in the address of a server, or among the values of a parameter.
    let versions = [(r#"/v4""#, r#"/v5""#), (r#""v4""#, r#""v5""#)];
    let found = failures_with("GET /regions/{}", &versions).await;
    assert!(found.contains("the version is v4"), "{found}");
}
