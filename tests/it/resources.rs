//! The generated resources: fresh, and true to what is known about AWS.

use sha2::{Digest, Sha256};

use crate::workspace::{files, read};

const GENERATED: &str = "src/resources/generated/";

/// The hash over files, by name, as `xtask/src/codegen/fingerprint.rs` computes it.
fn fingerprint(mut files: Vec<(String, String)>) -> String {
    files.sort();
    let mut hash = Sha256::new();
    for (name, text) in files {
        hash.update(format!("{name} {}\n", text.len()));
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn generated_code_is_fresh() {
    let is_input = |path: &String| {
        path.starts_with("xtask/src/codegen/")
            || path == "src/resources/types.txt"
            || path == "xtask/codegen/package-lock.json"
    };
    let inputs: Vec<_> = files().into_iter().filter(is_input).map(|path| (path.clone(), read(&path))).collect();
    assert!(inputs.len() > 3, "the generator was not found: {inputs:?}");
    let expected = format!("// inputs: sha256:{}", fingerprint(inputs));
    let list = read(&format!("{GENERATED}mod.rs"));
    assert!(list.lines().any(|line| line == expected), "`{GENERATED}` is stale: run `cargo xtask codegen`");
}

#[test]
fn generated_code_was_not_changed_by_hand() {
    let outputs: Vec<_> = files()
        .iter()
        .filter_map(|path| Some((path.strip_prefix(GENERATED)?.to_owned(), read(path))))
        .filter(|(name, _)| name != "mod.rs")
        .collect();
    assert!(outputs.len() > 3, "nothing is generated");
    let expected = format!("// outputs: sha256:{}", fingerprint(outputs));
    let list = read(&format!("{GENERATED}mod.rs"));
    assert!(list.lines().any(|line| line == expected), "`{GENERATED}` is not as generated: run `cargo xtask codegen`");
}
