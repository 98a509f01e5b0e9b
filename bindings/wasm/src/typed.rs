//! The calls that take and give JavaScript values. Each does what its twin does with JSON text.

use ringfence::wire::calls;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::convert::{answer, option, text, texts};

/// The types of what is given and answered, generated from the JSON Schemas.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// What messages call a text or an object without a name.
const NAMELESS: &str = "<input>";

/// What synthesis makes of a spec: stacks, files of the cloud assembly, findings. Mistakes in the spec are findings, not
/// exceptions. The positions of findings in an object are those in `JSON.stringify(spec, null, 2)`.
#[wasm_bindgen(unchecked_return_type = "Synthesis")]
pub fn synth(
    #[wasm_bindgen(unchecked_param_type = "string | Spec", param_description = "the spec, as YAML, JSON or an object")]
    spec: &JsValue,
    #[wasm_bindgen(
        unchecked_optional_param_type = "{ name?: string }",
        param_description = "`name` is what messages call the spec, such as `spec.yaml`"
    )]
    options: &JsValue,
) -> Result<JsValue, JsValue> {
    let name = option(options, "name")?;
    answer(&calls::synth_json(name.as_deref().unwrap_or(NAMELESS), &text(spec)?))
}

/// What the rulebook says of a spec or a CloudFormation template. The positions of findings in an object are those in
/// `JSON.stringify(subject, null, 2)`.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn check(
    #[wasm_bindgen(
        unchecked_param_type = "string | Spec | Record<string, unknown>",
        param_description = "the spec or template, as YAML, JSON or an object"
    )]
    subject: &JsValue,
    #[wasm_bindgen(
        unchecked_optional_param_type = "{ name?: string }",
        param_description = "`name` is what messages call it, such as `template.yaml`"
    )]
    options: &JsValue,
) -> Result<JsValue, JsValue> {
    let name = option(options, "name")?;
    answer(&calls::check_json(name.as_deref().unwrap_or(NAMELESS), &text(subject)?))
}

/// What the rulebook says of several files together: those of a cloud assembly, when `manifest.json` is among them, or specs
/// and templates.
#[wasm_bindgen(js_name = checkFiles, unchecked_return_type = "Report")]
pub fn check_files(
    #[wasm_bindgen(unchecked_param_type = "Record<string, string>", param_description = "the texts by file name")]
    files: &JsValue,
    #[wasm_bindgen(
        unchecked_optional_param_type = "{ folder?: string }",
        param_description = "`folder` is what messages put before the names, such as `cdk.out`"
    )]
    options: &JsValue,
) -> Result<JsValue, JsValue> {
    let folder = option(options, "folder")?.unwrap_or_default();
    answer(&calls::check_files(&folder, &texts(files)?))
}

/// The names of the files that belong to a cloud assembly and are not among `files` yet. Whoever reads an assembly begins
/// with `{}`, adds those that exist, and asks again until nothing that exists is missing.
#[wasm_bindgen(js_name = missingFiles, unchecked_return_type = "string[]")]
pub fn missing_files(
    #[wasm_bindgen(unchecked_param_type = "Record<string, string>", param_description = "the texts by file name")]
    files: &JsValue,
) -> Result<JsValue, JsValue> {
    answer(&calls::missing_files(&texts(files)?))
}
