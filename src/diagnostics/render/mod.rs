//! Reports for people and machines, one file per form.

pub mod pretty;
