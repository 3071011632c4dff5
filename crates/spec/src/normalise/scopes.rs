//! OAuth scopes: what a token can be asked to allow.

use std::collections::BTreeSet;

use openapiv3::{OAuth2Flows, ReferenceOr, SecurityScheme};

use crate::api::Operation;
use crate::load::Document;

/// The two kinds of access to an area.
const ACCESS: [&str; 2] = ["read_only", "read_write"];

/// The scopes of the security schemes and of the operations, sorted. Documents list an area that is only written, or
/// only in operations: the API knows both kinds of access for each.
pub fn scopes(document: &Document, operations: &[Operation]) -> Vec<String> {
    let mut scopes: BTreeSet<String> = operations.iter().flat_map(|o| o.scopes.clone()).collect();
    let components = document.openapi.components.iter();
    for scheme in components.flat_map(|c| c.security_schemes.values()) {
        if let ReferenceOr::Item(SecurityScheme::OAuth2 { flows, .. }) = scheme {
            scopes.extend(of_flows(flows));
        }
    }
    let paired: Vec<String> = scopes.iter().flat_map(|scope| pair(scope)).collect();
    scopes.extend(paired);
    scopes.into_iter().collect()
}

fn of_flows(flows: &OAuth2Flows) -> Vec<String> {
    let scopes = [
        flows.implicit.as_ref().map(|flow| &flow.scopes),
        flows.password.as_ref().map(|flow| &flow.scopes),
        flows.client_credentials.as_ref().map(|flow| &flow.scopes),
        flows.authorization_code.as_ref().map(|flow| &flow.scopes),
    ];
    let scopes = scopes.into_iter().flatten();
    scopes.flat_map(|scopes| scopes.keys().cloned()).collect()
}

/// Both kinds of access to the area of a scope; nothing for a scope that is of no such kind.
fn pair(scope: &str) -> Vec<String> {
    match scope.rsplit_once(':') {
        Some((area, access)) if ACCESS.contains(&access) => ACCESS
            .iter()
            .map(|access| format!("{area}:{access}"))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_read_and_written() {
        assert_eq!(pair("vpc:read_write"), ["vpc:read_only", "vpc:read_write"]);
        assert!(pair("*").is_empty() && pair("vpc:list").is_empty());
    }
}
