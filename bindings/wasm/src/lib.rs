//! Ringfence for JavaScript hosts: a thin shell that turns calls from JavaScript into calls of the library.

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "full")]
use ringfence::engine;
use ringfence::wire;

/// The version of Ringfence that this module was built from.
#[cfg(feature = "full")]
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    ringfence::VERSION.to_owned()
}

/// What synthesis makes of a spec in YAML or JSON: stacks, files of the cloud assembly, findings; as JSON text. `name` is
/// what messages call the spec, such as `spec.yaml`.
#[wasm_bindgen(js_name = synthJson)]
#[must_use]
pub fn synth_json(name: &str, spec: &str) -> String {
    wire::calls::synth_json(name, spec)
}

/// What is wrong with a spec in YAML or JSON, as JSON text: the report whose schema is published. `name` is what messages
/// call the spec, such as `spec.yaml`.
#[cfg(feature = "full")]
#[wasm_bindgen(js_name = checkJson)]
#[must_use]
pub fn check_json(name: &str, spec: &str) -> String {
    wire::calls::check_json(name, spec)
}

/// The JSON Schema of the spec, as JSON text.
#[cfg(feature = "full")]
#[wasm_bindgen(js_name = specSchema)]
#[must_use]
pub fn spec_schema() -> String {
    engine::spec_schema()
}
