//! Operations: what the document says of a method on a path.
//!
//! ```
//! assert_eq!(linode_witness::key("get", "/{apiVersion}/images/{imageId}"), "GET /images/{}");
//! ```

use serde_json::Map;

use crate::conform::is_writable;
use crate::judge::{self, Demand, Received};
use crate::reference::step;
use crate::schema::{Kind, Schema};
use crate::server::Answered;
use crate::{Document, Json, make};

/// What identifies an operation: its method, and its path without version and without the names of parameters.
///
/// ```
/// use linode_witness::key;
///
/// assert_eq!(key("GET", "/linode/instances/{linodeId}"), "GET /linode/instances/{}");
/// assert_eq!(key("post", "/v4beta/tags"), "POST /tags");
/// ```
pub fn key(method: &str, path: &str) -> String {
    let mut key = format!("{} ", method.to_ascii_uppercase());
    let mut inside = false;
    for character in split_version(path).1.chars() {
        inside = character == '{' || (inside && character != '}');
        if character == '{' || !inside {
            key.push(character);
        }
    }
    key
}

/// How deep formats are looked for.
const DEEPEST: usize = 8;

/// An operation of a [`Document`].
///
/// ```
/// use linode_witness::Document;
///
/// let document = Document::parse(r#"{"servers": [{"url": "https://api/v4beta"}], "paths": {"/tags/{label}": {"get": {}}}}"#)?;
/// let operation = document.operation("GET /tags/{}").unwrap();
/// assert_eq!((operation.method(), operation.path()), ("GET", "/tags/{label}"));
/// assert_eq!(operation.versions(), ["v4beta"]);
/// assert!(!operation.may_be_empty());
/// assert_eq!(operation.turns(), 1);
/// # Ok::<(), linode_witness::Unreadable>(())
/// ```
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    document: &'d Document,
    method: String,
    full_path: &'d str,
    item: &'d Map<String, Json>,
    node: &'d Map<String, Json>,
    at: String,
}

/// A parameter, and where it travels: `path`, `query` or `header`.
#[derive(Clone, Debug)]
pub(crate) struct Parameter<'d> {
    pub(crate) name: &'d str,
    pub(crate) place: &'d str,
    pub(crate) required: bool,
    pub(crate) schema: Schema<'d>,
}

/// A body, sent or answered.
#[derive(Clone, Debug)]
pub(crate) struct Content<'d> {
    pub(crate) media_type: &'d str,
    pub(crate) schema: Schema<'d>,
    /// An example of the whole, and where it stands.
    pub(crate) example: Option<(String, &'d Json)>,
}

/// An answer that means success.
#[derive(Clone, Debug)]
pub(crate) struct Answer<'d> {
    pub(crate) status: u16,
    pub(crate) content: Option<Content<'d>>,
}

impl<'d> Operation<'d> {
    pub(crate) fn new(
        document: &'d Document,
        method: &str,
        path: &'d str,
        item: &'d Map<String, Json>,
        node: &'d Map<String, Json>,
    ) -> Self {
        let at = format!("/paths/{}/{method}", step(path));
        Self {
            document,
            method: method.to_ascii_uppercase(),
            full_path: path,
            item,
            node,
            at,
        }
    }

    /// What identifies it: `GET /images/{}`.
    pub fn key(&self) -> String {
        key(&self.method, self.full_path)
    }

