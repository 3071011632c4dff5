//! Corrections: what recorded answers show about presence, and entries that do nothing.

mod support;

use linode_spec::api::{AnswerKind, Api, Ty, TypeKind};
use linode_spec::correct::{Corrections, Deviations, Evidence};
use linode_spec::name::{Lock, Names, name};
use support::{answering, object};

/// A model whose answer holds a nested object, and its names.
fn boat() -> (Api, Names) {
    let api = answering(&object(
        "id: {type: integer}, label: {type: string}, crew: {type: array, items: {type: object, properties: {id: {type: integer}, rank: {type: string}}}}",
    ));
    let (names, _) = name(&api, &Lock::default()).expect("names");
    (api, names)
}

/// What the evidence of these answers proposes: `Type.field` → objects.
fn proposed(answers: &[&str]) -> Vec<(String, u64)> {
    let (api, names) = boat();
    let mut evidence = Evidence::default();
    let lines: Vec<String> = answers
        .iter()
        .map(|body| {
            format!(r#"{{"path": "/a", "method": "GET", "status": 200, "response_body": {body}}}"#)
        })
        .collect();
    evidence
        .read_samples(&api, &lines.join("\n"))
        .expect("samples");
    flat(&evidence.propose(&api, &names))
}

fn flat(corrections: &Corrections) -> Vec<(String, u64)> {
    let fields = corrections.presence.iter().flat_map(|entry| {
        entry
            .fields
            .iter()
            .map(|(field, seen)| (format!("{}.{field}", entry.type_name), *seen))
    });
    fields.collect()
}

fn owned<const N: usize>(entries: [(&str, u64); N]) -> Vec<(String, u64)> {
    entries
        .map(|(field, seen)| (field.to_owned(), seen))
        .to_vec()
}

#[test]
fn three_objects_make_a_field_and_one_makes_the_identifier() {
    let full = r#"{"id": 1, "label": "x"}"#;
    assert_eq!(proposed(&[full]), owned([("A.id", 1)]));
    assert_eq!(proposed(&[full, full]), owned([("A.id", 2)]));
    assert_eq!(
        proposed(&[full, full, full]),
        owned([("A.id", 3), ("A.label", 3)])
    );
}

#[test]
fn absent_once_or_null_once_is_not_always_there() {
    let full = r#"{"id": 1, "label": "x"}"#;
    assert_eq!(
        proposed(&[full, full, full, r#"{"id": 1}"#]),
        owned([("A.id", 4)])
    );
    assert_eq!(
        proposed(&[full, full, full, r#"{"id": null, "label": null}"#]),
        owned([])
    );
}

#[test]
fn objects_of_one_type_count_together_wherever_they_are() {
    let crew = r#"{"id": 1, "label": "x", "crew": [{"id": 1, "rank": "a"}, {"id": 2, "rank": "b"}, {"id": 3, "rank": "c"}]}"#;
    assert_eq!(
        proposed(&[crew]),
        owned([("A.id", 1), ("ACrew.id", 3), ("ACrew.rank", 3)])
    );
}

#[test]
fn failures_and_other_paths_are_no_evidence() {
    let (api, names) = boat();
    let mut evidence = Evidence::default();
    let lines = [
        r#"{"path": "/a", "method": "GET", "status": 404, "response_body": {"id": 1}}"#,
        r#"{"path": "/elsewhere", "method": "GET", "status": 200, "response_body": {"id": 1}}"#,
    ];
    evidence
        .read_samples(&api, &lines.join("\n"))
        .expect("samples");
    assert_eq!(flat(&evidence.propose(&api, &names)), owned([]));
}

#[test]
fn a_table_of_counts_says_the_same_as_the_objects() {
    let (api, names) = boat();
    let mut evidence = Evidence::default();
    let table = "operation\tobject\tfield\tobjects\tpresent\tnull\nGET /a\t/\tid\t9\t9\t0\nGET /a\t/\tlabel\t9\t9\t1\nGET /a\t/crew/*\trank\t4\t4\t0\n";
    evidence.read_table(&api, table).expect("a table");
    assert_eq!(
        flat(&evidence.propose(&api, &names)),
        owned([("A.id", 9), ("ACrew.rank", 4)])
    );
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    let (api, _) = boat();
    let error = Evidence::default()
        .read_table(&api, "head\nGET /a\t/\tid\tmany\t1\t0\n")
        .expect_err("no number");
    assert!(error.to_string().starts_with("line 2: `many`"), "{error}");
    let error = Evidence::default()
        .read_samples(&api, "\n{\"method\": \"GET\"}\n")
        .expect_err("no path");
    assert!(
        error.to_string().starts_with("line 2: no `path`"),
        "{error}"
    );
}

#[test]
fn entries_make_fields_plain_once_and_are_told_when_they_do_nothing() {
    let (mut api, mut names) = boat();
    let text = "presence:\n- {type: A, fields: {id: 3, gone: 3}, seen_in: [GET /a], reason: seen}\n- {type: Gone, fields: {id: 1}, seen_in: [GET /a], reason: seen}\n";
    let corrections = Corrections::parse(text).expect("corrections");
    let idle: Vec<String> = corrections
        .apply(&mut api, &mut names)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(idle.len(), 2, "{idle:?}");
    assert!(
        idle[0].contains("`A.gone`") && idle[1].contains("`Gone`"),
        "{idle:?}"
    );
    assert_eq!(always(&api), ["id"]);
    let again: Vec<String> = corrections
        .apply(&mut api, &mut names)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        again.len(),
        3,
        "what is so already needs no entry: {again:?}"
    );
}

#[test]
fn what_is_proposed_can_be_written_read_and_applied() {
    let (mut api, mut names) = boat();
    let mut evidence = Evidence::default();
    evidence
        .read_samples(
            &api,
            r#"{"path": "/a", "response_body": {"id": 1, "label": null}}"#,
        )
        .expect("samples");
    let proposed = evidence.propose(&api, &names);
    let read = Corrections::parse(&proposed.render()).expect("what was rendered");
    assert_eq!(proposed, read);
    assert!(read.apply(&mut api, &mut names).is_empty());
    assert_eq!(always(&api), ["id"]);
}

fn always(api: &Api) -> Vec<&str> {
    let records = api.types.iter().filter_map(|def| match &def.kind {
        TypeKind::Record(record) => Some(record),
        _ => None,
    });
    records
        .flat_map(|record| &record.fields)
        .filter(|f| f.always)
        .map(|f| f.name.as_str())
        .collect()
}

/// A model with a list, an item, an enum and a nested object, and its names.
fn harbour() -> (Api, Names) {
    let api = support::api(
        "  /boats:
    get:
      servers: [{url: https://api.linode.com/v4}]
      responses: {'200': {description: '', content: {application/json: {schema: {type: object, properties: {
        page: {type: integer}, pages: {type: integer}, results: {type: integer},
        data: {type: array, items: {$ref: '#/components/schemas/Boat'}}}}}}}}
  /boats/{boatId}:
    parameters: [{name: boatId, in: path, required: true, schema: {type: integer}}]
    get:
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}}
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {sails: {type: integer}}}}}}
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}}
components:
  schemas:
    Boat:
      type: object
      properties:
        id: {type: integer, x-linode-filterable: true}
        berth: {type: string, x-linode-filterable: true}
        state: {type: string, enum: [afloat, sunk]}
        crew: {type: array, items: {type: string}}
        flag: {type: object, properties: {colour: {type: string}}}
