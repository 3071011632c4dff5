//! Words and identifiers: from wire names to Rust names.

use std::collections::BTreeSet;

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Spellings that would fall apart at their capitals.
const SPELLINGS: &[(&str, &str)] = &[
    ("IPv4", "Ipv4"),
    ("IPv6", "Ipv6"),
    ("MySQL", "Mysql"),
    ("PostgreSQL", "Postgresql"),
    ("IPs", "Ips"),
    ("VLANs", "Vlans"),
];

/// Strict and reserved words of every edition.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Words that cannot be raw identifiers.
const NEVER_RAW: &[&str] = &["self", "super", "crate", "_"];

/// Longer names of modules are cut: file systems take 255 bytes, and there are folders around them.
const LONGEST_MODULE: usize = 100;

/// Words that end in `s` and are not plural, or are always plural.
const INVARIABLE: &[&str] = &[
    "access",
    "dns",
    "kubernetes",
    "news",
    "previous",
    "series",
    "species",
    "stats",
    "status",
    "tls",
    "vms",
];

/// Whether names keep a character. Combining marks are left out: the compiler takes a letter and its mark for one letter.
fn is_name_char(c: char) -> bool {
    unicode_ident::is_xid_continue(c) && (c.is_ascii() || c.is_alphanumeric())
}

/// The words of a name, lower case; whatever no identifier can hold parts them.
pub fn words(text: &str) -> Vec<String> {
    let mut spelt = text.to_owned();
    for (from, to) in SPELLINGS {
        spelt = spelt.replace(from, to);
    }
    let clean: String = spelt
        .chars()
        .map(|c| if is_name_char(c) { c } else { ' ' })
        .collect();
    clean
        .to_snake_case()
        .split('_')
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The words as a type name.
pub fn camel(words: &[String]) -> String {
    let name = words.join("_").to_upper_camel_case();
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(c) if !unicode_ident::is_xid_start(c) => format!("N{name}"),
        _ if name == "Self" => "SelfValue".to_owned(),
        _ => name,
    }
}

/// The words as the name of a field, method or parameter, raw where it is a keyword.
pub fn snake(words: &[String]) -> String {
    let name = words.join("_");
    match name.chars().next() {
        None => "empty".to_owned(),
        Some(c) if !unicode_ident::is_xid_start(c) => format!("n{name}"),
        _ if NEVER_RAW.contains(&name.as_str()) => format!("{name}_"),
        _ if KEYWORDS.contains(&name.as_str()) => format!("r#{name}"),
        _ => name,
    }
}

/// One of what the last word says.
pub fn singular(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    if let Some(last) = words.last_mut() {
        *last = singular_word(last);
    }
    words
}

fn singular_word(word: &str) -> String {
    if INVARIABLE.contains(&word)
        || word.ends_with("ss")
        || word.ends_with("us")
        || word.ends_with("is")
    {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "ches", "shes", "xes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    word.strip_suffix('s')
        .filter(|stem| stem.len() > 1)
        .unwrap_or(word)
        .to_owned()
}

/// Identifiers for wire names that share one scope. A name that is spelt as the API spells its names, in lower case with underscores, keeps
/// its own, and so does one that is spelt as its identifier; where another falls together with it, its capitals and signs are spelt
/// out.
pub fn distinct(wires: &[String], reserved: &[&str], name: fn(&[String]) -> String) -> Vec<String> {
    let plain: Vec<String> = wires.iter().map(|wire| name(&words(wire))).collect();
    let mut order: Vec<usize> = (0..wires.len()).collect();
    order.sort_by_key(|&i| {
        let wire = &wires[i];
        let usual = *wire == words(wire).join("_");
        (!usual, *wire != plain[i].trim_start_matches("r#"))
    });
    let mut taken: BTreeSet<String> = reserved.iter().map(|word| (*word).to_owned()).collect();
    let mut names = vec![String::new(); wires.len()];
    for i in order {
        let mut wanted = plain[i].clone();
        if reserved.contains(&wanted.as_str()) {
            wanted.push('_');
        }
        if taken.contains(&wanted) {
            wanted = name(&words(&spelt_out(&wires[i])));
        }
        while !taken.insert(wanted.clone()) {
            wanted.push('_');
        }
        names[i] = wanted;
    }
    names
}

/// The words as the name of a module that has a file: plain ASCII, and no longer than a file's name may be.
pub fn module(words: &[String]) -> String {
    let mut name = String::new();
    for c in snake(words).trim_start_matches("r#").chars() {
        match c {
            c if c.is_ascii() => name.push(c),
            c => name.push_str(&format!("u{:x}", c as u32)),
        }
    }
    name.truncate(LONGEST_MODULE);
    if KEYWORDS.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// A name in which every capital and every sign is a word of its own: two names that differ differ here too.
pub fn spelt_out(wire: &str) -> String {
    let mut out = String::new();
    for c in wire.chars() {
        match c {
            '_' => out.push_str(" underscore "),
            '-' => out.push_str(" dash "),
            '+' => out.push_str(" plus "),
            '.' => out.push_str(" dot "),
            '/' => out.push_str(" slash "),
            ' ' => out.push_str(" space "),
            c if c.is_uppercase() => {
                out.push_str(" upper ");
                out.extend(c.to_lowercase());
                out.push(' ');
            }
            c if is_name_char(c) => out.push(c),
            c => out.push_str(&format!(" u{:x} ", c as u32)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        words(text)
    }

    #[test]
    fn acronyms_and_signs_part_words() {
        assert_eq!(camel(&of("LKECluster")), "LkeCluster");
        assert_eq!(camel(&of("IPv6RangeBGP")), "Ipv6RangeBgp");
        assert_eq!(snake(&of("object-acl")), "object_acl");
        assert_eq!(camel(&of("public-read-write")), "PublicReadWrite");
    }

    #[test]
    fn hostile_names_become_identifiers() {
        assert_eq!(snake(&of("type")), "r#type");
        assert_eq!(snake(&of("self")), "self_");
        assert_eq!(camel(&of("Self")), "SelfValue");
        assert_eq!(snake(&of("2fa")), "n2fa");
        assert_eq!(camel(&of("")), "Empty");
        assert_eq!(snake(&of("日本")), "日本");
    }

    #[test]
    fn plurals() {
        for (many, one) in [
            ("addresses", "address"),
            ("entities", "entity"),
            ("databases", "database"),
            ("ips", "ip"),
            ("access", "access"),
            ("stats", "stats"),
        ] {
            assert_eq!(singular(&[many.to_owned()]), [one.to_owned()]);
        }
    }

    #[test]
    fn names_that_differ_in_case_only_stay_apart() {
        let wires = ["ID", "id", "i-d", "i_d"].map(str::to_owned);
        let names = distinct(&wires, &[], snake);
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), 4, "{names:?}");
        assert_eq!(names[1], "id");
    }
}
