//! Unions: the tag chooses the branch, wherever it stands, and nothing is lost where it is unknown.

use linode_core::{Json, Sent, Value, open_enum, read, record, text_of, union};

// Two branches of the same shape: only the tag tells them apart.

#[derive(Clone, PartialEq)]
struct Cat {
    name: String,
}
record!(Cat { name });

#[derive(Clone, PartialEq)]
struct Dog {
    name: String,
}
record!(Dog { name });

#[derive(Clone, Debug, PartialEq)]
enum Animal {
    Cat(Cat),
    Dog(Dog),
    Unknown(Json),
}
union!(Animal { Cat = "house_cat", Dog = "dog" | "hound" } by parent);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Species {
    HouseCat,
    Dog,
    Unknown(String),
}
open_enum!(Species { HouseCat = "house_cat", Dog = "dog" });

#[derive(Clone, PartialEq)]
struct Owner {
    pet: Animal,
    second: Option<Animal>,
    r#type: Option<Species>,
    other_type: Option<String>,
}
record!(Owner { pet, second, r#type = "type", other_type } with pet by r#type, second by other_type);

#[derive(Clone, PartialEq)]
struct Shelter {
    kind: String,
    pet: Option<Animal>,
    sent: Sent,
}
record!(Shelter sends { kind, pet } requires ["kind"] with pet by kind);

fn cat(name: &str) -> Animal {
    Animal::Cat(Cat {
        name: name.to_owned(),
    })
}

fn dog(name: &str) -> Animal {
    Animal::Dog(Dog {
        name: name.to_owned(),
    })
}

#[test]
fn the_tag_of_the_parent_chooses_wherever_it_stands() {
    for (json, expected) in [
        (r#"{"type":"dog","pet":{"name":"Rex"}}"#, dog("Rex")),
        (r#"{"pet":{"name":"Rex"},"type":"dog"}"#, dog("Rex")),
        (r#"{"pet":{"name":"Rex"},"type":"hound"}"#, dog("Rex")),
        (r#"{"pet":{"name":"Tom"},"type":"House Cat"}"#, cat("Tom")),
        (r#"{"pet":{"name":"Tom"},"type":"houseCat"}"#, cat("Tom")),
        (
            r#"{"pet":{"name":"Tom"},"type":"dog","pet":{"name":"Rex"}}"#,
            dog("Rex"),
        ),
    ] {
        assert_eq!(
            read::<Owner>(json.as_bytes()).map(|owner| owner.pet),
            Ok(expected),
            "{json}"
        );
    }
}

#[test]
fn an_unknown_tag_or_none_keeps_the_json() {
    for json in [
        r#"{"pet":{"legs":[8,{"a":null}]},"type":"spider"}"#,
        r#"{"pet":{"name":"Rex"}}"#,
        r#"{"pet":null}"#,
        r#"{"pet":[1]}"#,
    ] {
        let owner: Owner = read(json.as_bytes()).expect("an owner");
        assert!(matches!(owner.pet, Animal::Unknown(_)), "{json}");
        assert_eq!(text_of(&owner), json);
    }
}

#[test]
fn several_unions_have_tags_of_their_own() {
    let json =
        r#"{"second":{"name":"Tom"},"pet":{"name":"Rex"},"other_type":"house_cat","type":"dog"}"#;
    let owner: Owner = read(json.as_bytes()).expect("an owner");
    assert_eq!((owner.pet, owner.second), (dog("Rex"), Some(cat("Tom"))));
    let owner: Owner = read(br#"{"second":null,"pet":{},"other_type":"dog"}"#).expect("an owner");
    assert_eq!(owner.second, None);
}

#[test]
fn a_fault_in_a_branch_has_its_whole_path() {
    let fault = read::<Vec<Owner>>(br#"[{"pet":{"name":[]},"type":"dog"}]"#).expect_err("a fault");
    assert_eq!(
        fault.to_string(),
        "$[0].pet.name: expected a string, found a list (at byte 16)"
    );
    let fault = read::<Owner>(br#"{"type":"dog"}"#).expect_err("a fault");
    assert_eq!(fault.path(), "$.pet");
    let fault = read::<Owner>(br#"{"pet":{},"type":"dog"}"#).expect_err("a fault");
    assert_eq!(
        fault.to_string(),
        "$.pet.name: missing field `name` (at byte 7)"
    );
}

#[test]
fn a_record_that_is_sent_may_hold_one() {
    let json = r#"{"kind":"dog","pet":{"name":"Rex"}}"#;
    let shelter: Shelter = read(json.as_bytes()).expect("a shelter");
    assert_eq!(shelter.pet, Some(dog("Rex")));
    assert_eq!(text_of(&shelter), json);
    assert_eq!(Shelter::new(), Shelter::default());
}

#[derive(Clone, PartialEq)]
struct Disk {
    r#type: String,
    size: i64,
}
record!(Disk { r#type = "type", size });

#[derive(Clone, PartialEq)]
struct Network {
    size: i64,
    r#type: String,
}
record!(Network { size, r#type = "type" });

#[derive(Clone, Debug, PartialEq)]
enum Device {
    Disk(Disk),
    Network(Network),
    Other(Json),
}
union!(Device { Disk = "disk", Network = "network" } by "type" else Other);

#[test]
fn the_tag_inside_chooses_wherever_it_stands() {
    let network = Device::Network(Network {
        size: 1,
        r#type: "network".to_owned(),
    });
    assert_eq!(read(br#"{"size":1,"type":"network"}"#), Ok(network.clone()));
    assert_eq!(read(br#"{"type":"network","size":1}"#), Ok(network.clone()));
    assert_eq!(text_of(&network), r#"{"size":1,"type":"network"}"#);
    let disk: Device =
        read(br#"{"extra":{"type":"network"},"size":1,"type":"disk"}"#).expect("a device");
    assert!(matches!(disk, Device::Disk(_)));
    for json in [
        r#"{"size":1,"type":"tape"}"#,
        r#"{"size":1}"#,
        r#"{"type":[]}"#,
        "[1]",
        "null",
        "7",
    ] {
        let device: Device = read(json.as_bytes()).expect("a device");
        assert!(matches!(device, Device::Other(_)), "{json}");
        assert_eq!(text_of(&device), json);
    }
    let fault = read::<Device>(br#"{"size":{},"type":"disk"}"#).expect_err("a fault");
    assert_eq!(
        fault.to_string(),
        "$.size: expected an integer, found an object (at byte 8)"
    );
}

#[derive(Clone, Debug, PartialEq)]
enum Id {
    Number(i64),
    Text(String),
    Flag(bool),
    List(Vec<i64>),
    Disk(Disk),
    Unknown(Json),
}
union!(Id {
    Number = "number",
    Text = "string",
    Flag = "boolean",
    List = "array",
    Disk = "object",
} by kind);

/// Two branches may even be of one type.
#[derive(Clone, Debug, PartialEq)]
enum Twin {
    First(Cat),
    Second(Cat),
    Unknown(Json),
}
union!(Twin { First = "1", Second = "2" } by "nr");

#[test]
fn branches_of_one_type_are_told_apart() {
    let tom = Cat {
        name: "Tom".to_owned(),
    };
    assert_eq!(
        read(br#"{"nr":1,"name":"Tom"}"#),
        Ok(Twin::First(tom.clone()))
    );
    assert_eq!(read(br#"{"name":"Tom","nr":"2"}"#), Ok(Twin::Second(tom)));
}

/// Without branches there is JSON.
#[derive(Clone, Debug, PartialEq)]
enum Void {
    Unknown(Json),
}
union!(Void {} by parent);

#[derive(Clone, PartialEq)]
struct Nothing {}
record!(Nothing {});

#[test]
fn nothing_is_described() {
    assert_eq!(read(b"7"), Ok(Void::Unknown(7.into())));
    assert_eq!(
        text_of(&read::<Nothing>(br#"{"a":1}"#).expect("nothing")),
        "{}"
    );
    assert_eq!(format!("{:?}", Nothing::default()), "Nothing");
}

#[test]
fn the_kind_of_json_chooses() {
    let table = [
        ("7", Id::Number(7)),
        ("\"7\"", Id::Text("7".to_owned())),
        ("true", Id::Flag(true)),
        ("[7]", Id::List(vec![7])),
        ("null", Id::Unknown(Json::Null)),
    ];
    for (json, expected) in table {
        assert_eq!(read(json.as_bytes()), Ok(expected.clone()));
        assert_eq!(text_of(&expected), json);
    }
    assert!(matches!(read(br#"{"type":"a","size":1}"#), Ok(Id::Disk(_))));
    assert!(Id::empty().blank());
}
