//! Two texts, for a person: a unified diff that ends before it is too long to read.
//!
//! ```
//! let diff = xtask::unified::unified("a.txt", "one\ntwo\n", "one\n2\n");
//! assert!(diff.contains("-two\n+2\n"));
//! ```

use std::time::Duration;

use similar::TextDiff;

/// As many lines of one file are shown.
const SHOWN: usize = 60;
/// After this long, an approximate diff has to do.
const PATIENCE: Duration = Duration::from_millis(500);

/// The unified diff from the text on disk to the one that should be there; nothing where they are the same.
///
/// ```
/// let long: String = (0..500).map(|n| format!("{n}\n")).collect();
/// assert!(xtask::unified::unified("a.txt", "", &long).ends_with("more lines of this diff\n"));
/// assert_eq!(xtask::unified::unified("a.txt", &long, &long), "");
/// ```
pub fn unified(name: &str, found: &str, wanted: &str) -> String {
    let diff = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_lines(found, wanted);
    let head = (
        format!("{name} (on disk)"),
        format!("{name} (as generated)"),
    );
    capped(
        &diff
            .unified_diff()
            .context_radius(2)
            .header(&head.0, &head.1)
            .to_string(),
    )
}

fn capped(diff: &str) -> String {
    let mut shown: String = diff.split_inclusive('\n').take(SHOWN).collect();
    let more = diff.lines().count().saturating_sub(SHOWN);
    if more > 0 {
        shown.push_str(&format!("… {more} more lines of this diff\n"));
    }
    shown
}
