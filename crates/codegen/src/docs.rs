//! Doc comments: composed from facts, and from the document's prose where it has some.

mod prose;

use heck::ToSnakeCase;
use linode_spec::api::{Content, Facts, Field, Operation, Place};
use proc_macro2::TokenStream;
use quote::quote;

pub use self::prose::{escape, prose};

/// Doc lines are wrapped at this column.
const WIDTH: usize = 110;
/// Patterns longer than this say nothing to a reader.
const LONGEST_PATTERN: usize = 100;

/// Doc attributes of the lines.
pub fn attributes<S: AsRef<str>>(lines: &[S]) -> TokenStream {
    // The compiler refuses comments whose text runs the other way from here on: they can hide what they say.
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let lines = lines.iter().map(|line| match line.as_ref() {
        "" => String::new(),
        line => format!(" {}", line.replace(turns, "")),
    });
    quote!(#(#[doc = #lines])*)
}

/// What an operation does, where it goes, and what it needs.
pub fn operation(operation: &Operation) -> Vec<String> {
    let mut lines = vec![sentence(
        operation
            .summary
            .as_deref()
            .unwrap_or("This operation has no summary"),
    )];
    lines.push(String::new());
    if let Some(description) = &operation.description {
        lines.extend(prose(description));
        lines.push(String::new());
    }
    lines.extend(wrap(&needs(operation), ""));
    lines
}

/// `GET /images`, scopes, grant, versions, parameters, link.
fn needs(operation: &Operation) -> String {
    let mut text = format!("`{} {}`.", operation.method, operation.path);
    match (operation.public, operation.scopes.as_slice()) {
        (true, _) => text.push_str(" No token needed."),
        (false, []) => {}
        (false, scopes) => text.push_str(&format!(" Scopes: {}.", listed(scopes))),
    }
    if let Some(grant) = &operation.grant {
        text.push_str(&format!(" Grant: {}.", code(grant)));
    }
    if operation.versions.iter().all(|v| v.ends_with("beta")) {
        text.push_str(&format!(
            " Beta: served by {} alone.",
            listed(&operation.versions)
        ));
    }
    for parameter in operation.path_parameters() {
        let said = facts_of(&parameter.facts);
        if !said.is_empty() {
            text.push_str(&format!(" {}: {}", code(&parameter.name), said.join(" ")));
        }
    }
    for parameter in operation
        .parameters
        .iter()
        .filter(|p| matches!(p.place, Place::Header | Place::Cookie))
    {
        text.push_str(&format!(
            " Takes the {} {}; set it with `header`.",
            code(&parameter.name),
            if parameter.place == Place::Header {
                "header"
            } else {
                "cookie"
            }
        ));
    }
    if let Some(body) = &operation.body
        && matches!(body.content, Content::Bytes)
    {
        text.push_str(&format!(" The body is {}.", code(&body.media_type)));
    }
    if let Some(link) = &operation.link {
        text.push_str(&format!(" [Reference]({link})."));
    }
    text
}

fn listed(items: &[String]) -> String {
    items.iter().map(|s| code(s)).collect::<Vec<_>>().join(", ")
}

/// A field, setter or parameter.
pub fn field(field: &Field, more: &[&str]) -> Vec<String> {
    let mut notes: Vec<String> = facts_of(&field.facts);
    if field.deprecated {
        notes.push("Deprecated.".to_owned());
    }
    notes.extend(more.iter().map(|s| (*s).to_owned()));
    described(&field.name, &field.facts, &notes)
}

/// The name in words, the prose, and the notes.
pub fn described(name: &str, facts: &Facts, notes: &[String]) -> Vec<String> {
    let Some(description) = &facts.description else {
        let text = [vec![spoken(name)], notes.to_vec()].concat().join(" ");
        return wrap(&text, "");
    };
    let mut lines = prose(description);
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(wrap(&notes.join(" "), ""));
    }
    lines
}

/// `backups_enabled` as the beginning of a sentence.
fn spoken(name: &str) -> String {
    let words = name.to_snake_case().replace('_', " ");
    if words.trim().is_empty() {
        format!("The field {}.", code(name))
    } else {
        sentence(&words)
    }
}

/// One line that begins with a capital and ends with a stop.
pub fn sentence(text: &str) -> String {
    let text = escape(
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .trim_end_matches('.'),
    );
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// Text in code marks, whatever it holds.
pub fn code(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

/// Bounds and defaults as short sentences.
pub fn facts_of(facts: &Facts) -> Vec<String> {
    let mut said = Vec::new();
    let bound = |key: &str| facts.bounds.get(key).map(String::as_str);
    said.extend(range(bound("minLength"), bound("maxLength"), " characters"));
    said.extend(range(bound("minimum"), bound("maximum"), ""));
    said.extend(range(bound("minItems"), bound("maxItems"), " items"));
    if bound("uniqueItems").is_some() {
        said.push("Each item once.".to_owned());
    }
    if let Some(step) = bound("multipleOf") {
        said.push(format!("A multiple of {step}."));
    }
    if let Some(format) = facts
        .format
        .as_deref()
        .filter(|f| !matches!(*f, "date-time" | "date" | "binary"))
    {
        said.push(format!("Format: {}.", code(format)));
    }
    if let Some(pattern) = facts
        .pattern
        .as_deref()
        .filter(|p| p.len() <= LONGEST_PATTERN)
    {
        said.push(format!("Pattern: {}.", code(pattern)));
    }
    if let Some(default) = facts.default.as_deref().filter(|d| *d != "null") {
        said.push(format!("Default: {}.", code(default)));
    }
    said
}

fn range(low: Option<&str>, high: Option<&str>, unit: &str) -> Option<String> {
    match (low, high) {
        (Some(low), Some(high)) if low == high => Some(format!("Exactly {low}{unit}.")),
        (Some(low), Some(high)) => Some(format!("{low} to {high}{unit}.")),
        (Some(low), None) => Some(format!("At least {low}{unit}.")),
        (None, Some(high)) => Some(format!("At most {high}{unit}.")),
        (None, None) => None,
    }
}

/// Lines of at most [`WIDTH`] columns, the later ones indented; no line begins like a list or heading.
pub fn wrap(text: &str, indent: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let full =
            !line.trim().is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH;
        let marks = matches!(word, "-" | "*" | "+" | "#" | "=")
            || word.starts_with(['#', '>', '|', '='])
            || word.trim_end_matches(['.', ')']).parse::<u64>().is_ok();
        if full && !marks {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Names under which rustdoc's search should find a method: only what the compiler takes.
pub fn aliases(operation: &Operation, method: &str) -> Vec<String> {
    let candidates = [
        operation.id.clone(),
        operation.summary.clone(),
        operation.cli.clone(),
    ];
    let mut aliases: Vec<String> = Vec::new();
    for candidate in candidates.into_iter().flatten() {
        let clean: String = candidate
            .chars()
            .filter(|c| !matches!(c, '"' | '\'') && !c.is_control())
            .collect();
        let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
        if !clean.is_empty() && clean != method && !aliases.contains(&clean) {
            aliases.push(clean);
        }
    }
    aliases
}
