//! A tag, as most resource types write it.

use super::builder::nested;
use super::input::kind;

nested! {
    /// A tag: a key and a value.
    Tag {
        /// `Key`: text, required.
        key "Key" kind::Text,
        /// `Value`: text, required.
        value "Value" kind::Text,
    }
}
