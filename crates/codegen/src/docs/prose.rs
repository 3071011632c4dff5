//! The document's prose as doc comments: nothing in it links, runs or breaks the page.

use super::wrap;

/// Marks that begin something else than a paragraph.
const MARKS: [&str; 8] = ["#", "+", "=", "~", ">", "|", "-", ":"];

/// Paragraphs, bullets and code of a description.
pub fn prose(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks(text) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        match block {
            Block::Paragraph(text) => lines.extend(wrap(&escape(&text), "")),
            Block::Bullets(items) => lines.extend(
                items
                    .iter()
                    .flat_map(|item| wrap(&format!("- {}", escape(item)), "  ")),
            ),
            Block::Code(code) => {
                lines.push("```text".to_owned());
                lines.extend(code);
                lines.push("```".to_owned());
            }
        }
    }
    if lines.is_empty() {
        vec!["The document has nothing to say about this.".to_owned()]
    } else {
        lines
    }
}

enum Block {
    Paragraph(String),
    Bullets(Vec<String>),
    Code(Vec<String>),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fresh = true;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.starts_with("```") {
            let code = lines
                .by_ref()
                .take_while(|line| !line.trim_start().starts_with("```"));
            blocks.push(Block::Code(code.map(printable).collect()));
            fresh = true;
        } else if line.is_empty() {
            fresh = true;
        } else {
            add_line(&mut blocks, line, fresh);
            fresh = false;
        }
    }
    blocks
}

/// A line of text begins a block, or goes on with the last one.
fn add_line(blocks: &mut Vec<Block>, line: &str, fresh: bool) {
    let bullet = line.strip_prefix("* ").or_else(|| line.strip_prefix("- "));
    match (bullet, blocks.last_mut()) {
        (Some(item), Some(Block::Bullets(items))) => items.push(item.to_owned()),
        (Some(item), _) => blocks.push(Block::Bullets(vec![item.to_owned()])),
        (None, Some(Block::Paragraph(text))) if !fresh => text.push_str(&format!(" {line}")),
        (None, Some(Block::Bullets(items))) if !fresh => {
            if let Some(item) = items.last_mut() {
                item.push_str(&format!(" {line}"));
            }
        }
        (None, _) => blocks.push(Block::Paragraph(line.to_owned())),
    }
}

fn printable(line: &str) -> String {
    line.trim_end()
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}

/// Text as Markdown that says just this: code stays code, links become their words, everything else is escaped.
pub fn escape(text: &str) -> String {
    let text = printable(text);
    let parts: Vec<&str> = text.split('`').collect();
    // Code marks that do not come in pairs are no code marks.
    let paired = parts.len() % 2 == 1;
    let mut out = String::with_capacity(text.len() + 16);
    for (i, part) in parts.iter().enumerate() {
        match (i % 2 == 1, paired) {
            (true, true) if part.trim().is_empty() => out.push_str("\\`\\`"),
            (true, true) => out.push_str(&format!("`{part}`")),
            (_, false) if i > 0 => out.push_str(&format!("\\`{}", plain(part))),
            _ => out.push_str(&plain(part)),
        }
    }
    guard_beginning(out)
}

/// A paragraph that begins like a heading, a quote or a list is none.
fn guard_beginning(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && text[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &text[..digits], &text[digits..]);
    }
    if MARKS.iter().any(|mark| text.starts_with(mark)) {
        format!("\\{text}")
    } else {
        text
    }
}

/// Text outside of code: tags dropped, links reduced to their words, addresses in angle brackets.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((words, target, after)) = link(rest) {
            out.push_str(&plain(words));
            if is_address(target) {
                out.push_str(&format!(" (<{}>)", &target[..address_length(target)]));
            }
            rest = after;
        } else if let Some(after) = tag(rest) {
            rest = after;
        } else if is_address(rest) {
            let length = address_length(rest);
            out.push_str(&format!("<{}>", &rest[..length]));
            rest = &rest[length..];
        } else {
            if matches!(
                c,
                '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&'
            ) {
                out.push('\\');
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// `[words](target)`.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let inner = text.strip_prefix('[')?;
    let (words, rest) = inner.split_once("](")?;
    let (target, after) = rest.split_once(')')?;
    (!words.contains(['[', ']']) && !target.contains(' ')).then_some((words, target, after))
}

/// `<a href="…">`, `</a>`.
fn tag(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('<')?;
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let (content, after) = inner.split_once('>')?;
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_address(name);
    (named && !content.contains('<')).then_some(after)
}

fn is_address(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        text.strip_prefix(scheme)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

/// How much of the text is the address that it begins with.
fn address_length(text: &str) -> usize {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || "-._~:/?#@!$&=%+".contains(c)))
        .unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ':', '?', '!']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_and_marks_are_escaped() {
        assert_eq!(escape("set `a_b` to *x*"), "set `a_b` to \\*x\\*");
        assert_eq!(escape("one ` alone"), "one \\` alone");
    }

    #[test]
    fn links_become_words_and_addresses_stay() {
        assert_eq!(
            escape("see [the guide](/docs/x) and [this](https://example.com/a)."),
            "see the guide and this (<https://example.com/a>)."
        );
        assert_eq!(
            escape("at https://example.com/a_b."),
            "at <https://example.com/a_b>."
        );
        assert_eq!(escape("<a target=\"_top\" href=\"x\">here</a>"), "here");
    }

    #[test]
    fn beginnings_are_guarded() {
        assert_eq!(escape("1. first"), "1\\. first");
        assert_eq!(escape("# head"), "\\# head");
    }

    #[test]
    fn fences_become_text() {
        assert_eq!(
            prose("a\n```bash\ncurl\n```\nb"),
            ["a", "", "```text", "curl", "```", "", "b"]
        );
    }
}
