//! Hops one after the other.

use super::{Answer, Blocker, Doubt, Headers};
use crate::model::GatherMore as _;

/// How many doubts are kept.
const MAX_DOUBTS: usize = 16;

/// What one hop does with the headers that were asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step<'a> {
    /// What of them may pass: never too little.
    pub may: Headers,
    /// What of them must pass: never too much.
    pub must: Headers,
    /// What is in the way of what does not pass.
    pub blockers: Vec<Blocker<'a>>,
    /// Why not all is known.
    pub doubts: Vec<Doubt<'a>>,
}

impl<'a> Step<'a> {
    /// A hop that lets all of `asked` pass.
    #[must_use]
    pub fn open(asked: &Headers) -> Self {
        Self { may: asked.clone(), must: asked.clone(), ..Self::default() }
    }

    /// A hop that lets nothing pass.
    #[must_use]
    pub fn closed(blocker: Blocker<'a>) -> Self {
        Self { blockers: vec![blocker], ..Self::default() }
    }

    /// A hop of which nothing is known.
    #[must_use]
    pub fn unknown(asked: &Headers, doubt: Doubt<'a>) -> Self {
        Self { may: asked.clone(), doubts: vec![doubt], ..Self::default() }
    }
}

/// What several hops together do with the headers that were asked about. All of them see the same headers: where a hop changes
/// addresses, a new path begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Path<'a> {
    asked: Headers,
    /// What may pass, as long as it is not all.
    may: Option<Headers>,
    /// What must pass, as long as it is not all.
    must: Option<Headers>,
    blockers: Vec<Blocker<'a>>,
    /// Those of hops that let some of it pass.
    partial: Vec<Blocker<'a>>,
    doubts: Vec<Doubt<'a>>,
}

impl<'a> Path<'a> {
    /// A path without hops.
    #[must_use]
    pub fn new(asked: Headers) -> Self {
        Self { asked, may: None, must: None, blockers: Vec::new(), partial: Vec::new(), doubts: Vec::new() }
    }

    /// What was asked about.
    #[must_use]
    pub fn asked(&self) -> &Headers {
        &self.asked
    }

    /// What may pass all hops: never too little.
    #[must_use]
    pub fn may(&self) -> &Headers {
        self.may.as_ref().unwrap_or(&self.asked)
    }

    /// What must pass all hops: never too much.
    #[must_use]
    pub fn must(&self) -> &Headers {
        self.must.as_ref().unwrap_or(&self.asked)
    }

    /// Adds a hop, which was asked about the same headers.
    pub fn step(&mut self, step: Step<'a>) {
        if step.may.is_empty() && !self.asked.is_empty() {
            self.blockers.gather_more(step.blockers);
        } else {
            self.partial.gather_more(step.blockers);
        }
        // Hops mostly let all of it pass.
        if step.may != self.asked {
            self.may = Some(self.may().meet(&step.may));
        }
        if step.must != self.asked {
            self.must = Some(self.must().meet(&step.must));
        }
        let room = MAX_DOUBTS.saturating_sub(self.doubts.len());
        self.doubts.gather_more(step.doubts.into_iter().take(room));
    }

    /// Whether all of it passes.
    #[must_use]
    pub fn answer(&self) -> Answer<'a> {
        if !self.blockers.is_empty() {
            return Answer::Blocked(self.blockers.clone());
        }
        if self.may().is_empty() && !self.asked.is_empty() {
            return Answer::Blocked(self.partial.clone());
        }
        if !self.asked.is_empty() && self.must().holds(&self.asked) {
            return Answer::Admitted;
        }
        let mut doubts = if self.doubts.is_empty() { vec![Doubt::partly()] } else { self.doubts.clone() };
        if self.asked.minus(self.must()).is_none() {
            doubts.push(Doubt::about(super::Reason::Limit));
        }
        Answer::Unknown(doubts)
    }

    /// Whether any of it passes: admitted when some surely does.
    #[must_use]
    pub fn leak(&self) -> Answer<'a> {
        if self.must().is_empty() || self.asked.is_empty() { self.answer() } else { Answer::Admitted }
    }
}
