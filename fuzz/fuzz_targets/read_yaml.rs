//! Whatever the bytes are, reading them as YAML ends, and what is wrong is inside of them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ringfence::cfn::{Format, SourceText, read};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = SourceText::from_bytes("fuzz.yaml", bytes.to_vec()) else { return };
    match read(&source, Format::Yaml) {
        Ok(document) => assert!(document.positions.locate("").is_some()),
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                assert!(source.text().is_char_boundary(error.span.start as usize), "{error:?}");
                assert!(source.text().is_char_boundary(error.span.end as usize), "{error:?}");
            }
        }
    }
});
