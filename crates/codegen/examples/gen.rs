//! temporary
use linode_spec::{load::*, diagnostic::*, normalise::normalise, name::{name, Lock}, correct::Corrections};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let b = std::fs::read(&a[1]).unwrap();
    let t = std::time::Instant::now();
    let d = load(&a[1], &b, &Accepted::default(), false).unwrap();
    let mut api = normalise(&d);
    let (names, _) = name(&api, &Lock::default()).unwrap();
    let c = Corrections::parse(&std::fs::read_to_string("spec/corrections.yaml").unwrap_or_default()).unwrap();
    for u in c.apply(&mut api, &names) { eprintln!("{u}"); }
    let files = linode_codegen::generate(&api, &names, &linode_codegen::Options::new(&a[3])).unwrap();
    eprintln!("{:?}", t.elapsed());
    for (p, text) in files { let p = std::path::Path::new(&a[2]).join(p); std::fs::create_dir_all(p.parent().unwrap()).unwrap(); std::fs::write(p, text).unwrap(); }
    if a.len() > 4 { std::fs::write(&a[4], linode_codegen::proof::calls(&api, &names).unwrap()).unwrap(); }
}
