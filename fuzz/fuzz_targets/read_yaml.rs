//! Whatever the bytes are, reading them as YAML ends, and what is wrong is inside of them.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ringfence_fuzz::read_yaml(bytes));
