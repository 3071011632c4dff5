//! Differences for a pull request.

use linode_spec::diff::{Change, Diff, Effect};

use super::sections::{code, counted, pointers, sections, summary};

/// The body of a pull request has at most 65,536 characters: so many are left to tables.
const BUDGET: usize = 50_000;

/// The report; `all` gives every change a row, as long as there is room.
pub fn markdown(diff: &Diff, all: bool) -> String {
    let Diff {
        old_release,
        new_release,
        ..
    } = diff;
    let mut lines = vec![
        format!("## Linode API {old_release} → {new_release}"),
        String::new(),
        format!("**{}**.", summary(diff)),
        String::new(),
    ];
    for hint in &diff.hints {
        lines.extend([format!("> {}", plain(hint)), String::new()]);
    }
    lines.extend([
        "| | breaking | additions | without effect |".to_owned(),
        "|---|---|---|---|".to_owned(),
        counts("for programs", diff, |change| change.rust),
        counts("on the wire", diff, |change| change.wire),
    ]);
    let mut budget = BUDGET;
    for section in sections(diff) {
        let heading = format!("{} ({})", section.heading, section.changes.len());
        let rows = match all || section.in_full {
            true => table(&section.changes, &mut budget),
            false => counted(&section.changes)
                .iter()
                .map(|line| format!("- {}", plain(line)))
                .collect(),
        };
        let (open, close) = match section.in_full {
            true => (format!("### {heading}"), ""),
            false => (
                format!("<details><summary>{heading}</summary>"),
                "\n</details>",
            ),
        };
        lines.extend([String::new(), open, String::new()]);
        lines.extend(rows);
        lines.extend((!close.is_empty()).then(|| close.to_owned()));
    }
    if !diff.renames.is_empty() {
        let heading = format!(
            "### Names ({}, {} of them unexplained)",
            diff.renames.len(),
            diff.unexplained_renames
        );
        lines.extend([String::new(), heading, String::new()]);
        lines.extend(
            diff.renames
                .iter()
                .map(|rename| format!("- {}", plain(&rename.to_string()))),
        );
    }
    lines.join("\n") + "\n"
}

fn counts(whom: &str, diff: &Diff, effect: fn(&Change) -> Effect) -> String {
    let count = |wanted| {
        diff.changes
            .iter()
            .filter(|change| effect(change) == wanted)
            .count()
    };
    let [breaking, additions, none] = [Effect::Breaking, Effect::Addition, Effect::None].map(count);
    format!("| {whom} | {breaking} | {additions} | {none} |")
}

/// A row for each change, as long as there is room.
fn table(changes: &[&Change], budget: &mut usize) -> Vec<String> {
    let mut lines = vec![
        "| item | what changed | on the wire | where |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    for (at, change) in changes.iter().enumerate() {
        let row = row(change);
        let size = row.chars().count() + 1;
        if size > *budget {
            lines.extend([String::new(), format!("… and {} more", changes.len() - at)]);
            break;
        }
        *budget -= size;
        lines.push(row);
    }
    lines
}

fn row(change: &Change) -> String {
    let what = [
        vec![plain(&change.what)],
        code(change)
            .iter()
            .map(|line| format!("`{}`", cell(line)))
            .collect(),
    ]
    .concat();
    let places: Vec<String> = pointers(change)
        .into_iter()
        .map(|(word, pointer)| format!("{word} `{}`", cell(pointer)))
        .collect();
    format!(
        "| `{}` | {} | {} | {} |",
        cell(&change.item),
        what.join("<br>"),
        change.wire,
        places.join("<br>")
    )
}

/// Text of the document that is neither a mark-up nor the end of a cell.
fn plain(text: &str) -> String {
    let mut code = false;
    let mut out = String::new();
    for c in cell(text).chars() {
        match c {
            '`' => {
                code = !code;
                out.push(c);
            }
            '<' | '>' | '*' | '_' | '[' | ']' | '#' | '~' | '@' if !code => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    // A mark of code that is never closed would take the rest of the row.
    if code { out.replace('`', "'") } else { out }
}

/// On one line, in one cell.
fn cell(text: &str) -> String {
    let line = text.split(char::is_control).collect::<Vec<_>>().join(" ");
    line.replace('|', "\\|")
}
