//! Names that end in a number which nobody but us made up.
//!
//! A number is in the document if the whole run of digits stands in the wire name, in a component's name, or in a
//! position of the schema; also where signs part it there, since a name in camel case has no place for them.

use linode_spec::api::{Api, Operation, TypeDef, TypeKind};
use linode_spec::name::{Names, OperationName, TypeName};

/// What parts words on the wire and leaves no trace in a name.
const SIGNS: [char; 4] = ['_', '-', '.', ' '];

/// Every such name, with the type or group that has it.
pub fn names(api: &Api, names: &Names) -> Vec<String> {
    let types = api
        .types
        .iter()
        .zip(&names.types)
        .flat_map(|(def, name)| in_type(def, name));
    let operations = api
        .operations
        .iter()
        .zip(&names.operations)
        .flat_map(|(o, name)| in_operation(o, name));
    types.chain(operations).collect()
}

fn in_type(def: &TypeDef, name: &TypeName) -> Vec<String> {
    let sources: Vec<&str> = def
        .components
        .iter()
        .chain(&def.positions)
        .map(String::as_str)
        .collect();
    let mut found: Vec<String> = made_up(&name.name, &sources)
        .then(|| name.name.clone())
        .into_iter()
        .collect();
    let members = name
        .members
        .iter()
        .zip(wires(def))
        .filter(|(member, wire)| made_up(member, &[wire]));
    found.extend(members.map(|(member, _)| format!("{}.{member}", name.name)));
    found
}

fn in_operation(operation: &Operation, name: &OperationName) -> Vec<String> {
    let OperationName {
        group,
        method,
        arguments,
        setters,
        ..
    } = name;
    let mut found: Vec<String> = made_up(method, &[&operation.path])
        .then(|| format!("{group}.{method}"))
        .into_iter()
        .collect();
    let wires = operation
        .path_parameters()
        .chain(operation.query_parameters())
        .map(|parameter| parameter.name.as_str());
    let parameters = arguments
        .iter()
        .chain(setters)
        .zip(wires)
        .filter(|(name, wire)| made_up(name, &[wire]));
    found.extend(parameters.map(|(name, _)| format!("{group}.{method}.{name}")));
    found
}

/// What the members of a type are called on the wire, in the order of their names.
fn wires(def: &TypeDef) -> Vec<&str> {
    match &def.kind {
        TypeKind::Record(record) => record
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect(),
        TypeKind::Enum(of) => of.values.iter().map(String::as_str).collect(),
        TypeKind::Union(union) => union
            .branches
            .iter()
            .map(|branch| branch.label.as_str())
            .collect(),
    }
}

/// Whether the name ends in digits that none of its sources has.
fn made_up(name: &str, sources: &[&str]) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &name[stem.len()..];
    let given = |source: &&str| {
        has_run(source, digits)
            || has_run(&source.replace(SIGNS, ""), digits)
            || has_code_point(source, name)
    };
    !digits.is_empty() && !sources.iter().any(given)
}

/// Whether the name ends in the number of a character that no identifier can have.
fn has_code_point(text: &str, name: &str) -> bool {
    let characters = text.chars().filter(|c| !c.is_ascii());
    let numbers = characters.map(|c| format!("u{:x}", u32::from(c)));
    numbers.into_iter().any(|number| name.ends_with(&number))
}

fn has_run(text: &str, digits: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|run| run == digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use linode_spec::api::{Enum, Record};

    #[test]
    fn a_number_of_the_document_is_not_made_up() {
        assert!(!made_up("address_1", &["address_1"]));
        assert!(!made_up("Ipv6", &["GET /networking/ipv6 answer"]));
        assert!(
            !made_up("X8664", &["x86_64"]),
            "signs have no place in camel case"
        );
        assert!(
            !made_up("u1f600", &["\u{1f600}"]),
            "the number of a character that a name can't have"
        );
        assert!(!made_up("Plain", &[]));
    }

    #[test]
    fn a_number_of_ours_is() {
        assert!(made_up("Foo2", &["Foo"]));
        assert!(
            made_up("Foo2", &["Foo12"]),
            "a part of a number is another number"
        );
    }

    #[test]
    fn every_kind_of_name_is_looked_at() {
        let mut api = Api::default();
        api.types
            .push(TypeDef::new(TypeKind::Record(Record::default())));
        api.types.push(TypeDef::new(TypeKind::Enum(Enum {
            values: vec!["a".into(), "b7".into()],
            integers: false,
        })));
        let types = vec![
            TypeName {
                name: "Thing2".into(),
                ..TypeName::default()
            },
            TypeName {
                name: "Kind".into(),
                members: vec!["A3".into(), "B7".into()],
            },
        ];
        assert_eq!(
            names(
                &api,
                &Names {
                    types,
                    ..Names::default()
                }
            ),
            ["Thing2", "Kind.A3"]
        );
    }
}
