//! Differences for a person at a terminal.

use linode_spec::diff::{Change, Diff, Effect, Verdict};

use super::sections::{code, counted, pointers, sections, summary};

/// What paints a text, where texts are painted.
#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn with(self, colour: &str, text: &str) -> String {
        match self.0 {
            true => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }

    fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    /// What breaks is red, what is new green.
    fn effect(self, effect: Effect, text: &str) -> String {
        match effect {
            Effect::Breaking => self.with("31", text),
            Effect::Addition => self.with("32", text),
            Effect::None => text.to_owned(),
        }
    }
}

/// The text; `all` gives every change a line.
pub fn text(diff: &Diff, all: bool, coloured: bool) -> String {
    let paint = Paint(coloured);
    let Diff {
        old_release,
        new_release,
        ..
    } = diff;
    let verdict = match diff.verdict {
        Verdict::Breaking => Effect::Breaking,
        Verdict::Addition => Effect::Addition,
        Verdict::Patch | Verdict::None => Effect::None,
    };
    let mut lines = vec![
        paint.bold(&format!("Linode API {old_release} → {new_release}")),
        paint.effect(verdict, &summary(diff)),
    ];
    lines.extend(diff.hints.iter().map(|hint| format!("note: {hint}")));
    for section in sections(diff) {
        let heading = format!("{} ({})", section.heading, section.changes.len());
        lines.extend([String::new(), paint.bold(&heading)]);
        match all || section.in_full {
            true => lines.extend(
                section
                    .changes
                    .iter()
                    .flat_map(|change| change_lines(change, section.meaning, paint)),
            ),
            false => lines.extend(
                counted(&section.changes)
                    .into_iter()
                    .map(|line| format!("  {line}")),
            ),
        }
    }
    if !diff.renames.is_empty() {
        let heading = format!(
            "Names ({}, {} of them unexplained)",
            diff.renames.len(),
            diff.unexplained_renames
        );
        lines.extend([String::new(), paint.bold(&heading)]);
        lines.extend(diff.renames.iter().map(|rename| format!("  {rename}")));
    }
    lines.join("\n") + "\n"
}

fn change_lines(change: &Change, meaning: Effect, paint: Paint) -> Vec<String> {
    let mut lines = vec![format!(
        "  {} {}",
        paint.effect(meaning, &change.item),
        change.what
    )];
    if change.rust == Effect::Breaking {
        lines[0].push_str(&paint.dim(&format!(" (on the wire: {})", change.wire)));
    }
    lines.extend(code(change).into_iter().map(|line| format!("      {line}")));
    lines.extend(
        pointers(change)
            .into_iter()
            .map(|(word, pointer)| paint.dim(&format!("      {word} {pointer}"))),
    );
    lines
}
