//! Whatever is taken for a spec, synthesis ends with an assembly or with errors.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ringfence_fuzz::synthesize(bytes));
