//! What `generate` tells when it is done.

use std::fmt;

use linode_codegen::Files;
use linode_spec::diagnostic::{Diagnostic, Severity};

use super::Arguments;
use super::place::Place;
use crate::pipeline::Model;
use crate::tree::Plan;
use crate::workspace::{DOCUMENT, LOCK};

/// Everything that is worth reading.
pub struct Summary<'a> {
    pub arguments: &'a Arguments,
    pub model: &'a Model,
    pub place: &'a Place,
    pub files: &'a Files,
    pub plan: &'a Plan<'a>,
    pub names_added: usize,
    /// Files beside the crate that were written.
    pub beside: Vec<&'a str>,
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.content(f)?;
        self.complaints(f)?;
        if self.arguments.verbose {
            self.passes(f)?;
        }
        writeln!(f, "next: {}", self.next())
    }
}

impl Summary<'_> {
    fn content(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, plan, .. } = self;
        let document = self
            .arguments
            .spec
            .as_ref()
            .map_or_else(|| DOCUMENT.into(), |file| file.display().to_string());
        let lists = model
            .api
            .operations
            .iter()
            .filter(|o| o.answer.list().is_some())
            .count();
        let types = model
            .names
            .types
            .iter()
            .filter(|t| !t.name.is_empty())
            .count();
        let lines: usize = self.files.values().map(|text| text.lines().count()).sum();
        writeln!(
            f,
            "release {} of the Linode API, from {document}",
            model.api.release
        )?;
        writeln!(
            f,
            "  {} operations, {lists} of them lists; {types} types",
            model.api.operations.len()
        )?;
        let (written, removed) = (plan.write.len(), plan.remove.len());
        let files = self.files.len();
        writeln!(
            f,
            "  {}: {files} files, {lines} lines; {written} written, {} unchanged, {removed} removed",
            self.place.name, plan.unchanged
        )?;
        if self.names_added > 0 {
            writeln!(f, "  {LOCK}: {} entries added", self.names_added)?;
        }
        let mut beside = self.beside.iter();
        beside.try_for_each(|path| writeln!(f, "  {path}: written"))
    }

    fn complaints(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let diagnostics = &self.model.document.diagnostics;
        let accepted = diagnostics.iter().filter(|d| d.accepted.is_some()).count();
        let is_defect = |d: &&Diagnostic| d.severity == Severity::Defect;
        let defects = diagnostics.iter().filter(is_defect).count();
        let notes = diagnostics.len() - defects;
        writeln!(
            f,
            "  {defects} defects of the document, {accepted} accepted; {notes} notes"
        )?;
        // A document that nobody has looked at yet is to be looked at.
        if self.arguments.verbose || self.arguments.spec.is_some() {
            diagnostics
                .iter()
                .try_for_each(|diagnostic| writeln!(f, "    {diagnostic}"))?;
        }
        let mut idle = self.model.idle.iter();
        idle.try_for_each(|unused| writeln!(f, "  warning: a correction without effect: {unused}"))
    }

    fn passes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut passes = self.model.passes.iter();
        passes.try_for_each(|(pass, took)| {
            writeln!(f, "  {pass:<9} {:>7.1} ms", took.as_secs_f64() * 1000.0)
        })
    }

    fn next(&self) -> String {
        match (
            self.place.own,
            self.plan.write.is_empty() && self.plan.remove.is_empty() && self.beside.is_empty(),
        ) {
            (true, true) => "nothing; the crate was up to date".to_owned(),
            (true, false) => "cargo test --workspace, then commit".to_owned(),
            (false, _) => format!(
                "cargo check --manifest-path {}",
                self.place.folder.join("Cargo.toml").display()
            ),
        }
    }
}
