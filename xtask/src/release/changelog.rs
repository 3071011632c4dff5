//! The entry of the changelog, from what changed.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use linode_spec::carry::Carried;
use linode_spec::diff::{Became, Change, Diff, Effect, Subject, Verdict, Version};

/// As many changes of one kind are listed; of the others, how many there are.
const LISTED: usize = 40;
/// What a changelog begins with, if there is none yet.
const EMPTY: &str = "# Changelog\n\n## [Unreleased]\n";
const UNRELEASED: &str = "## [Unreleased]\n";

/// The entry of a release: a heading, and a section for each kind of change that it has.
pub fn entry(diff: &Diff, version: Version, carried: &Carried, date: Option<&str>) -> String {
    let date = date.map_or_else(today, str::to_owned);
    let release = &diff.new_release;
    let mut text = format!(
        "## [{version}+{release}] - {date}\n\nRelease {release} of the API, after {}.",
        diff.old_release
    );
    text.push_str(match diff.verdict {
        Verdict::Breaking => " Some programs have to be changed.\n",
        Verdict::Addition => " Programs build as before.\n",
        Verdict::Patch => " Programs see no difference.\n",
        Verdict::None => " The documents say the same.\n",
    });
    if !carried.is_empty() {
        let (filters, grants) = (carried.filter_count(), carried.grants.len());
        text.push_str(&format!(
            "{filters} filters and {grants} grants are kept from before: {}.\n",
            carried.reason
        ));
    }
    let breaking = |change: &&Change| change.rust == Effect::Breaking;
    let added =
        |change: &&Change| change.rust != Effect::Breaking && change.became == Became::Added;
    let deprecated =
        |change: &&Change| change.rust != Effect::Breaking && change.became == Became::Deprecated;
    let rest = |change: &&Change| !breaking(change) && !added(change) && !deprecated(change);
    section(&mut text, "Breaking", &diff.changes, breaking);
    section(&mut text, "Added", &diff.changes, added);
    section(&mut text, "Deprecated", &diff.changes, deprecated);
    section(&mut text, "Changed", &diff.changes, rest);
    text
}

fn section(text: &mut String, title: &str, changes: &[Change], belongs: impl Fn(&&Change) -> bool) {
    let changes: Vec<&Change> = changes.iter().filter(belongs).collect();
    if changes.is_empty() {
        return;
    }
    text.push_str(&format!("\n### {title}\n\n"));
    // Operations come first, whatever there is of other things.
    let (first, others): (Vec<&Change>, Vec<&Change>) = changes
        .into_iter()
        .partition(|change| change.subject == Subject::Operation);
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for (index, change) in first.into_iter().chain(others).enumerate() {
        if index < LISTED {
            text.push_str(&format!("- `{}` {}\n", change.item, change.what));
        } else {
            *left.entry(change.subject.to_string()).or_default() += 1;
        }
    }
    if !left.is_empty() {
        let counts: Vec<String> = left
            .iter()
            .map(|(subject, n)| format!("{n} about a {subject}"))
            .collect();
        text.push_str(&format!(
            "- and {} more: {}\n",
            left.values().sum::<usize>(),
            counts.join(", ")
        ));
    }
}

/// The changelog with the entry above those of earlier releases. What was not released yet is released with it.
pub fn with_entry(changelog: &str, entry: &str) -> String {
    let changelog = match changelog.contains(UNRELEASED) {
        true => changelog.to_owned(),
        false => format!("{}\n{EMPTY}", changelog.trim_end())
            .trim_start()
            .to_owned(),
    };
    let Some((head, rest)) = changelog.split_once(UNRELEASED) else {
        return changelog;
    };
    let rest = rest.trim_start_matches('\n');
    let space = if rest.is_empty() { "" } else { "\n" };
    format!("{head}{UNRELEASED}\n{entry}{space}{rest}")
}

/// Today in UTC.
fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let days = since.map_or(0, |since| since.as_secs() / 86_400);
    day(days)
}

/// The date so many days after 1970-01-01, in the calendar of the Gregorian years.
fn day(days: u64) -> String {
    let (mut year, mut left) = (1970, days);
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        if left < length {
            break;
        }
        left -= length;
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let table = [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_454, "2026-01-01"),
            (20_818, "2026-12-31"),
        ];
        for (days, date) in table {
            assert_eq!(day(days), date);
        }
    }

    #[test]
    fn an_entry_goes_above_the_others_and_takes_what_was_not_released() {
        let before = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- First.\n";
        let after = with_entry(before, "## [0.2.0+2.0.0] - 2026-02-02\n\nText.\n");
        assert_eq!(
            after,
            "# Changelog\n\n## [Unreleased]\n\n## [0.2.0+2.0.0] - 2026-02-02\n\nText.\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- First.\n"
        );
        assert_eq!(
            with_entry("", "## [1] - d\n"),
            "# Changelog\n\n## [Unreleased]\n\n## [1] - d\n"
        );
    }

    #[test]
    fn more_changes_than_a_reader_takes_in_are_counted() {
        let change = |index: usize| Change {
            item: format!("types::Tag.f{index}"),
            what: "is new".to_owned(),
            ..Change::of(Subject::Field, Became::Added)
        };
        let diff = Diff {
            old_release: "1.0.0".into(),
            new_release: "1.1.0".into(),
            verdict: Verdict::Addition,
            changes: (0..LISTED + 3).map(change).collect(),
            ..Diff::default()
        };
        let text = entry(
            &diff,
            Version::new(0, 1, 1),
            &Carried::default(),
            Some("2026-01-31"),
        );
        assert!(text.starts_with("## [0.1.1+1.1.0] - 2026-01-31\n\nRelease 1.1.0 of the API, after 1.0.0. Programs build as before.\n\n### Added\n\n- `types::Tag.f0` is new\n"), "{text}");
        assert!(text.ends_with("- and 3 more: 3 about a field\n"), "{text}");
    }
}
