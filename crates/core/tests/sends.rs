//! What goes out: absent, null and value are three things, in request types and in records that are sent.

use linode_core::{
    Body, Gaps, Input, Json, Map, Null, Secret, Sent, Value, body, open_enum, read, record, text_of,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Purpose {
    Public,
    Unknown(String),
}
open_enum!(Purpose { Public = "public" });

#[derive(Clone, PartialEq)]
struct Interface {
    purpose: Purpose,
    label: Option<String>,
    primary: bool,
    ranges: Vec<String>,
    sent: Sent,
}
record!(Interface sends { purpose, label, primary, ranges = "ip_ranges" } requires ["purpose"]);

impl Interface {
    fn purpose(mut self, value: impl Into<Input<Purpose>>) -> Self {
        self.sent.put(0, &mut self.purpose, value);
        self
    }
    fn label(mut self, value: impl Into<Input<String>>) -> Self {
        self.sent.put(1, &mut self.label, value);
        self
    }
    fn primary(mut self, value: impl Into<Input<bool>>) -> Self {
        self.sent.put(2, &mut self.primary, value);
        self
    }
    fn ranges(mut self, value: impl Into<Input<Vec<String>>>) -> Self {
        self.sent.put(3, &mut self.ranges, value);
        self
    }
}

#[test]
fn a_record_sends_what_was_set() {
    let table = [
        (Interface::new(), "{}"),
        (Interface::new().label(Null), r#"{"label":null}"#),
        (Interface::new().label("a").label(Null), r#"{"label":null}"#),
        (Interface::new().label(Null).label("a"), r#"{"label":"a"}"#),
        (Interface::new().primary(false), r#"{"primary":false}"#),
        (Interface::new().primary(Null), r#"{"primary":null}"#),
        (
            Interface::new().ranges(Vec::<String>::new()),
            r#"{"ip_ranges":[]}"#,
        ),
        (
            Interface::new().purpose("public").ranges(["a"]),
            r#"{"purpose":"public","ip_ranges":["a"]}"#,
        ),
    ];
    for (interface, expected) in table {
        assert_eq!(text_of(&interface), expected);
    }
}

#[test]
fn a_public_field_that_was_filled_by_hand_is_sent() {
    let mut interface = Interface::new();
    interface.primary = true;
    interface.label = Some(String::new());
    assert_eq!(text_of(&interface), r#"{"label":"","primary":true}"#);
}

#[test]
fn what_was_read_goes_back_as_it_came() {
    for json in [
        r#"{"purpose":"public","label":null,"primary":false,"ip_ranges":[]}"#,
        r#"{"purpose":"vpc","primary":true,"ip_ranges":[]}"#,
    ] {
        let interface: Interface = read(json.as_bytes()).expect("an interface");
        assert_eq!(text_of(&interface), json);
        assert_eq!(serde_json::to_string(&interface).expect("JSON"), json);
    }
}

#[test]
fn equality_is_about_values() {
    let read: Interface =
        read(br#"{"purpose":"public","label":null,"primary":false,"ip_ranges":[]}"#).expect("one");
    assert_eq!(read, Interface::new().purpose(Purpose::Public));
}

#[derive(Clone, Default, PartialEq)]
struct CreateInstance(Body);
body!(CreateInstance requires ["region", "type"]);

impl CreateInstance {
    fn region(self, value: impl Into<Input<String>>) -> Self {
        self.set("region", value)
    }
    fn r#type(self, value: impl Into<Input<String>>) -> Self {
        self.set("type", value)
    }
    fn root_pass(self, value: impl Into<Input<Secret>>) -> Self {
        self.set("root_pass", value)
    }
    fn interfaces(self, value: impl Into<Input<Vec<Interface>>>) -> Self {
        self.set("interfaces", value)
    }
    fn metadata(self, value: impl Into<Input<Map<String>>>) -> Self {
        self.set("metadata", value)
    }
    fn clones(self, value: impl Into<Input<Vec<CreateInstance>>>) -> Self {
        self.set("clones", value)
    }
}

fn missing(value: &dyn Value) -> Vec<String> {
    let mut gaps = Gaps::default();
    value.missing(&mut gaps);
    gaps.into_paths()
}

#[test]
fn a_body_keeps_the_order_in_which_it_was_set() {
    let create = CreateInstance::new()
        .r#type("a")
        .region("b")
        .r#type("c")
        .with("beta", vec![1]);
    assert_eq!(text_of(&create), r#"{"type":"c","region":"b","beta":[1]}"#);
    assert_eq!(
        serde_json::to_string(&create).expect("JSON"),
        text_of(&create)
    );
    assert_eq!(
        read::<CreateInstance>(text_of(&create).as_bytes()),
        Ok(create.clone())
    );
    assert_ne!(create, CreateInstance::new());
}

#[test]
fn all_that_is_missing_is_named() {
    let create = CreateInstance::new()
        .region("us-east")
        .interfaces([
            Interface::new().purpose("public"),
            Interface::new().label("x"),
        ])
        .clones(vec![CreateInstance::new().r#type(Null)]);
    assert_eq!(
        missing(&create),
        ["type", "interfaces[1].purpose", "clones[0].region"]
    );
}

#[test]
fn secrets_are_sent_and_not_shown() {
    let create = CreateInstance::new()
        .root_pass("s3cret")
        .clones([CreateInstance::new().root_pass("s3cret")]);
    assert!(text_of(&create).contains("s3cret"));
    assert!(!format!("{create:?} {create:#?}").contains("s3cret"));
    let unknown = CreateInstance::new()
        .region("a")
        .with("db_password", "s3cret");
    assert_eq!(
        format!("{unknown:?}"),
        r#"CreateInstance { region: "a", db_password: "[redacted]" }"#
    );
}

#[test]
fn inputs_take_what_is_at_hand() {
    let tags = |value: Input<Vec<String>>| value.into_option();
    let expected = Some(vec!["a".to_owned()]);
    assert_eq!(tags(["a"].into()), expected);
    assert_eq!(tags(vec!["a"].into()), expected);
    assert_eq!(tags((&["a"]).into()), expected);
    assert_eq!(tags(["a"][..].as_ref().into()), expected);
    assert_eq!(tags((&vec!["a".to_owned()]).into()), expected);
    assert_eq!(tags([Input::from("a"), Input::Null].into()), expected);
    assert_eq!(tags(Null.into()), None);
    assert_eq!(Input::<i64>::from(7_u32), Input::Value(7));
    assert_eq!(Input::<f64>::from(7), Input::Value(7.0));
    assert_eq!(Input::<Json>::from(Json::Null), Input::Value(Json::Null));
    let create = CreateInstance::new().metadata(Map::from([("a".to_owned(), "b".to_owned())]));
    assert_eq!(text_of(&create), r#"{"metadata":{"a":"b"}}"#);
}
