//! The integration tests of Ringfence: one binary, one module per subject.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests read the project's own files, and stop at the first surprise"
)]

mod aws;
mod building;
mod cfn;
mod check;
mod cli;
mod code_pages;
mod constructs_consumer;
mod constructs_load_balancer;
mod constructs_network;
mod constructs_observability;
mod constructs_private_link;
mod constructs_service;
mod coverage;
mod evaluation;
mod fuzzing;
mod mutants;
mod parity;
mod plan;
mod properties;
mod random_front;
mod random_spec;
mod reach;
mod resources;
mod rooms;
mod rule_cases;
mod rule_pages;
mod rules;
mod rules_corpus;
mod sharing;
mod specs;
mod tidy;
mod workspace;
