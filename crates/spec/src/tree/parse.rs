//! Text to tree: one visitor for YAML and JSON.

use std::cell::Cell;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::Number;

use super::{Map, Node};

/// Deeper than any document needs to be (the official ones reach 25), and shallow enough for any stack.
const MAX_DEPTH: usize = 64;
/// What YAML aliases may add to the size of the text: room for every honest use, none for an explosion.
const ALIAS_ALLOWANCE: usize = 4 << 20;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// JSON: the first thing in it is `{` or `[`.
    Json,
    /// YAML: anything else.
    Yaml,
}

/// Why a text is no tree, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParseError {
    /// Line, from 1; 0 where the parser names none.
    pub line: usize,
    /// Column, from 1; 0 where the parser names none.
    pub column: usize,
    /// What is wrong, in the parser's words.
    pub message: String,
}

/// Decides by content how a document is written.
pub(crate) fn format_of(bytes: &[u8]) -> Format {
    let first = without_mark(bytes)
        .iter()
        .find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'{' | b'[') => Format::Json,
        _ => Format::Yaml,
    }
}

/// Reads a document into a tree.
pub(crate) fn parse(bytes: &[u8]) -> Result<Node, ParseError> {
    let bytes = without_mark(bytes);
    let room = Cell::new(
        bytes
            .len()
            .saturating_mul(2)
            .saturating_add(ALIAS_ALLOWANCE),
    );
    let seed = Seed {
        room: &room,
        depth: MAX_DEPTH,
    };
    match format_of(bytes) {
        Format::Json => parse_json(bytes, seed),
        Format::Yaml => parse_yaml(bytes, seed),
    }
}

fn parse_json(bytes: &[u8], seed: Seed<'_>) -> Result<Node, ParseError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parsed = seed
        .deserialize(&mut json)
        .and_then(|node| json.end().map(|()| node));
    parsed.map_err(|error| ParseError {
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
    })
}

fn parse_yaml(bytes: &[u8], seed: Seed<'_>) -> Result<Node, ParseError> {
    if let Some(line) = line_of_endless_opening(bytes) {
        let message = format!("nested deeper than {MAX_DEPTH} levels");
        return Err(ParseError {
            line,
            column: 0,
            message,
        });
    }
    let yaml = serde_yaml::Deserializer::from_slice(bytes);
    seed.deserialize(yaml).map_err(|error| ParseError {
        line: error.location().map_or(0, |at| at.line()),
        column: error.location().map_or(0, |at| at.column()),
        message: error.to_string(),
    })
}

/// The line at which so many brackets are open that the scanner, whose time grows with their square, must not see
/// them. Brackets in texts count as well here; those come in pairs.
fn line_of_endless_opening(bytes: &[u8]) -> Option<usize> {
    const MAX_OPEN: usize = 10_000;
    let (mut open, mut line) = (0_usize, 1);
    for byte in bytes {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            b'\n' => line += 1,
            _ => {}
        }
        if open > MAX_OPEN {
            return Some(line);
        }
    }
    None
}

/// The bytes without the mark that some editors put before UTF-8.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Reads one node, within what is left of depth and room.
#[derive(Clone, Copy)]
struct Seed<'a> {
    room: &'a Cell<usize>,
    depth: usize,
}

impl<'a> Seed<'a> {
    /// Pays for one node of so many bytes of text.
    fn pay<E: Error>(self, bytes: usize) -> Result<(), E> {
        let left = self.room.get().checked_sub(bytes + 1);
        self.room.set(left.unwrap_or(0));
        left.map(|_| ())
            .ok_or_else(|| E::custom("the document is too large once its aliases are followed"))
    }

