//! The target `headers` of `linode-fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| linode_fuzz::headers::run(input));
