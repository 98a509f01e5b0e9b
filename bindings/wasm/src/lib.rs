//! Ringfence for JavaScript hosts: a thin shell that turns calls from JavaScript into calls of the library.
//!
//! Every call has a twin that takes and gives JSON text, for hosts that have text and want text.

#[cfg(feature = "full")]
mod convert;
#[cfg(feature = "full")]
pub mod typed;

use ringfence::wire;
#[cfg(feature = "full")]
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

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

/// What the rulebook says of a spec or a CloudFormation template, as JSON text: the report whose schema is published. `name`
/// is what messages call it, such as `spec.yaml`.
#[cfg(feature = "full")]
#[wasm_bindgen(js_name = checkJson)]
#[must_use]
pub fn check_json(name: &str, text: &str) -> String {
    wire::calls::check_json(name, text)
}

/// What the rulebook says of several files together, as JSON text. `files` is a JSON object of texts by file name: those of
/// a cloud assembly, when `manifest.json` is among them, or specs and templates. `folder` is what messages put before the
/// names; it may be empty. Throws when `files` is no such object.
#[cfg(feature = "full")]
#[wasm_bindgen(js_name = checkFilesJson)]
pub fn check_files_json(folder: &str, files: &str) -> Result<String, JsValue> {
    wire::calls::check_files_json(folder, files).map_err(|message| convert::misuse(&message))
}

/// The names of the files that belong to a cloud assembly and are not among `files` yet, as a JSON array; `files` is a JSON
/// object of texts by file name. Whoever reads an assembly begins with `{}`, adds those that exist, and asks again until
/// nothing that exists is missing. Throws when `files` is no such object.
#[cfg(feature = "full")]
#[wasm_bindgen(js_name = missingFilesJson)]
pub fn missing_files_json(files: &str) -> Result<String, JsValue> {
    wire::calls::missing_files_json(files).map_err(|message| convert::misuse(&message))
}

/// The plan of one construct of a CDK app, as JSON text: its resources in an order in which they can be made, what others
/// connect to, and findings. `request` is JSON text too.
#[cfg(feature = "full")]
#[wasm_bindgen(js_name = planJson)]
#[must_use]
pub fn plan_json(request: &str) -> String {
    wire::calls::plan_json(request)
}

/// Fails as a mistake in the library would, so that tests see how hosts recover. It is in no module that is published.
#[cfg(feature = "failing")]
#[wasm_bindgen]
#[expect(clippy::panic, reason = "it is there to panic")]
pub fn fail() {
    panic!("this failure was asked for");
}
