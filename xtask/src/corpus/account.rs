//! What a document has and its crate has not, and nothing tells.

use std::collections::{BTreeMap, BTreeSet};

use linode_codegen::Files;
use linode_spec::api::{Operation, Place};
use linode_spec::load::{Inventory, Listed};
use linode_spec::name::OperationName;

use crate::pipeline::Model;

/// Everything that got lost without a word, a line each.
pub fn lost(inventory: &Inventory, model: &Model, files: &Files) -> Vec<String> {
    let (noted, told) = (noted(model), told(model));
    let operations: BTreeMap<&str, &Operation> = model
        .api
        .operations
        .iter()
        .map(|operation| (operation.pointer.as_str(), operation))
        .collect();
    let mut lost = Vec::new();
    for pointer in &inventory.operations {
        if !operations.contains_key(pointer.as_str()) && !noted.contains(pointer.as_str()) {
            lost.push(format!("{pointer}: no operation of the model"));
        }
    }
    for listed in &inventory.parameters {
        // An operation that came to nothing is told itself.
        let Some(operation) = operations.get(listed.operation.as_str()) else {
            continue;
        };
        if !has(operation, listed) && !told.contains(listed.pointer.as_str()) {
            let name = &listed.name;
            lost.push(format!(
                "{}: no parameter `{name}` in the model",
                listed.pointer
            ));
        }
    }
    lost.extend(markers(inventory, model));
    lost.extend(unwritten(model, files));
    lost
}

/// The places that the model tells of: an operation that another version has as well.
fn noted(model: &Model) -> BTreeSet<&str> {
    let notes = model.api.account.notes.iter();
    notes.map(|note| note.pointer.as_str()).collect()
}

/// Those, and what was wrong with the document: a parameter that its path has no place for.
fn told(model: &Model) -> BTreeSet<&str> {
    let diagnostics = model.document.diagnostics.iter();
    let places = diagnostics.map(|diagnostic| diagnostic.pointer.as_str());
    places.chain(noted(model)).collect()
}

/// Whether the model has the parameter; one that stands for the version in the path is the operation's versions.
fn has(operation: &Operation, listed: &Listed) -> bool {
    let known = operation
        .parameters
        .iter()
        .any(|p| p.name == listed.name && p.place == listed.place);
    let version = listed.place == Place::Path
        && !operation.path.contains(&format!("{{{}}}", listed.name))
        && listed.name.to_ascii_lowercase().contains("version");
    known || version
}

/// Markers that neither filter a list nor are told.
fn markers(inventory: &Inventory, model: &Model) -> Option<String> {
    let used: BTreeSet<&str> = model
        .api
        .operations
        .iter()
        .filter_map(|operation| operation.answer.list())
        .flat_map(|list| &list.filters)
        .map(|filter| filter.pointer.as_str())
        .collect();
    let unused = model.api.account.markers_without_field.len();
    let lost = inventory.markers.saturating_sub(used.len() + unused);
    (lost > 0).then(|| format!("{lost} filter markers without a field and without a word"))
}

/// Methods, arguments, setters and filters of the model that the sources do not have.
fn unwritten(model: &Model, files: &Files) -> Vec<String> {
    let mut lost = Vec::new();
    let text = |path: String| files.get(&path).map_or("", String::as_str);
    for (operation, name) in model.api.operations.iter().zip(&model.names.operations) {
        let OperationName {
            group,
            method,
            arguments,
            setters,
            ..
        } = name;
        let key = operation.key();
        let methods = text(format!("src/{group}.rs"));
        let types = text(format!("src/{group}/operations.rs"));
        if !methods.contains(&format!("pub fn {method}")) {
            lost.push(format!("{key}: no method `{group}.{method}`"));
        }
        let missing = arguments
            .iter()
            .filter(|argument| !methods.contains(&format!("{argument}:")))
            .chain(
                setters
                    .iter()
                    .filter(|setter| !types.contains(&format!("fn {setter}("))),
            );
        lost.extend(missing.map(|name| format!("{key}: no parameter `{name}`")));
    }
    let filters = model
        .api
        .operations
        .iter()
        .filter_map(|operation| Some((operation, operation.answer.list()?)));
    // However long its line is, a constant is spelt alike.
    let sources: String = files
        .iter()
        .filter(|(path, _)| path.ends_with(".rs"))
        .flat_map(|(_, text)| text.split_whitespace())
        .collect();
    for (operation, list) in filters {
        let missing = list
            .filters
            .iter()
            .filter(|filter| !sources.contains(&format!("Field::new({:?}", filter.key)));
        lost.extend(
            missing.map(|filter| format!("{}: no filter `{}`", operation.key(), filter.key)),
        );
    }
    lost
}

#[cfg(test)]
mod tests {
    use linode_codegen::{Files, Options};
    use linode_spec::carry::Carried;
    use linode_spec::correct::Corrections;
    use linode_spec::diagnostic::Accepted;
    use linode_spec::name::Lock;

    use super::lost;
    use crate::pipeline::{Model, Source, understand};

    const DOCUMENT: &str = "
openapi: 3.0.1
info: {title: t, version: 1.0.0}
paths:
  /{apiVersion}/things/{id}:
    parameters:
    - {name: apiVersion, in: path, required: true, schema: {type: string, enum: [v4]}}
    - {name: id, in: path, required: true, schema: {type: integer}}
    get:
      parameters: [{name: colour, in: query, schema: {type: string}}]
      responses:
        '200':
          description: ''
          content:
            application/json:
              schema:
                properties:
                  page: {type: integer}
                  pages: {type: integer}
                  results: {type: integer}
                  data: {type: array, items: {properties: {label: {type: string, x-linode-filterable: true}}}}
";

    fn generated() -> (Model, Files) {
        let source = Source {
            file: "small.yaml".to_owned(),
            bytes: DOCUMENT.into(),
            accepted: Accepted::default(),
            strict: false,
            carried: Carried::default(),
        };
        let mut model =
            understand(&source, &Lock::default(), &Corrections::default()).expect("a document");
        let files = model.files(&Options::new("../core")).expect("files");
        (model, files)
    }

    fn found(model: &Model, files: &Files) -> Vec<String> {
        lost(&model.document.inventory(), model, files)
    }

    #[test]
    fn nothing_is_lost_of_a_document_that_is_understood() {
        let (model, files) = generated();
        assert_eq!(found(&model, &files), Vec::<String>::new());
    }

    #[test]
    fn what_the_model_lacks_is_told() {
        let (mut model, files) = generated();
        model.api.operations[0]
            .parameters
            .retain(|p| p.name != "colour");
        model.names.operations[0].setters.clear();
        assert_eq!(
            found(&model, &files),
            [
                "/paths/~1{apiVersion}~1things~1{id}/get/parameters/0: no parameter `colour` in the model"
            ]
        );
        model.api.operations.clear();
        model.names.operations.clear();
        assert_eq!(
            found(&model, &files),
            [
                "/paths/~1{apiVersion}~1things~1{id}/get: no operation of the model",
                "1 filter markers without a field and without a word",
            ]
        );
    }

    #[test]
    fn what_the_sources_lack_is_told() {
        let (model, _) = generated();
        assert_eq!(
            found(&model, &Files::new()),
            [
                "GET /things/{}: no method `things.list_things_by_id`",
                "GET /things/{}: no parameter `id`",
                "GET /things/{}: no parameter `colour`",
                "GET /things/{}: no filter `label`",
            ]
        );
    }
}