    /// The method, in capitals.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path template, without version.
    pub fn path(&self) -> &'d str {
        split_version(self.full_path).1
    }

    /// The API versions that have it, in the order of the document.
    pub fn versions(&self) -> Vec<&'d str> {
        match split_version(self.full_path).0 {
            None => self.server_versions(),
            Some(version) if version.starts_with('{') => self.enumerated_versions(),
            Some(version) => vec![version],
        }
    }

    /// What is wrong with a request to it, each a sentence.
    pub fn problems(&self, received: &Received, demand: Demand) -> Vec<String> {
        judge::problems(self, received, demand)
    }

    /// The answer that means success, as the document says; another turn shows other branches, see [`Operation::turns`].
    ///
    /// ```
    /// let document = linode_witness::Document::parse(r#"{"paths": {"/tags": {"get": {"responses": {"200": {"content":
    ///     {"application/json": {"schema": {"properties": {"label": {"type": "string", "example": "web"}}}}}}}}}}}"#)?;
    /// let answered = document.operation("GET /tags").unwrap().made(0);
    /// assert_eq!((answered.status, answered.json.unwrap()["label"].as_str()), (200, Some("web")));
    /// # Ok::<(), linode_witness::Unreadable>(())
    /// ```
    pub fn made(&self, turn: usize) -> Answered {
        make::answered(self, turn)
    }

    /// The parameters of its path with the values that a path gives them, decoded; `None` if it is a path of something else.
    ///
    /// ```
    /// let document = linode_witness::Document::parse(r#"{"paths": {"/images/{imageId}": {"get": {}}}}"#)?;
    /// let operation = document.operation("GET /images/{}").unwrap();
    /// assert_eq!(operation.arguments("/v4/images/linode%2Fdebian12").unwrap(), [("imageId", "linode/debian12".to_owned())]);
    /// assert_eq!(operation.arguments("/images"), None);
    /// # Ok::<(), linode_witness::Unreadable>(())
    /// ```
    pub fn arguments(&self, path: &str) -> Option<Vec<(&'d str, String)>> {
        arguments(self.full_path, path)
    }

    /// Whether success may also come as 204, without a body.
    pub fn may_be_empty(&self) -> bool {
        self.answers().iter().any(|answer| answer.status == 204) && self.answer().status != 204
    }

    /// How many answers it takes to show every branch of every choice in it.
    pub fn turns(&self) -> usize {
        self.answer()
            .content
            .map_or(1, |content| crate::make::turns(&content.schema))
    }

    /// The version that a client goes to if nothing else is said.
    pub(crate) fn version(&self) -> &'d str {
        let versions = self.versions();
        let stable = versions.iter().find(|version| !version.contains("beta"));
        stable.or(versions.first()).copied().unwrap_or("v4")
    }

    /// The formats that the document gives to fields of its body and of its answer, wherever they are: name and format.
    ///
    /// ```
    /// use linode_witness::Document;
    ///
    /// let document = Document::parse("{paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object,
    ///     properties: {list: {type: array, items: {properties: {pin: {type: string, format: password}}}}}}}}}}}}}")?;
    /// let operation = document.operation("POST /a").unwrap();
    /// assert_eq!(operation.formats(), [("pin", "password")]);
    /// # Ok::<(), linode_witness::Unreadable>(())
    /// ```
    pub fn formats(&self) -> Vec<(&'d str, &'d str)> {
        let mut found = Vec::new();
        for content in [self.body(), self.answer().content].into_iter().flatten() {
            formats(&content.schema, DEEPEST, &mut found);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Its parameters: those of the path in the order of the template, then the others.
    pub(crate) fn parameters(&self) -> Vec<Parameter<'d>> {
        let mut described = self.described_parameters();
        let mut parameters: Vec<_> = template_names(self.path())
            .into_iter()
            .map(|name| {
                let same_name = described
                    .iter()
                    .position(|parameter| parameter.place == "path" && parameter.name == name);
                // Some documents spell a parameter differently in the path; then the first one left over is meant. The one
                // that stands for the version is in the whole path alone.
                let any = || {
                    described.iter().position(|parameter| {
                        let spelt = format!("{{{}}}", parameter.name);
                        parameter.place == "path" && !self.full_path.contains(&spelt)
                    })
                };
                let schema = same_name
                    .or_else(any)
                    .map(|index| described.remove(index).schema);
                let schema =
                    schema.unwrap_or_else(|| Schema::new(self.document, &self.at, &Json::Null));
                Parameter {
                    name,
                    place: "path",
                    required: true,
                    schema,
                }
            })
            .collect();
        parameters.extend(
            described
                .into_iter()
                .filter(|parameter| parameter.place != "path"),
        );
        parameters
    }

    /// What it takes as a body.
    pub(crate) fn body(&self) -> Option<Content<'d>> {
        let (at, node) = self.document.follow(
            format!("{}/requestBody", self.at),
            self.node.get("requestBody")?,
        );
        self.content(&at, node)
    }

    /// The answer that means success.
    pub(crate) fn answer(&self) -> Answer<'d> {
        let answers = self.answers();
        let telling = answers
            .iter()
            .find(|answer| answer.content.is_some())
            .or(answers.first());
        telling.cloned().unwrap_or(Answer {
            status: 200,
            content: None,
        })
    }

    /// Whether it can be called without a token.
    pub fn is_public(&self) -> bool {
        let security = self
            .node
            .get("security")
            .or_else(|| self.document.root().get("security"));
        security.and_then(Json::as_array).is_none_or(|demands| {
            demands
                .iter()
                .all(|demand| demand.as_object().is_none_or(Map::is_empty))
        })
    }

    /// Whether its answer is a page of a list.
    pub fn is_paged(&self) -> bool {
        self.answer()
            .content
            .is_some_and(|content| is_page(&content.schema))
    }

    /// Whether nothing can be asked without a body.
    pub(crate) fn needs_body(&self) -> bool {
        let Some(node) = self.node.get("requestBody") else {
            return false;
        };
        let (_, node) = self
            .document
            .follow(format!("{}/requestBody", self.at), node);
        let required = |content: Content<'_>| {
            let properties = content.schema.properties();
            content.schema.required().iter().any(|name| {
                let property = properties.iter().find(|(known, _)| known == name);
                property.is_some_and(|(_, property)| is_writable(property))
            })
        };
        node.get("required") == Some(&Json::Bool(true)) || self.body().is_some_and(required)
    }

    fn answers(&self) -> Vec<Answer<'d>> {
        let responses = self.node.get("responses").and_then(Json::as_object);
        let successes = responses
            .into_iter()
            .flatten()
            .filter_map(|(status, node)| {
                let number: u16 = status.to_ascii_lowercase().replace('x', "0").parse().ok()?;
                let (at, node) = self
                    .document
                    .follow(format!("{}/responses/{status}", self.at), node);
                (200..300).contains(&number).then(|| Answer {
                    status: number,
                    content: self.content(&at, node),
                })
            });
        successes.collect()
    }

    fn content(&self, at: &str, node: &'d Json) -> Option<Content<'d>> {
        let types = node.get("content")?.as_object()?;
        let (media_type, node) = types
            .get_key_value("application/json")
            .or_else(|| types.iter().next())?;
        let at = format!("{at}/content/{}", step(media_type));
        let schema = Schema::new(
            self.document,
            &format!("{at}/schema"),
            node.get("schema").unwrap_or(&Json::Null),
        );
        Some(Content {
            media_type,
            schema,
            example: self.example(&at, node),
        })
    }

    fn example(&self, at: &str, node: &'d Json) -> Option<(String, &'d Json)> {
        if let Some(example) = node.get("example") {
            return Some((format!("{at}/example"), example));
        }
        let (name, example) = node.get("examples")?.as_object()?.iter().next()?;
        let (at, example) = self
            .document
            .follow(format!("{at}/examples/{}", step(name)), example);
        Some((format!("{at}/value"), example.get("value")?))
    }

    fn described_parameters(&self) -> Vec<Parameter<'d>> {
        let mut found: Vec<Parameter<'d>> = Vec::new();
        let path_item = self.at.rsplit_once('/').map_or("", |(item, _)| item);
        for (at, holder) in [(self.at.as_str(), self.node), (path_item, self.item)] {
            for (index, node) in holder
                .get("parameters")
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
                .enumerate()
            {
                let Some(parameter) = self.parameter(format!("{at}/parameters/{index}"), node)
                else {
                    continue;
                };
                // What the operation says comes first, and stands.
                if !found
                    .iter()
                    .any(|known| (known.name, known.place) == (parameter.name, parameter.place))
                {
                    found.push(parameter);
                }
            }
        }
        found
    }

    fn parameter(&self, at: String, node: &'d Json) -> Option<Parameter<'d>> {
        let (at, node) = self.document.follow(at, node);
        let schema = Schema::new(
            self.document,
            &format!("{at}/schema"),
            node.get("schema").unwrap_or(&Json::Null),
        );
        let required = node.get("required") == Some(&Json::Bool(true));
        Some(Parameter {
            name: node.get("name")?.as_str()?,
            place: node.get("in")?.as_str()?,
            required,
            schema,
        })
    }

    fn server_versions(&self) -> Vec<&'d str> {
        let servers = self
            .node
            .get("servers")
            .or_else(|| self.item.get("servers"))
            .or_else(|| self.document.root().get("servers"));
        let urls = servers
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(|server| server.get("url")?.as_str());
        urls.filter_map(|url| url.trim_end_matches('/').rsplit('/').next())
            .filter(|last| is_version(last))
            .collect()
    }

    fn enumerated_versions(&self) -> Vec<&'d str> {
        let wanted = split_version(self.full_path)
            .0
            .map_or("", |version| version.trim_matches(['{', '}']));
        let parameter = self
            .described_parameters()
            .into_iter()
            .find(|parameter| parameter.name == wanted);
        let values = parameter
            .as_ref()
            .and_then(|parameter| parameter.schema.enumeration());
        let versions: Vec<_> = values
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        if versions.is_empty() {
            self.server_versions()
        } else {
            versions
        }
    }
}

