//! Writes JSON.

use super::super::Value;

/// `value` as JSON: indented by two spaces, keys in their order, numbers with as many digits as it takes to read the
/// same number again, a line break at the end.
#[must_use]
pub fn to_json(value: &Value) -> String {
    // Only a writer that fails, or a key that is no string, would be an error: neither exists here.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
