//! What is taken in another form than described, what is refused, and what is said about it.

use linode_core::{DateTime, Json, Map, Reader, Secret, Value, open_enum, read, record, text_of};

/// Reads a value, and gives it as JSON with the repairs; or the fault.
fn outcome<T: Value>(json: &str) -> String {
    let mut reader = Reader::new(json.as_bytes());
    let mut value = T::empty();
    let read = value.read(&mut reader).and_then(|()| reader.finish());
    match read {
        Ok(()) => {
            let repairs: Vec<String> = reader
                .repairs()
                .iter()
                .map(|repair| format!(" ({repair})"))
                .collect();
            format!("{}{}", text_of(&value), repairs.concat())
        }
        Err(fault) => fault.to_string(),
    }
}

#[track_caller]
fn table<T: Value>(rows: &[(&str, &str)]) {
    for (json, expected) in rows {
        assert_eq!(outcome::<T>(json), *expected, "{json}");
    }
}

#[test]
fn integers() {
    table::<i64>(&[
        ("10", "10"),
        ("-0", "0"),
        ("10.0", "10 ($: took a number as an integer)"),
        ("1e3", "1000 ($: took a number as an integer)"),
        ("\"10\"", "10 ($: took a string as an integer)"),
        ("\"10.00\"", "10 ($: took a string as an integer)"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        (
            "9007199254740993.0",
            "9007199254740993 ($: took a number as an integer)",
        ),
        (
            "9223372036854775808",
            "$: expected an integer, found a number \"9223372036854775808\" (at byte 0)",
        ),
        (
            "1e300",
            "$: expected an integer, found a number \"1e300\" (at byte 0)",
        ),
        (
            "10.5",
            "$: expected an integer, found a number \"10.5\" (at byte 0)",
        ),
        (
            "\"\"",
            "$: expected an integer, found a string \"\" (at byte 0)",
        ),
        (
            "\"+1\"",
            "$: expected an integer, found a string \"+1\" (at byte 0)",
        ),
        (
            "\"ten\"",
            "$: expected an integer, found a string \"ten\" (at byte 0)",
        ),
        (
            "true",
            "$: expected an integer, found a boolean (at byte 0)",
        ),
        ("null", "$: expected an integer, found null (at byte 0)"),
        ("[]", "$: expected an integer, found a list (at byte 0)"),
        ("[1,2]", "$: expected an integer, found a list (at byte 0)"),
        ("[7]", "7 ($: took a list as an integer)"),
        (
            "[\"7\"]",
            "7 ($: took a list as an integer) ($[0]: took a string as an integer)",
        ),
        (
            "[[]]",
            "$[0]: expected an integer, found a list (at byte 1)",
        ),
        (
            "",
            "$: expected JSON, found EOF while parsing a value (at byte 0)",
        ),
        ("01", "$: expected JSON, found invalid number (at byte 1)"),
        (
            "1 2",
            "$: expected JSON, found trailing characters (at byte 2)",
        ),
    ]);
}

#[test]
fn numbers() {
    table::<f64>(&[
        ("0.5", "0.5"),
        ("3", "3.0"),
        ("\"0.5\"", "0.5 ($: took a string as a number)"),
        (
            "1e400",
            "$: expected a number, found a number \"1e400\" (at byte 0)",
        ),
        (
            "\"NaN\"",
            "$: expected a number, found a string \"NaN\" (at byte 0)",
        ),
        (
            "\"inf\"",
            "$: expected a number, found a string \"inf\" (at byte 0)",
        ),
        ("NaN", "$: expected JSON, found expected value (at byte 0)"),
        ("{}", "$: expected a number, found an object (at byte 0)"),
    ]);
}

#[test]
fn booleans() {
    table::<bool>(&[
        ("true", "true"),
        ("0", "false ($: took an integer as a boolean)"),
        ("1", "true ($: took an integer as a boolean)"),
        ("\"false\"", "false ($: took a string as a boolean)"),
        (
            "2",
            "$: expected a boolean, found an integer \"2\" (at byte 0)",
        ),
        (
            "\"yes\"",
            "$: expected a boolean, found a string \"yes\" (at byte 0)",
        ),
        ("null", "$: expected a boolean, found null (at byte 0)"),
    ]);
}

#[test]
fn strings() {
    table::<String>(&[
        (r#""a\u00e9\n""#, r#""aé\n""#),
        ("12", "\"12\" ($: took an integer as a string)"),
        ("1.50", "\"1.50\" ($: took a number as a string)"),
        (
            "18446744073709551616",
            "\"18446744073709551616\" ($: took an integer as a string)",
        ),
        ("true", "\"true\" ($: took a boolean as a string)"),
        ("null", "$: expected a string, found null (at byte 0)"),
        ("[\"a\"]", "\"a\" ($: took a list as a string)"),
        (
            "[\"a\",\"b\"]",
            "$: expected a string, found a list (at byte 0)",
        ),
    ]);
    assert!(read::<String>(b"\"\xff\"").is_err());
    assert!(read::<Json>(b"\"\xff\"").is_err());
}

#[test]
fn secrets() {
    table::<Secret>(&[
        ("\"s3cret\"", "\"s3cret\""),
        ("12", "\"12\" ($: took an integer as a string)"),
    ]);
}

#[test]
fn times() {
    table::<DateTime>(&[
        ("\"2018-01-02T03:04:05\"", "\"2018-01-02T03:04:05\""),
        (
            "\"\"",
            "$: expected a date and time, found a string \"\" (at byte 0)",
        ),
        (
            "0",
            "$: expected a date and time, found an integer (at byte 0)",
        ),
        (
            "[\"2018-01-02T03:04:05Z\"]",
            "\"2018-01-02T03:04:05\" ($: took a list as a date and time)",
        ),
    ]);
}

#[test]
fn lists_and_maps() {
    table::<Vec<i64>>(&[
        ("[]", "[]"),
        ("7", "[7] ($: took an integer as a list)"),
        ("[1,\"2\"]", "[1,2] ($[1]: took a string as an integer)"),
        ("null", "[] ($: took null as an empty list)"),
        ("[1,null]", "[1] ($[1]: took null as nothing)"),
        (
            r#"{"data":[1,"2"],"page":1,"pages":1,"results":2}"#,
            "[1,2] ($: took a page as a list) ($.data[1]: took a string as an integer)",
        ),
        ("{}", "$: expected an integer, found an object (at byte 0)"),
        (
            "[1,]",
            "$[1]: expected JSON, found trailing comma (at byte 3)",
        ),
    ]);
    table::<Vec<Option<i64>>>(&[("[1,null]", "[1,null]")]);
    table::<Vec<Json>>(&[("[1,null]", "[1,null]")]);
    table::<Map<Vec<i64>>>(&[
        (r#"{"b":[1],"a":[2]}"#, r#"{"a":[2],"b":[1]}"#),
        (
            r#"{"a b":[{}]}"#,
            "$[\"a b\"][0]: expected an integer, found an object (at byte 8)",
        ),
        ("[]", "{} ($: took an empty list as an empty object)"),
        ("null", "{} ($: took null as an empty object)"),
        ("[1]", "$: expected an object, found a list (at byte 0)"),
    ]);
}

#[test]
fn free_form_json_keeps_all_it_can() {
    table::<Json>(&[
        (
            r#"{"b":[1,2.5,null],"a":18446744073709551615}"#,
            r#"{"a":18446744073709551615,"b":[1,2.5,null]}"#,
        ),
        ("null", "null"),
    ]);
}

#[test]
fn nesting_has_an_end() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for levels in [1_000, 100_000] {
        assert!(read::<Json>(deep(levels).as_bytes()).is_err());
        assert!(
            read::<Disk>(format!("{{\"id\":1,\"unknown\":{}}}", deep(levels)).as_bytes()).is_err()
        );
    }
    assert!(read::<Json>(deep(100).as_bytes()).is_ok());
    let fault =
        read::<Chain>(format!("{}1{}", "{\"next\":".repeat(200), "}".repeat(200)).as_bytes());
    assert_eq!(
        fault.expect_err("too deep").expected(),
        "at most 128 levels of nesting"
    );
}

#[derive(Clone, PartialEq)]
struct Chain {
    next: Option<Box1>,
}
record!(Chain { next });

/// A box of a chain: a record that holds itself.
#[derive(Clone, Debug, PartialEq)]
struct Box1(Box<Option<Chain>>);

impl Value for Box1 {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), linode_core::Fault> {
        self.0.read(reader)
    }
    fn write(&self, writer: &mut linode_core::Writer) {
        self.0.write(writer);
    }
    fn blank(&self) -> bool {
        self.0.blank()
    }
    fn empty() -> Self {
        Box1(Box::new(None))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Status {
    Ready,
    Unknown(String),
}
open_enum!(Status { Ready = "ready" });

#[derive(Clone, PartialEq)]
struct Disk {
    id: i64,
    label: Option<String>,
    status: Option<Status>,
    tags: Option<Vec<String>>,
    password: Option<Secret>,
}
record!(Disk { id, label, status, tags, password = "root-pass" });

#[test]
fn records() {
    table::<Disk>(&[
        (r#"{"id":1}"#, r#"{"id":1}"#),
        (
            r#"{"status":"ready","new":{"a":[]},"id":1}"#,
            r#"{"id":1,"status":"ready"}"#,
        ),
        (
            r#"{"id":1,"status":"melting"}"#,
            r#"{"id":1,"status":"melting"}"#,
        ),
        (
            r#"{"id":1,"label":null,"tags":"web"}"#,
            r#"{"id":1,"tags":["web"]} ($.tags: took a string as a list)"#,
        ),
        (r#"{"id":1,"id":2,"label":"a","label":null}"#, r#"{"id":2}"#),
        (r#"{"\u0069d":3}"#, r#"{"id":3}"#),
        (r#"{}"#, "$.id: missing field `id` (at byte 0)"),
        (
            r#"{"id":null}"#,
            "$.id: expected an integer, found null (at byte 6)",
        ),
        (
            r#"{"id":1,"tags":["a",[]]}"#,
            "$.tags[1]: expected a string, found a list (at byte 20)",
        ),
        (
            r#"{"id":1,"root-pass":[]}"#,
            "$.root-pass: expected a string, found a list (at byte 20)",
        ),
        (
            r#"{"id":1,"status":"Ready"}"#,
            r#"{"id":1,"status":"ready"} ($.status: took another case as a listed value)"#,
        ),
        (r#"[]"#, "$: expected a Disk, found a list (at byte 0)"),
        (r#"[{"id":1}]"#, r#"{"id":1} ($: took a list as an object)"#),
        (
            r#"[{"id":1},{"id":2}]"#,
            "$: expected a Disk, found a list (at byte 0)",
        ),
        (r#"null"#, "$: expected a Disk, found null (at byte 0)"),
        (
            r#"{"id":1"#,
            "$.id: expected JSON, found EOF while parsing an object (at byte 7)",
        ),
        (
            r#"{id:1}"#,
            "$.Disk: expected JSON, found key must be a string (at byte 1)",
        ),
    ]);
    table::<linode_core::Page<Disk>>(&[
        (
            r#"{"data":[{"id":1},{"label":"x"}]}"#,
            "$.data[1].id: missing field `id` (at byte 18)",
        ),
        (r#"{"page":1}"#, "$.data: missing field `data` (at byte 0)"),
        (
            r#"[{"id":1}]"#,
            r#"{"data":[{"id":1}],"page":1,"pages":1,"results":1} ($: took a list as a page)"#,
        ),
    ]);
    table::<Vec<Loose>>(&[
        (
            r#"{"label":"a"}"#,
            r#"[{"label":"a"}] ($: took an object as a list)"#,
        ),
        (
            r#"{"novelty":1}"#,
            "$: expected a list, found an object (at byte 13)",
        ),
        (r#"[{"novelty":1}]"#, "[{}]"),
    ]);
}

#[derive(Clone, PartialEq)]
struct Loose {
    label: Option<String>,
}
record!(Loose { label });

#[test]
fn what_is_strict_refuses_what_would_be_repaired() {
    let outcome = |json: &str| {
        let mut reader = Reader::strict(json.as_bytes());
        let mut disk = Disk::empty();
        disk.read(&mut reader).map_err(|fault| fault.to_string())
    };
    assert_eq!(
        outcome(r#"{"id":1,"novelty":2,"label":null,"status":"melting"}"#),
        Ok(())
    );
    for (json, path) in [
        (r#"{"id":"1"}"#, "$.id"),
        (r#"{"id":1.0}"#, "$.id"),
        (r#"{"id":1,"tags":"web"}"#, "$.tags"),
        (r#"{"id":1,"tags":["web",null]}"#, "$.tags[1]"),
        (r#"{"id":1,"status":"READY"}"#, "$.status"),
        (r#"[{"id":1}]"#, "$"),
    ] {
        let told = outcome(json).expect_err("a fault");
        assert!(
            told.starts_with(&format!("{path}: expected")),
            "{json}: {told}"
        );
    }
}

#[derive(Clone, PartialEq)]
struct Rule {
    action: String,
    ports: Option<String>,
    sent: linode_core::Sent,
}
record!(Rule sends { action, ports });

#[derive(Clone, Default, PartialEq)]
struct Rules(linode_core::Body);
linode_core::body!(Rules { inbound: Vec<Rule>, policy: Status } requires ["inbound"]);

#[test]
fn what_a_request_is_read_into_keeps_all_of_it() {
    let text =
        r#"{"inbound":[{"action":null,"ports":"22","novelty":{"a":1}}],"policy":null,"more":[1]}"#;
    let mut reader = Reader::request(text.as_bytes());
    let mut rules = Rules::new();
    rules.read(&mut reader).expect("a request");
    assert_eq!(reader.unknown(), ["$.inbound[0].novelty", "$.more"]);
    assert_eq!(text_of(&rules), text);

    let mut reader = Reader::request(br#"{"inbound":[{"action":7}]}"#);
    let fault = Rules::new().read(&mut reader).expect_err("a fault");
    assert_eq!(
        fault.to_string(),
        "$.inbound[0].action: expected a string, found an integer (at byte 22)"
    );

    let rule = Rule::new().with("novelty", 1);
    assert_eq!(text_of(&rule), r#"{"novelty":1}"#);
    assert_ne!(rule, Rule::new());
}
