//! What `cargo xtask bench` measures, one subject per file, and how.

pub mod building;
pub mod counted;
pub mod javascript;
pub mod judging;
pub mod judging_report;
pub mod machine;
pub mod measure;
pub mod plugin;
pub mod report;
pub mod rival;
pub mod scaling;
