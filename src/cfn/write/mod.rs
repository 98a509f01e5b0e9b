//! Writes values as JSON and YAML: the same value always gives the same bytes, and reading them gives the same value.

mod json;
mod yaml;
mod yaml_scalar;

pub use json::{push_json_string, to_compact_json, to_json};
pub use yaml::to_yaml;
pub(in crate::cfn) use yaml_scalar::{is_plain as is_plain_yaml, quote as quoted_yaml};