    /// The seed for what is inside.
    fn inner<E: Error>(self) -> Result<Seed<'a>, E> {
        let depth = self.depth.checked_sub(1);
        let depth =
            depth.ok_or_else(|| E::custom(format!("nested deeper than {MAX_DEPTH} levels")))?;
        Ok(Seed { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value of YAML or JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        self.pay(0).map(|()| Node::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Node, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
        self.deserialize(inner)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        self.pay(0).map(|()| Node::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        self.pay(0).map(|()| Node::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        self.pay(0).map(|()| Node::Number(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Node, E> {
        // JSON has no integers of this size either; the digits are what a reader can still use.
        self.visit_string(value.to_string())
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Node, E> {
        self.visit_string(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        match Number::from_f64(value) {
            Some(number) => self.pay(0).map(|()| Node::Number(number)),
            None => self.visit_string(value.to_string()),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        self.pay(value.len())?;
        Ok(Node::text(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Node, E> {
        self.pay(value.len())?;
        Ok(Node::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        self.pay(0)?;
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(node) = items.next_element_seed(inner)? {
            list.push(node);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        self.pay(0)?;
        let inner = self.inner()?;
        let mut map = Map::default();
        let mut merged = Vec::new();
        while let Some(key) = entries.next_key_seed(KeySeed)? {
            self.pay(key.len())?;
            let value = entries.next_value_seed(inner)?;
            match (key.as_str(), value) {
                ("<<", Node::Map(base)) => merged.push(base),
                ("<<", Node::List(bases)) => merged.extend(bases.into_iter().filter_map(into_map)),
                (_, value) => insert(&mut map, key, value),
            }
        }
        merged.into_iter().for_each(|base| merge(&mut map, base));
        Ok(Node::Map(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Node, A::Error> {
        // A YAML tag of somebody's own says nothing to OpenAPI; what it stands before does.
        let (_, value) = tagged.variant_seed(KeySeed)?;
        value.newtype_variant_seed(self.inner()?)
    }
}

/// Puts an entry in; the last one of a key wins.
fn insert(map: &mut Map, key: String, value: Node) {
    if map.has(&key) {
        map.repeated.push(key.clone());
    }
    map.entries.insert(key, value);
}

fn into_map(node: Node) -> Option<Map> {
    match node {
        Node::Map(map) => Some(map),
        _ => None,
    }
}

/// Adds what a merge key (`<<`) brings, under what is there already.
fn merge(map: &mut Map, base: Map) {
    for (key, value) in base.entries {
        map.entries.entry(key).or_insert(value);
    }
}

/// Reads a key as its text, whatever scalar it is: `200`, `true` and `1.10` as they are written.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = String;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a scalar as the key")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<String, E> {
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        let node = parse(text.as_bytes()).expect("the test's own document");
        serde_json::to_string(&node).expect("a tree is JSON")
    }

    #[test]
    fn keys_of_any_scalar_type_become_their_text() {
        assert_eq!(
            json("200: a\ntrue: b\nNull: c\n1.10: d\n~: e\n"),
            r#"{"200":"a","true":"b","Null":"c","1.10":"d","~":"e"}"#
        );
    }

    #[test]
    fn merge_keys_fill_in_what_is_not_there() {
        assert_eq!(
            json("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n"),
            r#"{"a":{"x":1,"y":2},"b":{"y":3,"x":1}}"#
        );
        assert_eq!(
            json("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}\n"),
            r#"{"a":{"x":1},"b":{"x":2,"y":2},"c":{"z":3,"x":1,"y":2}}"#
        );
    }

    #[test]
    fn scalars_keep_what_they_are() {
        assert_eq!(
            json(
                "a: [2018-01-02T03:04:05, 1.0, 10, -3, 0x10, yes, true, ~, '1', .inf, 340282366920938463463374607431768211455]"
            ),
            r#"{"a":["2018-01-02T03:04:05",1.0,10,-3,16,"yes",true,null,"1","inf","340282366920938463463374607431768211455"]}"#
        );
    }

    #[test]
    fn foreign_tags_are_passed_over() {
        assert_eq!(json("a: !own {b: !mine 1}\n"), r#"{"a":{"b":1}}"#);
    }

    #[test]
    fn the_format_is_decided_by_content() {
        assert_eq!(format_of(b"\xEF\xBB\xBF \n {"), Format::Json);
        assert_eq!(format_of(b"a: {}"), Format::Yaml);
        assert_eq!(format_of(b""), Format::Yaml);
    }

    #[test]
    fn repeated_keys_are_remembered() {
        let node = parse(b"{\"a\": 1, \"b\": 2, \"a\": 3}").expect("JSON");
        let map = node.as_map().expect("a map");
        assert_eq!(map.repeated, ["a"]);
        assert_eq!(map.get("a"), Some(&Node::Number(3.into())));
    }
}