",
    );
    let (names, _) = name(&api, &Lock::default()).expect("names");
    (api, names)
}

/// Applies an entry twice: it changes the model once, and is told to do nothing the second time.
fn corrected(text: &str) -> (Api, Names) {
    let (mut api, mut names) = harbour();
    let corrections = Corrections::parse(text).expect("corrections");
    assert_eq!(corrections.entries().len(), 1, "{text}");
    let idle = corrections.apply(&mut api, &mut names);
    assert!(idle.is_empty(), "{idle:?}");
    let (mut again, mut same_names) = (api.clone(), names.clone());
    let idle = corrections.apply(&mut again, &mut same_names);
    assert_eq!(idle.len(), 1, "what is so already needs no entry: {idle:?}");
    assert_eq!(
        (&again, &same_names),
        (&api, &names),
        "an entry that does nothing changes nothing"
    );
    let read = Corrections::parse(&corrections.render()).expect("what was rendered");
    assert_eq!(read, corrections);
    (api, names)
}

/// Why an entry does nothing to a model that it was not applied to before.
fn idle(text: &str) -> String {
    let (mut api, mut names) = harbour();
    let corrections = Corrections::parse(text).expect("corrections");
    let idle = corrections.apply(&mut api, &mut names);
    assert_eq!(idle.len(), 1, "{idle:?}");
    idle[0].to_string()
}

