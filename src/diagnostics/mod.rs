//! What is wrong and where: findings, their codes, and the report that collects them.

pub mod code;
pub mod codes;
pub mod finding;
pub mod fix;
pub mod pointer;
pub mod policy;
pub mod render;
pub mod suppression;

pub use code::{Code, CodePage};
pub use finding::{Address, Checked, Finding, Place, Related, Report, Severity, Status};
pub use fix::{Fix, Mend, Root, TextEdit};
pub use pointer::Pointer;
pub use policy::Policy;
pub use suppression::{SuppressedBy, Suppression};
