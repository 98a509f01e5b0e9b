//! The build tool of Ringfence.

fn main() {}
