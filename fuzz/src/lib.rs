//! What is fuzzed: each function takes any bytes and panics when something does not hold. The targets of cargo-fuzz call
//! them, and so does an ordinary test (`tests/it/fuzzing.rs`), which needs no nightly compiler.

use ringfence::cfn::{Format, SourceText, read, to_json, to_yaml};
use ringfence::engine::check::{TemplateInput, check_templates};
use ringfence::engine::{self, Fingerprints};

/// Reading as JSON ends, and what is wrong is inside of the text.
pub fn read_json(bytes: &[u8]) {
    let Ok(source) = SourceText::from_bytes("fuzz.json", bytes.to_vec()) else { return };
    match read(&source, Format::Json) {
        Ok(document) => {
            assert_eq!(document.positions.locate("").map(|span| source.slice(span)), Some(source.text().trim_ascii()));
        }
        Err(errors) => assert!(errors.iter().all(|error| error.span.end as usize <= source.text().len())),
    }
}

/// Reading as YAML ends, and what is wrong is inside of the text.
pub fn read_yaml(bytes: &[u8]) {
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
}

/// Whatever can be read is written as JSON and as YAML that read as the same value.
pub fn write_read(bytes: &[u8]) {
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
}

/// Whatever is taken for a spec, synthesis ends: with an assembly, or with errors that say where they are.
pub fn synthesize(bytes: &[u8]) {
    let Ok(source) = SourceText::from_bytes("fuzz.yaml", bytes.to_vec()) else { return };
    let synthesis = engine::synth(&source, &engine::read_spec(&source), &Fingerprints::new());
    assert_eq!(synthesis.assembly.is_none(), synthesis.report.has_errors());
    for finding in &synthesis.report.findings {
        assert!(!finding.message.is_empty(), "{finding:?}");
        if let Some(place) = &finding.address.place {
            assert!(place.span.end as usize <= source.text().len(), "{finding:?}");
        }
    }
}

/// Whatever is taken for a template, judging it ends, and what is found is inside of the text.
pub fn judge(bytes: &[u8]) {
    let Ok(source) = SourceText::from_bytes("fuzz.yaml", bytes.to_vec()) else { return };
    let length = source.text().len();
    let input = TemplateInput { source, region: Some("eu-west-1".to_owned()), ..TemplateInput::default() };
    let report = check_templates(std::slice::from_ref(&input));
    for finding in &report.findings {
        assert!(!finding.message.is_empty(), "{finding:?}");
        if let Some(place) = &finding.address.place {
            assert!(place.span.end as usize <= length, "{finding:?}");
        }
    }
}
