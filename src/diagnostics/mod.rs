//! What is wrong and where: findings, their codes, and the report that collects them.

pub mod code;
pub mod codes;
pub mod finding;
pub mod pointer;
#[cfg(feature = "cli")]
pub mod render;

pub use code::{Code, CodePage};
pub use finding::{Address, Finding, Place, Related, Report, Severity, Status};
pub use pointer::Pointer;
