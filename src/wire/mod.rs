//! The answers of each operation as serialisable types: what `--format json` prints, what WASM gives back, what tests
//! compare.

pub mod calls;
pub mod plan;
pub mod report;
pub mod synth;

pub use report::ReportAnswer;
pub use synth::SynthAnswer;
