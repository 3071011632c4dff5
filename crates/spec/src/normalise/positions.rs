//! Where each type occurs, noted at the type.

use crate::api::{Api, TypeKind};
use crate::places::Places;

/// Notes at each type its positions, and who uses it. A type without positions is one that nothing uses.
pub fn positions(api: &mut Api) {
    for def in &mut api.types {
        (def.in_answers, def.in_requests) = (false, false);
    }
    let mut occurrences = 0;
    for place in Places::of(api).all {
        let def = &mut api.types[place.ty.0];
        let record = matches!(def.kind, TypeKind::Record(_));
        occurrences += usize::from(record && place.as_in.is_none());
        def.positions.insert(place.position);
        def.in_answers |= place.answer;
        def.in_requests |= !place.answer;
    }
    let records = api
        .types
        .iter()
        .filter(|t| matches!(t.kind, TypeKind::Record(_)) && !t.positions.is_empty())
        .count();
    api.account.merged_shapes = occurrences.saturating_sub(records);
}
