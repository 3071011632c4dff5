//! Scopes and grants as the enums of the crate have them.

use std::collections::BTreeSet;

use crate::api::Api;
use crate::name::variant_names;

/// A scope that allows everything; documents seldom list it.
const EVERYTHING: &str = "*";

/// The scopes of the crate: the one that allows everything, then those of the document.
///
/// ```
/// assert_eq!(linode_spec::surface::scopes(&linode_spec::api::Api::default()), ["*"]);
/// ```
pub fn scopes(api: &Api) -> Vec<String> {
    let listed = api.scopes.iter().filter(|scope| *scope != EVERYTHING);
    let everything = std::iter::once(EVERYTHING.to_owned());
    everything.chain(listed.cloned()).collect()
}

/// The grants of the crate: those that operations ask for, sorted.
///
/// ```
/// assert!(linode_spec::surface::grants(&linode_spec::api::Api::default()).is_empty());
/// ```
pub fn grants(api: &Api) -> Vec<String> {
    let grants: BTreeSet<&String> = api
        .operations
        .iter()
        .filter_map(|o| o.grant.as_ref())
        .collect();
    grants.into_iter().cloned().collect()
}

/// The variants of such an enum. A sign is no word: what allows everything is called so.
///
/// ```
/// assert_eq!(linode_spec::surface::permission_names(&["*".to_owned()]), ["All"]);
/// ```
pub fn permission_names(texts: &[String]) -> Vec<String> {
    let wires: Vec<String> = texts
        .iter()
        .map(|text| if text == EVERYTHING { "all" } else { text }.to_owned())
        .collect();
    variant_names(&wires)
}
