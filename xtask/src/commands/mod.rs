//! The commands of `cargo xtask`, one per file.

pub mod bench;
pub mod ci;
pub mod codegen;
pub mod new_rule;
pub mod npm;
pub mod test;
pub mod wasm;
