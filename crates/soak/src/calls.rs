//! The calls of a run: of all methods, each with a number that its answer must have.

use linode_sdk::profile::UpdateToken;
use linode_sdk::tags::CreateTag;
use linode_sdk::{Client, Error};
use linode_testkit::{Reply, Testkit, json};

use crate::End;

/// Has the kit answer with what a request asks for, so that an answer can be told from another's.
pub(crate) fn tell(kit: &Testkit) {
    kit.on("GET /profile/apps/{appId}").reply_with(|received| {
        let id = received
            .argument("appId")
            .and_then(|id| id.parse::<i64>().ok());
        Reply::json(200, json!({"id": id}))
    });
    kit.on("POST /tags")
        .reply_with(|received| Reply::json(200, json!({"label": received.json()["label"]})));
    kit.on("PUT /profile/tokens/{tokenId}")
        .reply_with(|received| {
            let id = received
                .argument("tokenId")
                .and_then(|id| id.parse::<i64>().ok());
            Reply::json(200, json!({"id": id, "label": received.json()["label"], "scopes": "*", "created": "2018-01-02T03:04:05", "token": "t", "expiry": "2999-01-01T00:00:00"}))
        });
    kit.on("DELETE /tags/{tagLabel}")
        .reply(Reply::json(200, json!({})));
}

/// The label of the tag that a call creates: no other call has it.
pub(crate) fn label(number: usize) -> String {
    format!("tag-{number}")
}

/// The call of a label.
pub(crate) fn number(label: &str) -> Option<usize> {
    label.strip_prefix("tag-")?.parse().ok()
}

/// Makes the call of a number: of ten calls four are `GET`, two each of the others.
pub(crate) async fn call(client: &Client, number: usize) -> End {
    let id = number as i64;
    let label = label(number);
    match number % 10 {
        0..4 => {
            let app = client.profile().get_app(id).await;
            check(app, |app| app.id == Some(id))
        }
        4 | 5 => {
            let tag = client
                .tags()
                .create_tag(CreateTag::new().label(&label))
                .await;
            check(tag, |tag| tag.label == label)
        }
        6 | 7 => {
            let token = UpdateToken::new().label(&label);
            let token = client.profile().update_token(id, token).await;
            check(token, |token| token.id == id)
        }
        _ => check(client.tags().delete_tag(&label).await, |()| true),
    }
}

fn check<T: std::fmt::Debug>(ended: Result<T, Error>, own: impl FnOnce(&T) -> bool) -> End {
    match ended {
        Ok(answer) if own(&answer) => End::Answered,
        Ok(answer) => End::Wrong(format!("an answer of another call: {answer:?}")),
        Err(error) => End::Failed(error),
    }
}
