//! Whatever is taken for a template, judging it ends, and what is found is inside of it.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ringfence_fuzz::judge(bytes));
