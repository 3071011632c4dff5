//! What a release tells: for a person at a terminal, or for a pull request.

use super::plan::Plan;
use crate::diff::{markdown, text};
use crate::workspace::GENERATED;

/// So many entries of a list are told; of the others, how many there are.
const SHOWN: usize = 20;

/// All of it, for a pull request.
pub fn as_markdown(plan: &Plan) -> String {
    let decided = decisions(plan).into_iter().map(|(title, lines)| {
        let lines: Vec<String> = lines.iter().map(|line| format!("- {line}\n")).collect();
        format!(
            "\n<details><summary>{title}</summary>\n\n{}\n</details>\n",
            lines.concat()
        )
    });
    let decided: String = decided.collect();
    format!(
        "# {}\n{decided}\n{}",
        capital(&title(plan)),
        markdown(&plan.diff, false)
    )
}

/// All of it, for a person at a terminal.
pub fn told(plan: &Plan) -> String {
    let title = title(plan);
    let decided = decisions(plan);
    let decided = decided.into_iter().map(|(title, lines)| {
        let lines: Vec<String> = lines.iter().map(|line| format!("    {line}\n")).collect();
        format!("  {title}\n{}", lines.concat())
    });
    let decided: String = decided.collect();
    format!(
        "{title}\n{decided}\n{}\n{}",
        plan.entry,
        text(&plan.diff, false, false)
    )
}

fn title(plan: &Plan) -> String {
    let Plan { diff, version, .. } = plan;
    format!(
        "release {} of the API: linode-sdk {} → {version} ({})",
        diff.new_release, diff.version, diff.verdict
    )
}

/// What was decided besides the version: a line on each, and what it is about.
fn decisions(plan: &Plan) -> Vec<(String, Vec<String>)> {
    let mut decided = Vec::new();
    let mut add = |count: usize, what: &str, lines: &[String]| {
        if count > 0 {
            decided.push((format!("{count} {what}"), shown(lines)));
        }
    };
    let carried = &plan.carried;
    let kept: Vec<String> = carried
        .filters
        .iter()
        .map(|(list, keys)| format!("{list}: {}", keys.join(", ")))
        .collect();
    add(
        carried.filter_count(),
        &format!("filters kept; {}", carried.reason),
        &kept,
    );
    let grants: Vec<String> = carried
        .grants
        .iter()
        .map(|(key, grant)| format!("{key}: {grant}"))
        .collect();
    add(grants.len(), "grants kept for the same reason", &grants);
    add(
        plan.homeless.len(),
        "filters without a place in the new document",
        &plan.homeless,
    );
    add(
        plan.accepted.len(),
        "defects accepted, as they are repaired",
        &plan.accepted,
    );
    add(
        plan.put_right.len(),
        "accepted defects that are gone",
        &plan.put_right,
    );
    add(
        plan.dropped.len(),
        "corrections dropped: nothing to correct",
        &plan.dropped,
    );
    add(
        plan.presence.len(),
        "changes of what is always there, by recorded answers",
        &plan.presence,
    );
    add(
        plan.presence_as_before,
        "types keep what is always there: no recorded answers to look at again",
        &[],
    );
    add(plan.names_added, "names added to spec/names.lock", &[]);
    let (own, others): (Vec<&String>, Vec<&String>) = plan
        .changes
        .keys()
        .partition(|path| path.starts_with(GENERATED));
    let others: Vec<String> = others.into_iter().cloned().collect();
    add(own.len(), "files of the crate change", &[]);
    add(others.len(), "other files change", &others);
    decided
}

fn shown(lines: &[String]) -> Vec<String> {
    let mut shown: Vec<String> = lines.iter().take(SHOWN).cloned().collect();
    let more = lines.len().saturating_sub(SHOWN);
    if more > 0 {
        shown.push(format!("… {more} more"));
    }
    shown
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