const SEEN: &str = "seen_in: [GET /boats], reason: seen";

fn boat_field(api: &Api, field: &str) -> linode_spec::api::Field {
    let boat = api
        .types
        .iter()
        .find(|def| def.components.contains(&"Boat".to_owned()))
        .expect("the boat");
    let TypeKind::Record(record) = &boat.kind else {
        panic!("{boat:?}")
    };
    record
        .fields
        .iter()
        .find(|known| known.name == field)
        .cloned()
        .expect(field)
}

fn operation<'a>(api: &'a Api, key: &str) -> &'a linode_spec::api::Operation {
    api.operations
        .iter()
        .find(|operation| operation.key() == key)
        .expect(key)
}

#[test]
fn another_type() {
    let (api, _) = corrected(&format!(
        "types: [{{type: Boat, field: berth, is: integer, {SEEN}}}]"
    ));
    assert_eq!(boat_field(&api, "berth").ty, Ty::Integer);
    let filters = &operation(&api, "GET /boats")
        .answer
        .list()
        .expect("a list")
        .filters;
    assert_eq!(
        filters
            .iter()
            .find(|filter| filter.key == "berth")
            .map(|filter| &filter.ty),
        Some(&Ty::Integer)
    );

    let (api, names) = corrected(&format!(
        "types: [{{type: Boat, field: berth, is: list of BoatFlag, {SEEN}}}]"
    ));
    assert_eq!(
        boat_field(&api, "berth").ty.named().map(|id| names.of(id)),
        Some("BoatFlag")
    );

    assert!(
        idle(&format!(
            "types: [{{type: Boat, field: berth, is: strnig, {SEEN}}}]"
        ))
        .contains("known are string")
    );
    assert!(
        idle(&format!(
            "types: [{{type: Boat, field: keel, is: string, {SEEN}}}]"
        ))
        .contains("no field of this name")
    );
    assert!(
        idle(&format!(
            "types: [{{type: Raft, field: keel, is: string, {SEEN}}}]"
        ))
        .contains("no type of this name")
    );
}

#[test]
fn nullable_takes_back_what_presence_says() {
    let presence =
        "presence: [{type: Boat, fields: {berth: 3}, seen_in: [GET /boats], reason: seen}]";
    let (mut api, mut names) = harbour();
    let text = format!("{presence}\nnullable: [{{type: Boat, field: berth, {SEEN}}}]");
    let corrections = Corrections::parse(&text).expect("corrections");
    assert!(corrections.apply(&mut api, &mut names).is_empty());
    let berth = boat_field(&api, "berth");
    assert!(berth.nullable && !berth.always);
    corrected(&format!("nullable: [{{type: Boat, field: berth, {SEEN}}}]"));
}

