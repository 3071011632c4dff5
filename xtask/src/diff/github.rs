//! Differences as annotations of a workflow: `::error file=…,title=…::message`.

use linode_spec::diff::{Change, Diff, Effect};

use super::sections::{code, pointers, sections, summary};

/// A line for each change that means something, the worst first: GitHub shows few of each kind.
pub fn annotations(diff: &Diff, old_file: &str, new_file: &str) -> String {
    let Diff {
        old_release,
        new_release,
        ..
    } = diff;
    let head = format!("Linode API {old_release} → {new_release}");
    let mut text = line("notice", new_file, &head, &summary(diff));
    for hint in &diff.hints {
        text.push_str(&line("warning", new_file, &head, hint));
    }
    for section in sections(diff).into_iter().filter(|section| section.in_full) {
        for change in section.changes {
            let file = if change.new.is_some() || change.old.is_none() {
                new_file
            } else {
                old_file
            };
            text.push_str(&line(level(change), file, &change.item, &message(change)));
        }
    }
    for rename in diff
        .renames
        .iter()
        .filter(|rename| rename.because.is_none())
    {
        text.push_str(&line("warning", new_file, &rename.old, &rename.to_string()));
    }
    text
}

fn level(change: &Change) -> &'static str {
    match (change.rust, change.wire) {
        (Effect::Breaking, _) => "error",
        (_, Effect::Breaking) => "warning",
        _ => "notice",
    }
}

fn message(change: &Change) -> String {
    let mut lines = vec![format!(
        "{} {} (on the wire: {})",
        change.item, change.what, change.wire
    )];
    lines.extend(code(change));
    lines.extend(
        pointers(change)
            .into_iter()
            .map(|(word, pointer)| format!("{word} {pointer}")),
    );
    lines.join("\n")
}

fn line(level: &str, file: &str, title: &str, message: &str) -> String {
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    format!(
        "::{level} file={},title={}::{}\n",
        property(file),
        property(title),
        data(message)
    )
}

/// The runner takes a line for a command: what would end it is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
