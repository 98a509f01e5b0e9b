//! The answers of each operation as values that become JSON: what `--format json` prints, what WASM gives back, what tests
//! compare.

pub mod calls;
#[cfg(feature = "pages")]
pub mod explain;
#[cfg(feature = "pages")]
pub mod pages;
pub mod plan;
pub mod report;
pub mod synth;

#[cfg(feature = "pages")]
pub use explain::ExplainAnswer;
#[cfg(feature = "pages")]
pub use pages::PagesAnswer;