/// The parameters of a template with the values that a path gives them; the versions of both don't count.
pub(crate) fn arguments<'t>(template: &'t str, path: &str) -> Option<Vec<(&'t str, String)>> {
    judge::arguments(split_version(template).1, split_version(path).1)
}

/// Whether an object is a page: items under `data`, and where in the list they are.
pub(crate) fn is_page(schema: &Schema<'_>) -> bool {
    let properties = schema.properties();
    let kind = |wanted: &str| {
        properties
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, schema)| schema.kind())
    };
    kind("data") == Some(Kind::Array)
        && ["page", "pages", "results"]
            .iter()
            .all(|name| kind(name).is_some())
}

/// Collects the formats of fields; what holds itself ends somewhere.
fn formats<'d>(schema: &Schema<'d>, left: usize, found: &mut Vec<(&'d str, &'d str)>) {
    let Some(left) = left.checked_sub(1) else {
        return;
    };
    match schema.kind() {
        Kind::Choice => {
            let branches = schema.branches();
            branches
                .iter()
                .for_each(|branch| formats(&branch.schema, left, found));
        }
        Kind::Array => formats(&schema.items(), left, found),
        Kind::Object => {
            for (name, property) in schema.properties() {
                found.extend(property.text("format").map(|format| (name, format)));
                formats(&property, left, found);
            }
        }
        _ => {}
    }
}

