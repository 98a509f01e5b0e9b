//! Whatever can be read is written as JSON and as YAML that read as the same value.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ringfence_fuzz::write_read(bytes));
