//! Each pass of the generator apart, and all of them against what any reader of the same text has to do: `serde_yaml` straight
//! into openapiv3's types.
fn main() {}
