//! Which operation a recorded path belongs to.
//!
//! ```
//! use linode_proof::replay::Replay;
//!
//! // No GET is at this path, so that the answer is that of the action.
//! let report = Replay::pinned()?.text("sample", r#"{"path": "/linode/instances/1/clone", "response_body": {"id": 2}}"#)?;
//! assert_eq!(report.matched, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::cmp::Reverse;

use linode_spec::api::{Api, Method, Operation};

/// Methods in the order in which a sample that names none is taken to mean them.
const LIKELY: [Method; 4] = [Method::Get, Method::Post, Method::Put, Method::Delete];

/// The operation at a path: the template with the most literal segments, and where no method is given, GET before others.
pub(super) fn route<'a>(api: &'a Api, method: Option<&str>, path: &str) -> Option<&'a Operation> {
    let method = method.map(|method| Method::parse(method).ok_or(())).transpose().ok()?;
    let candidates = api.operations.iter().filter(|operation| method.is_none_or(|method| method == operation.method));
    let fitting = candidates.filter_map(|operation| Some((literal_segments(&operation.path, path)?, operation)));
    fitting.min_by_key(|(literal, operation)| (Reverse(*literal), likelihood(operation.method))).map(|(_, operation)| operation)
}

fn likelihood(method: Method) -> usize {
    LIKELY.iter().position(|likely| *likely == method).unwrap_or(LIKELY.len())
}

/// How many segments of a template are literal, if the path fits it.
fn literal_segments(template: &str, path: &str) -> Option<usize> {
    let segments = |path: &str| path.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
    let (wanted, came) = (segments(template), segments(path));
    let fits = wanted.len() == came.len() && wanted.iter().zip(&came).all(|(wanted, came)| segment_fits(wanted, came));
    fits.then(|| wanted.iter().filter(|segment| !segment.contains('{')).count())
}

fn segment_fits(wanted: &str, came: &str) -> bool {
    let Some((before, rest)) = wanted.split_once('{') else { return wanted == came };
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    came.strip_prefix(before).and_then(|came| came.strip_suffix(after)).is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_counted_where_the_path_fits() {
        assert_eq!(literal_segments("/a/{b}", "/a/1"), Some(1));
        assert_eq!(literal_segments("/a/b", "/a/b/"), Some(2));
        assert_eq!(literal_segments("/a/x-{b}", "/a/x-1"), Some(1));
        assert_eq!(literal_segments("/a/x-{b}", "/a/y-1"), None);
        assert_eq!(literal_segments("/a/{b}", "/a"), None);
        assert_eq!(literal_segments("/a/{b}", "/b/1"), None);
    }

    #[test]
    fn the_most_literal_template_wins_and_get_goes_first() {
        let (api, _) = crate::pinned::pinned().unwrap();
        let key = |method: Option<&str>, path: &str| route(&api, method, path).map(Operation::key);
        assert_eq!(key(None, "/images/private%2F1").as_deref(), Some("GET /images/{}"));
        assert_eq!(key(None, "/images/upload").as_deref(), Some("POST /images/upload"));
        assert_eq!(key(Some("put"), "/images/1").as_deref(), Some("PUT /images/{}"));
        assert_eq!(key(None, "/linode/instances/1/boot").as_deref(), Some("POST /linode/instances/{}/boot"));
        assert_eq!(key(Some("BREW"), "/images/1"), None);
        assert_eq!(key(None, "/nowhere"), None);
    }
}