#[test]
fn more_values() {
    let (api, names) = corrected(&format!(
        "values: [{{type: BoatState, values: [in_dock], {SEEN}}}]"
    ));
    let at = names
        .types
        .iter()
        .position(|known| known.name == "BoatState")
        .expect("the state");
    assert_eq!(names.types[at].members, ["Afloat", "Sunk", "InDock"]);
    let TypeKind::Enum(of) = &api.types[at].kind else {
        panic!()
    };
    assert_eq!(of.values, ["afloat", "sunk", "in_dock"]);
    assert!(
        idle(&format!(
            "values: [{{type: BoatState, values: [sunk], {SEEN}}}]"
        ))
        .contains("it has `sunk`")
    );
    assert!(idle(&format!("values: [{{type: Boat, values: [sunk], {SEEN}}}]")).contains("no enum"));
}

#[test]
fn one_value_or_many() {
    let (api, _) = corrected(&format!(
        "many: [{{type: Boat, field: berth, many: true, {SEEN}}}]"
    ));
    assert_eq!(boat_field(&api, "berth").ty, Ty::List(Box::new(Ty::String)));
    let (api, _) = corrected(&format!(
        "many: [{{type: Boat, field: crew, many: false, {SEEN}}}]"
    ));
    assert_eq!(boat_field(&api, "crew").ty, Ty::String);
}

#[test]
fn a_field_that_the_document_lacks() {
    let (api, names) = corrected(&format!(
        "fields: [{{type: Boat, field: home port, is: string, {SEEN}}}]"
    ));
    assert_eq!(boat_field(&api, "home port").ty, Ty::String);
    let boat = names
        .types
        .iter()
        .find(|known| known.name == "Boat")
        .expect("the boat");
    assert_eq!(boat.members.last().map(String::as_str), Some("home_port"));
    corrected(&format!(
        "fields: [{{type: UpdateBoat, field: berth, is: list of string, {SEEN}}}]"
    ));
}

#[test]
fn another_envelope() {
    let item = |api: &Api| operation(api, "GET /boats/{}").answer.kind.clone();
    let (api, _) = corrected(&format!(
        "envelopes: [{{operation: boats.get_boat, is: page, {SEEN}}}]"
    ));
    assert!(matches!(item(&api), AnswerKind::Page(_)));
    let (api, _) = corrected(&format!(
        "envelopes: [{{operation: boats.get_boat, is: list, {SEEN}}}]"
    ));
    assert!(matches!(item(&api), AnswerKind::Value(Ty::List(_))));
    let (api, _) = corrected(&format!(
        "envelopes: [{{operation: boats.list_boats, is: item, {SEEN}}}]"
    ));
    assert_eq!(operation(&api, "GET /boats").answer.kind, item(&api));
    assert!(
        idle(&format!(
            "envelopes: [{{operation: boats.sink, is: item, {SEEN}}}]"
        ))
        .contains("no operation of this name")
    );
}

#[test]
fn another_server() {
    let (api, _) = corrected(&format!(
        "servers: [{{operation: boats.list_boats, versions: [v4beta], {SEEN}}}]"
    ));
    assert_eq!(operation(&api, "GET /boats").versions, ["v4beta"]);
}

#[test]
fn filtered_by_and_not_ordered() {
    let (api, _) = corrected(&format!(
        "no_order_by: [{{operation: boats.list_boats, fields: [berth], {SEEN}}}]"
    ));
    let list = operation(&api, "GET /boats").answer.list().expect("a list");
    let ordered: Vec<(&str, bool)> = list
        .filters
        .iter()
        .map(|filter| (filter.key.as_str(), filter.ordered))
        .collect();
    assert_eq!(ordered, [("id", true), ("berth", false)]);
    assert!(
        idle(&format!(
            "no_order_by: [{{operation: boats.list_boats, fields: [crew], {SEEN}}}]"
        ))
        .contains("not filtered by `crew`")
    );
    assert!(
        idle(&format!(
            "no_order_by: [{{operation: boats.get_boat, fields: [id], {SEEN}}}]"
        ))
        .contains("no list")
    );
}

