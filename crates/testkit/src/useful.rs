//! Answers that a program can go on with, where the document says too little for that: an address to which a file can be sent, a kubeconfig that can
//! be read, events of what was done.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Json;

/// The path on the kit itself that takes files.
pub(crate) const FILES: &str = "/upload";

/// What a text is made of that the document gives no example of.
const NOTHING: &str = "made of nothing";

/// Names that are those of addresses.
const ADDRESSES: &[&str] = &["upload_to", "url"];

/// What a kubeconfig says that leads to nothing.
const KUBECONFIG: &str = "\
apiVersion: v1
kind: Config
current-context: stand-in
clusters:
- name: stand-in
  cluster: {server: 'https://127.0.0.1:6443'}
contexts:
- name: stand-in
  context: {cluster: stand-in, user: stand-in}
users:
- name: stand-in
  user: {token: none}
";

/// What every event has.
const OF_EVENTS: [&str; 4] = ["id", "action", "entity", "status"];

/// Gives the fields of which the document says too little what their names ask for; the kit is at this address.
pub(crate) fn complete(json: &mut Json, kit: &str) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| complete(item, kit)),
        Json::Object(object) => {
            for (name, value) in object {
                match value.as_str().filter(|text| *text == NOTHING) {
                    Some(_) => name_value(name, kit).map_or((), |text| *value = text),
                    None => complete(value, kit),
                }
            }
        }
        _ => {}
    }
}

fn name_value(name: &str, kit: &str) -> Option<Json> {
    let is_address = ADDRESSES.contains(&name);
    let address = is_address.then(|| format!("{kit}{FILES}"));
    let kubeconfig = || (name == "kubeconfig").then(|| STANDARD.encode(KUBECONFIG));
    address.or_else(kubeconfig).map(Json::from)
}

/// Has an event be one of what was done last: it is finished, and newer than it was before that.
pub(crate) fn event(item: &mut Json, done: u64) {
    if !OF_EVENTS.iter().all(|name| item.get(*name).is_some()) {
        return;
    }
    let first = item["id"].as_u64().unwrap_or_default();
    item["id"] = (first + done).into();
    item["status"] = "finished".into();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn only_what_is_made_of_nothing_is_completed() {
        let mut made = json!({"upload_to": NOTHING, "label": NOTHING, "list": [{"url": NOTHING}, {"url": "/v4/x"}]});
        complete(&mut made, "http://h");
        assert_eq!(
            made,
            json!({"upload_to": "http://h/upload", "label": NOTHING, "list": [{"url": "http://h/upload"}, {"url": "/v4/x"}]})
        );
    }

    #[test]
    fn only_an_event_is_finished() {
        let mut item = json!({"id": 7, "action": "a", "entity": {}, "status": "failed"});
        event(&mut item, 2);
        assert_eq!(
            (&item["id"], &item["status"]),
            (&json!(9), &json!("finished"))
        );
        let mut other = json!({"id": 7, "status": "failed"});
        event(&mut other, 2);
        assert_eq!(other, json!({"id": 7, "status": "failed"}));
    }
}
