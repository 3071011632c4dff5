//! probe
use linode_spec::{load::*, diagnostic::*, normalise::normalise, api::*};
fn main() {
    for f in std::env::args().skip(1) {
        let b = std::fs::read(&f).unwrap();
        let t = std::time::Instant::now();
        let d = match load(&f, &b, &Accepted::default(), false) { Ok(d) => d, Err(e) => { println!("{f}: {e}"); continue } };
        let l = t.elapsed();
        let t = std::time::Instant::now();
        let api = normalise(&d);
        let n = t.elapsed();
        let lists: Vec<_> = api.operations.iter().filter_map(|o| o.answer.list().map(|l| (o.key(), l))).collect();
        let pairs: usize = lists.iter().map(|(_, l)| l.filters.len()).sum();
        println!("{f}: load {l:?} norm {n:?} ops {} lists {} filterlists {} pairs {} types {} enums {} records {} unions {} merged {} fallbacks {} markers {} unused {} notes {} diag {} unknown {}", api.operations.len(), lists.len(), lists.iter().filter(|(_,l)| !l.filters.is_empty()).count(), pairs, api.types.len(),
          api.types.iter().filter(|t| !t.positions.is_empty() && matches!(t.kind, TypeKind::Enum(_))).count(),
          api.types.iter().filter(|t| !t.positions.is_empty() && matches!(t.kind, TypeKind::Record(_))).count(),
          api.types.iter().filter(|t| !t.positions.is_empty() && matches!(t.kind, TypeKind::Union(_))).count(),
          api.account.merged_shapes, api.account.fallbacks.len(), api.account.markers, api.account.markers_without_field.len(), api.account.notes.len(), d.diagnostics.len(), d.unknown_keys.len());
        let t = std::time::Instant::now();
        match linode_spec::name::name(&api, &Default::default()) {
            Err(e) => println!("  {e}"),
            Ok((names, _)) => {
                println!("  named in {:?}", t.elapsed());
                if std::env::var("NAMES").is_ok() {
                    for (o, n) in api.operations.iter().zip(&names.operations) { println!("{} {}.{}({:?}) {:?}", o.key(), n.group, n.method, n.arguments, n.setters); }
                    for (t, n) in api.types.iter().zip(&names.types) { if !t.positions.is_empty() { println!("T {} {:?} {:?}", n.name, t.components, t.positions.iter().next()); } }
                }
            }
        }
        if std::env::var("V").is_ok() {
            for x in &api.account.fallbacks { println!("  F {} {}", x.pointer, x.reason) }
            for x in &api.account.markers_without_field { println!("  M {}", x.pointer) }
            for x in &api.account.notes { println!("  N {} {}", x.pointer, x.reason) }
            println!("  nothing {}", api.operations.iter().filter(|o| o.answer.kind == AnswerKind::Nothing).count());
            println!("  dual {}", api.types.iter().filter(|t| t.in_answers && t.in_requests && matches!(t.kind, TypeKind::Record(_))).count());
            for t in &api.types { if t.in_requests && matches!(t.kind, TypeKind::Record(_)) && t.body_of.is_none() { println!("  {} {:?} {} {:?}", if t.in_answers {"DUAL"} else {"WRITE"}, t.components, t.positions.len(), t.positions.iter().next()) } }
            for t in &api.types { if let TypeKind::Union(u) = &t.kind { println!("U {:?} {:?}", t.positions, u) } }
        }
    }
}
