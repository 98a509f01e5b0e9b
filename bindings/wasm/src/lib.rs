//! Ringfence for JavaScript hosts: a thin shell that turns calls from JavaScript into calls of the engine.

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of Ringfence that this module was built from.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    ringfence::VERSION.to_owned()
}
