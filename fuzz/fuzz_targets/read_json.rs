//! Whatever the bytes are, reading them as JSON ends, and what is wrong is inside of them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ringfence::cfn::{Format, SourceText, read};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = SourceText::from_bytes("fuzz.json", bytes.to_vec()) else { return };
    match read(&source, Format::Json) {
        Ok(document) => {
            assert_eq!(document.positions.locate("").map(|span| source.slice(span)), Some(source.text().trim_ascii()))
        }
        Err(errors) => assert!(errors.iter().all(|error| error.span.end as usize <= source.text().len())),
    }
});
