//! The rulebook: one rule per file, in one folder per subject.
//!
//! A rule reads the [`Model`] of one world and reports what it finds. It fires only on what is known: an unknown value is
//! never a mistake, and never a pass either, which is what verdicts are for.

mod finding;
mod mends;
pub mod registry;

mod consumers;
mod endpoint_services;
mod identity;
mod load_balancing;
mod observability;
mod tasks;
mod templates;
mod traffic;

pub use finding::{Findings, Found, InSpec, Mention};
pub use registry::{Rule, all, find};

use crate::model::Model;
use crate::reach::Reach;

/// What all rules find in a world, and whether no budget of [`Reach`] was used up on the way.
#[must_use]
pub fn judge<'a>(model: &'a Model<'a>) -> (Vec<Found>, bool) {
    let mut found = Vec::new();
    let reach = Reach::by_experience(model);
    for rule in all() {
        let mut findings = Findings::new(rule, &mut found);
        (rule.check)(model, &mut findings);
        if let Some(check) = rule.traffic {
            check(&reach, &mut findings);
        }
    }
    (found, !reach.is_exhausted())
}
