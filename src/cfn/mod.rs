//! CloudFormation as a language: values, templates, logical IDs, reading with positions, writing.

pub mod double;
pub mod edit;
pub mod embedded;
pub mod eval;
pub mod function;
mod gather;
pub(crate) mod index;
pub mod logical_id;
pub mod map;
pub mod ordered;
pub mod position;
pub mod read;
mod references;
pub mod source;
pub mod value;
pub mod write;

pub use function::{Function, Intrinsic};
pub use gather::{Gather, GatherMore};
pub use logical_id::LogicalId;
pub use map::Map;
pub use ordered::{OrderedMap, OrderedSet};
pub use position::{Position, Span};
pub use read::{Document, Format, Positions, ReadError, ReadErrorKind, Segment, read};
pub use references::{each_attribute, each_reference};
pub use source::{NotUtf8, SourceText};
pub use value::{Number, Text, Value};
pub use write::{to_compact_json, to_json, to_yaml};