#[test]
fn an_entry_without_evidence_is_none() {
    assert!(
        idle("nullable: [{type: Boat, field: berth, seen_in: [], reason: seen}]")
            .contains("no evidence")
    );
    assert!(
        idle("nullable: [{type: Boat, field: berth, seen_in: [GET /boats], reason: ' '}]")
            .contains("no reason")
    );
    assert!(Corrections::parse("nullable: [{type: Boat, field: berth}]").is_err());
    assert!(
        Corrections::parse("nullable: [{type: Boat, feild: berth, seen_in: [a], reason: b}]")
            .is_err()
    );
}

/// The entries that answers to `GET /boats/{boatId}` propose.
fn proposals(answers: &[&str], least: u64) -> Corrections {
    let (mut api, mut names) = harbour();
    let presence = "presence: [{type: Boat, fields: {id: 3}, seen_in: [GET /boats], reason: seen}]";
    Corrections::parse(presence)
        .expect("presence")
        .apply(&mut api, &mut names);
    let mut deviations = Deviations::default();
    for answer in answers {
        let line = format!(
            r#"{{"method": "GET", "path": "/boats/7", "status": 200, "response_body": {answer}}}"#
        );
        deviations.read_samples(&api, &line).expect("a sample");
    }
    deviations.propose(&api, &names, least)
}

#[test]
fn what_answers_show_is_proposed_and_can_be_applied() {
    let proposed = proposals(
        &[
            r#"{"id": null, "berth": 7, "state": "adrift", "crew": "Ann", "flag": {"colour": ["red"]}, "tide": 0.5, "log": ["a"], "STATE": null}"#,
        ],
        1,
    );
    assert_eq!(
        proposed.entries(),
        [
            "the field `Boat.STATE`",
            "the field `Boat.log`",
            "the field `Boat.tide`",
            "the type of `Boat.berth`",
            "how many `BoatFlag.colour` are",
            "how many `Boat.crew` are",
            "values of `BoatState`",
            "`Boat.id` being null",
        ]
    );
    assert_eq!(
        proposed
            .fields
            .iter()
            .map(|entry| entry.is.as_str())
            .collect::<Vec<_>>(),
        ["json", "list of string", "number"]
    );
    let (mut api, mut names) = harbour();
    let presence = "presence: [{type: Boat, fields: {id: 3}, seen_in: [GET /boats], reason: seen}]";
    Corrections::parse(presence)
        .expect("presence")
        .apply(&mut api, &mut names);
    let read = Corrections::parse(&proposed.render_entries()).expect("what was rendered");
    assert!(read.apply(&mut api, &mut names).is_empty());
}

#[test]
fn what_comes_in_two_forms_or_seldom_is_left_to_the_reader() {
    let twice = [
        r#"{"id": 1, "berth": 7, "state": "Afloat", "crew": []}"#,
        r#"{"id": 2, "berth": "seven", "crew": ["Ann"]}"#,
    ];
    assert!(
        proposals(&twice, 1).entries().is_empty(),
        "{:?}",
        proposals(&twice, 1)
    );
    assert!(
        proposals(&[r#"{"id": 1, "berth": 7}"#], 2)
            .entries()
            .is_empty()
    );
    let pages = [r#"[{"id": 1}]"#];
    assert_eq!(
        proposals(&pages, 1).entries(),
        ["the answer of `boats.get_boat`"]
    );
}

#[test]
fn what_corrects_nothing_can_be_dropped_whatever_its_kind() {
    let text = "
presence: [{type: Gone, fields: {id: 3}, seen_in: [GET /gone], reason: seen}]
nullable: [{type: Gone, field: id, seen_in: [GET /gone], reason: seen}]
";
    let corrections = Corrections::parse(text).expect("corrections");
    let idle = corrections.apply(&mut Api::default(), &mut Names::default());
    assert_eq!(idle.len(), 2);
    assert_eq!(corrections.without(&idle), Corrections::default());
    assert_eq!(
        corrections.without(&idle[..1]).entries(),
        corrections.entries()
    );
}
