//! A small project in a temporary folder.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use xtask::generate::{Arguments, run};
use xtask::outcome::{Failure, Outcome};
use xtask::pin;
use xtask::workspace::Workspace;

/// A document with a list, a filter, a record and prose: as small as one can be that shows each pass at work.
pub const DOCUMENT: &str = r#"
openapi: 3.0.1
info: {title: Things, version: 1.2.3, description: A long introduction.}
servers: [{url: 'https://api.example.com/v4'}]
paths:
  /things:
    get:
      operationId: getThings
      responses:
        '200':
          description: All of them.
          content:
            application/json:
              schema:
                type: object
                properties:
                  page: {type: integer}
                  pages: {type: integer}
                  results: {type: integer}
                  data: {type: array, items: {$ref: '#/components/schemas/Thing'}}
  /things/{thingId}:
    delete:
      operationId: deleteThing
      parameters: [{name: thingId, in: path, required: true, schema: {type: integer}}]
      responses: {'204': {description: Gone.}}
    put:
      operationId: putThing
      parameters: [{name: thingId, in: path, required: true, schema: {type: integer}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {label: {type: string}}}}}}
      responses:
        '200': {description: The thing., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        id: {type: integer}
        label: {type: string, x-linode-filterable: true}
        colour: {type: string, enum: [red, green]}
"#;

/// A project with that document, pinned.
pub struct Project {
    pub folder: TempDir,
    pub workspace: Workspace,
}

impl Project {
    /// Pinned, nothing generated yet.
    pub fn pinned() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let workspace = Workspace::at(folder.path().join("project"));
        let project = Self { folder, workspace };
        project.write("original.yaml", DOCUMENT);
        fs::create_dir_all(project.path("project/crates/core")).expect("a folder");
        pin::run(&project.workspace, &project.path("original.yaml"))
            .expect("the document can be pinned");
        project
    }

    /// Pinned and generated.
    pub fn generated() -> Self {
        let project = Self::pinned();
        project
            .generate(&Arguments::default())
            .expect("the document can be generated from");
        project
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder");
        fs::write(path, text).expect("a file that can be written");
    }

    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).expect("a file that can be read")
    }

    pub fn generate(&self, arguments: &Arguments) -> Result<Outcome, Failure> {
        run(&self.workspace, arguments)
    }

    pub fn check(&self) -> Outcome {
        self.generate(&Arguments {
            check: true,
            ..Arguments::default()
        })
        .expect("a check that runs")
    }

    /// Every file below a folder with its text.
    pub fn files(&self, relative: &str) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        collect(&self.path(relative), &mut files);
        files.sort();
        files
    }
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push((path.clone(), fs::read_to_string(&path).expect("a text")));
        }
    }
}
