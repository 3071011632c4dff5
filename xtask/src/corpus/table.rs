//! The corpus as a table for a person.

use std::fmt::{self, Display};

use super::{Corpus, Entry};

const HEAD: [&str; 9] = [
    "document",
    "operations",
    "lists",
    "types",
    "lines",
    "numbered names",
    "fallbacks",
    "ms",
    "",
];

impl Display for Corpus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![HEAD.map(str::to_owned)];
        rows.extend(self.files.iter().map(row));
        let widths: Vec<usize> = (0..HEAD.len())
            .map(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0))
            .collect();
        for row in &rows {
            write!(f, "{:<1$}", row[0], widths[0])?;
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                write!(f, "  {cell:>width$}")?;
            }
            writeln!(f)?;
        }
        for entry in &self.files {
            if let Some(error) = &entry.error {
                writeln!(f, "\n{}:", entry.file)?;
                for line in error.lines() {
                    writeln!(f, "  {line}")?;
                }
            }
        }
        let good = self.files.iter().filter(|entry| entry.ok).count();
        let (all, ms) = (self.files.len(), self.ms);
        writeln!(
            f,
            "\n{good} of {all} documents are all right; generated in {ms} ms"
        )
    }
}

fn row(entry: &Entry) -> [String; HEAD.len()] {
    let verdict = match (entry.ok, entry.build_ms) {
        (false, _) => "FAILED".to_owned(),
        (true, None) => "ok".to_owned(),
        (true, Some(ms)) => format!("ok, built in {:.1} s", ms as f64 / 1000.0),
    };
    [
        entry.file.clone(),
        entry.operations.to_string(),
        entry.paginated_lists.to_string(),
        entry.types.to_string(),
        entry.lines.to_string(),
        entry.numbered_names.to_string(),
        entry.fallbacks.to_string(),
        entry.ms.to_string(),
        verdict,
    ]
}
