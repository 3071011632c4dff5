//! `spec/names.lock` after a person has edited it: every name has to be one that Rust can have, once.
//!
//! ```
//! use linode_spec::name::Lock;
//! let lock = Lock::parse("methods: {GET /tags: tags.list tags}").unwrap();
//! assert_eq!(xtask::lock::faults(&lock), ["GET /tags: `list tags` is no identifier"]);
//! ```

use std::collections::{BTreeMap, BTreeSet};

use linode_spec::name::{Lock, is_reserved};
use syn::{Ident, parse_str};

/// Everything that is wrong with the names, a line each.
///
/// ```
/// use linode_spec::name::Lock;
/// let lock = Lock::parse("types: {Tag: [GET /tags answer], Label: [GET /tags answer]}").unwrap();
/// assert_eq!(xtask::lock::faults(&lock), ["GET /tags answer: both `Label` and `Tag`"]);
/// ```
pub fn faults(lock: &Lock) -> Vec<String> {
    let mut faults = methods(lock);
    let names = || lock.types.keys().chain(lock.left.keys());
    let types = names().filter(|name| !is_identifier(name));
    faults.extend(types.map(|name| format!("types: `{name}` is no identifier")));
    let reserved = names().filter(|name| is_reserved(name));
    faults.extend(
        reserved.map(|name| format!("types: `{name}` means something else in generated code")),
    );
    faults.extend(claimed_twice(&lock.types));
    faults.extend(claimed_twice(&lock.left));
    faults
}

/// Positions that stand under two names of one list.
fn claimed_twice(types: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let positions = types
        .iter()
        .flat_map(|(name, positions)| positions.iter().map(move |p| (p, name)));
    let claimed =
        twice(positions).map(|(position, a, b)| format!("{position}: both `{a}` and `{b}`"));
    claimed.collect()
}

fn methods(lock: &Lock) -> Vec<String> {
    let mut faults: Vec<String> = lock
        .methods
        .iter()
        .filter_map(|(key, name)| Some(format!("{key}: {}", method(name)?)))
        .collect();
    let names = lock.methods.iter().map(|(key, name)| (name, key));
    faults.extend(
        twice(names).map(|(name, a, b)| format!("`{name}` is the name of both {a} and {b}")),
    );
    faults
}

/// What is wrong with the name of a method.
fn method(name: &str) -> Option<String> {
    let Some((group, method)) = name.split_once('.') else {
        return Some(format!("`{name}` is no `group.method`"));
    };
    let wrong = [group, method]
        .into_iter()
        .find(|part| !is_identifier(part))?;
    Some(format!("`{wrong}` is no identifier"))
}

fn is_identifier(name: &str) -> bool {
    parse_str::<Ident>(name).is_ok_and(|ident| ident == name)
}

/// Keys that come with two values.
fn twice<'a>(
    pairs: impl Iterator<Item = (&'a String, &'a String)>,
) -> impl Iterator<Item = (&'a String, &'a String, &'a String)> {
    let mut first = BTreeMap::new();
    pairs
        .filter_map(move |(key, value)| first.insert(key, value).map(|before| (key, before, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        faults(&Lock::parse(text).expect("a lock"))
    }

    #[test]
    fn good_names_are_no_fault() {
        assert!(found("methods: {GET /a: a.list_a, PUT /a: a.r#type}\ntypes: {Tag: [GET /a answer], Label: [GET /b answer]}").is_empty());
    }

    #[test]
    fn keywords_and_signs_are() {
        assert_eq!(
            found("methods: {GET /a: a.fn}"),
            ["GET /a: `fn` is no identifier"]
        );
        assert_eq!(
            found("methods: {GET /a: list_a}"),
            ["GET /a: `list_a` is no `group.method`"]
        );
        assert_eq!(found("types: {A-B: []}"), ["types: `A-B` is no identifier"]);
        assert_eq!(found("types: {'': []}"), ["types: `` is no identifier"]);
    }

    #[test]
    fn so_is_a_name_given_twice() {
        assert_eq!(
            found("methods: {GET /a: a.x, GET /b: a.x}"),
            ["`a.x` is the name of both GET /a and GET /b"]
        );
    }

    #[test]
    fn a_position_may_have_left_its_type_for_one_other() {
        assert!(found("types: {A: [GET /a answer]}\nleft: {B: [GET /a answer]}").is_empty());
        assert_eq!(
            found("left: {B: [GET /a answer], C: [GET /a answer]}"),
            ["GET /a answer: both `B` and `C`"]
        );
    }
}
