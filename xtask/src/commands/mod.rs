//! The commands of `cargo xtask`, one per file.

pub mod bench;
pub mod ci;
pub mod codegen;
pub mod test;
pub mod wasm;
