//! Where a value stands inside a document, as a JSON pointer (RFC 6901).

/// The way from the root of a document to a value: keys, and indices of list elements in decimal.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer {
    steps: Vec<String>,
}

impl Pointer {
    /// The root.
    #[must_use]
    pub const fn root() -> Self {
        Self { steps: Vec::new() }
    }

    /// The steps from the root.
    #[must_use]
    pub fn steps(&self) -> &[String] {
        &self.steps
    }

    /// Goes one step down.
    pub fn push(&mut self, step: impl Into<String>) {
        self.steps.push(step.into());
    }

    /// Goes one step up.
    pub fn pop(&mut self) {
        self.steps.pop();
    }

    /// The place `path` below this one, its steps separated by `/` (so a step must not contain one).
    #[must_use]
    pub fn join(&self, path: &str) -> Self {
        let mut joined = self.clone();
        joined.steps.extend(path.split('/').filter(|step| !step.is_empty()).map(str::to_owned));
        joined
    }

    /// Whether this place is `other` or below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.steps.starts_with(&other.steps)
    }

    /// The place one step below this one, whatever the step contains.
    #[must_use]
    pub fn child(&self, step: impl Into<String>) -> Self {
        let mut child = self.clone();
        child.push(step);
        child
    }
}

impl std::fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for step in &self.steps {
            write!(formatter, "/{}", step.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_escaped_as_the_standard_says() {
        assert_eq!(Pointer::root().child("a/b").child("c~d").to_string(), "/a~1b/c~0d");
    }

    #[test]
    fn joining_goes_down_step_by_step() {
        assert_eq!(Pointer::root().child("services").join("api/port").to_string(), "/services/api/port");
    }
}
