//! Whatever can be read is written as JSON and as YAML that read as the same value.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ringfence::cfn::{Format, SourceText, read, to_json, to_yaml};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = SourceText::from_bytes("fuzz.yaml", bytes.to_vec()) else { return };
    for format in [Format::Json, Format::Yaml] {
        let Ok(document) = read(&source, format) else { continue };
        let json = SourceText::new("written.json", to_json(&document.value));
        let yaml = SourceText::new("written.yaml", to_yaml(&document.value));
        for written in [json, yaml] {
            match read(&written, Format::Auto) {
                Ok(again) => assert_eq!(again.value, document.value, "{}", written.text()),
                Err(errors) => panic!("{errors:#?}\n{}", written.text()),
            }
        }
    }
});
