//! CloudFormation as a language: values, templates, logical IDs, reading with positions, writing.

pub mod function;
pub mod logical_id;
pub mod map;
pub mod value;

pub use function::{Function, Intrinsic};
pub use logical_id::LogicalId;
pub use map::Map;
pub use value::{Number, Text, Value};
