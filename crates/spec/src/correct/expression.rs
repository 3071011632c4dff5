//! Types as words: `integer`, `list of string`, `map of number`, or the locked name of a type.

use crate::api::{Ty, TypeId};
use crate::name::Names;

/// Words for the types that are no names.
const WORDS: [(&str, Ty); 8] = [
    ("string", Ty::String),
    ("secret", Ty::Secret),
    ("integer", Ty::Integer),
    ("number", Ty::Number),
    ("boolean", Ty::Boolean),
    ("date-time", Ty::DateTime),
    ("date", Ty::Date),
    ("json", Ty::Json),
];

/// Why words are no type.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable(pub(super) String);

/// The type that words say.
pub(super) fn parse(words: &str, names: &Names) -> Result<Ty, Unreadable> {
    let words = words.trim();
    if let Some(item) = words.strip_prefix("list of ") {
        return Ok(Ty::List(Box::new(parse(item, names)?)));
    }
    if let Some(item) = words.strip_prefix("map of ") {
        return Ok(Ty::Map(Box::new(parse(item, names)?)));
    }
    if let Some((_, ty)) = WORDS.iter().find(|(word, _)| *word == words) {
        return Ok(ty.clone());
    }
    let named = names.types.iter().position(|known| known.name == words);
    named.map(|at| Ty::Named(TypeId(at))).ok_or_else(|| {
        let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
        Unreadable(format!(
            "its type is no word that is known, nor a type of the document; known are {}, `list of …`, `map of …`",
            words.join(", ")
        ))
    })
}

/// The words that say a type.
pub(super) fn spell(ty: &Ty, names: &Names) -> String {
    match ty {
        Ty::List(item) => format!("list of {}", spell(item, names)),
        Ty::Map(item) => format!("map of {}", spell(item, names)),
        Ty::Named(id) => names.of(*id).to_owned(),
        Ty::File => "file".to_owned(),
        plain => WORDS
            .iter()
            .find(|(_, ty)| ty == plain)
            .map_or("json", |(word, _)| word)
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::TypeName;

    #[test]
    fn what_is_spelt_is_read_again() {
        let node = TypeName {
            name: "Node".to_owned(),
            ..TypeName::default()
        };
        let names = Names {
            types: vec![node],
            ..Names::default()
        };
        for words in [
            "string",
            "date-time",
            "list of integer",
            "map of list of Node",
            "Node",
            "json",
        ] {
            let ty = parse(words, &names).expect(words);
            assert_eq!(spell(&ty, &names), words);
        }
        assert!(parse("strnig", &names).is_err());
    }
}
