//! What is wrong and where: findings, their codes, and the report that collects them.

pub mod code;
pub mod codes;
pub mod finding;
pub mod pointer;

pub use code::{Code, CodePage};
pub use finding::{Address, Finding, Related, Report, Severity, Status};
pub use pointer::Pointer;