/// The names in a path template, in order.
fn template_names(template: &str) -> Vec<&str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// The version that a path begins with, literal or as a parameter, and the rest of the path.
///
/// ```
/// assert_eq!(linode_witness::split_version("/v4/tags"), (Some("v4"), "/tags"));
/// assert_eq!(linode_witness::split_version("/oauth/token"), (None, "/oauth/token"));
/// assert_eq!(linode_witness::split_version("//v4/tags"), (Some("v4"), "/tags"));
/// ```
pub fn split_version(path: &str) -> (Option<&str>, &str) {
    let Some((first, rest)) = path.trim_start_matches('/').split_once('/') else {
        return (None, path);
    };
    let names_version = first.starts_with('{') && first.to_ascii_lowercase().contains("version");
    if names_version || is_version(first) {
        (Some(first), &path[path.len() - rest.len() - 1..])
    } else {
        (None, path)
    }
}

/// Whether a path segment is an API version: `v4`, `v4beta`.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_digit())
            && rest.chars().all(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(document: &str) -> Vec<String> {
        let document = Document::parse(document).unwrap();
        let operation = document.operations().next().unwrap();
        let mut all: Vec<String> = operation
            .versions()
            .into_iter()
            .map(str::to_owned)
            .collect();
        all.push(format!("goes to {}", operation.version()));
        all
    }

    #[test]
    fn versions_come_from_the_nearest_servers() {
        let found = versions(
            "{servers: [{url: 'https://x/v4'}], paths: {/a: {servers: [{url: 'https://x/v4beta/'}], get: {}}}}",
        );
        assert_eq!(found, ["v4beta", "goes to v4beta"]);
        let found = versions(
            "{paths: {/a: {get: {servers: [{url: 'https://x/v4beta'}, {url: 'https://x/v4'}]}}}}",
        );
        assert_eq!(found, ["v4beta", "v4", "goes to v4"]);
    }

    #[test]
    fn versions_come_from_the_parameter_in_the_path() {
        let found = versions(
            "{paths: {'/{apiVersion}/a': {parameters: [{name: apiVersion, in: path, schema: {enum: [v4, v4beta]}}], get: {}}}}",
        );
        assert_eq!(found, ["v4", "v4beta", "goes to v4"]);
        assert_eq!(
            versions("{paths: {/v4beta/a: {get: {}}}}"),
            ["v4beta", "goes to v4beta"]
        );
    }

    #[test]
    fn a_parameter_spelt_differently_is_found() {
        let document = Document::parse("{paths: {'/a/{idA}': {get: {parameters: [{name: ida, in: path, schema: {type: integer}}]}}}}").unwrap();
        let parameters = document.operation("GET /a/{}").unwrap().parameters();
        assert_eq!(parameters.len(), 1);
        assert_eq!(
            (parameters[0].name, parameters[0].schema.kind()),
            ("idA", Kind::Integer)
        );
    }

    #[test]
    fn the_parameter_that_stands_for_the_version_is_none_of_the_rest() {
        let document = Document::parse(
            "{paths: {'/{apiVersion}/a/{id-a}': {parameters: [{name: apiVersion, in: path, schema: {enum: [v4beta]}}, {name: idA, in: path, schema: {type: integer}}], get: {}}}}",
        )
        .unwrap();
        let parameters = document.operation("GET /a/{}").unwrap().parameters();
        assert_eq!(
            (parameters[0].name, parameters[0].schema.kind()),
            ("id-a", Kind::Integer)
        );
    }

    #[test]
    fn what_the_operation_says_of_a_parameter_stands() {
        let document = Document::parse(
            "{paths: {/a: {parameters: [{name: q, in: query, schema: {type: string}}, {name: r, in: query}], get: {parameters: [{name: q, in: query, required: true, schema: {type: integer}}]}}}}",
        )
        .unwrap();
        let parameters = document.operation("GET /a").unwrap().parameters();
        assert_eq!(parameters.len(), 2);
        assert!(parameters[0].required);
        assert_eq!(parameters[0].schema.kind(), Kind::Integer);
    }

    #[test]
    fn an_empty_success_beside_another_is_noted() {
        let document = Document::parse(
            "{paths: {/a: {get: {responses: {204: {description: ''}, 200: {content: {application/json: {schema: {type: object}}}}}}, put: {responses: {204: {description: ''}}}}}}",
        )
        .unwrap();
        let both = document.operation("GET /a").unwrap();
        assert!(both.may_be_empty());
        assert_eq!(both.answer().status, 200);
        let alone = document.operation("PUT /a").unwrap();
        assert!(!alone.may_be_empty());
        assert_eq!(alone.answer().status, 204);
    }

    #[test]
    fn security_may_be_empty_or_missing() {
        let document = Document::parse(
            "{security: [{token: []}], paths: {/a: {get: {}, put: {security: []}, post: {security: [{}]}}}}",
        )
        .unwrap();
        assert!(!document.operation("GET /a").unwrap().is_public());
        assert!(document.operation("PUT /a").unwrap().is_public());
        assert!(document.operation("POST /a").unwrap().is_public());
    }
}
