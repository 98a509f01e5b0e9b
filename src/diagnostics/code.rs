//! A stable code for each kind of finding, with the page that explains it.

use super::Severity;

/// The stable name of a kind of finding. Codes are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0)
    }
}

/// What `ringfence explain CODE` says.
#[derive(Clone, Copy, Debug)]
pub struct CodePage {
    /// The code.
    pub code: Code,
    /// A readable name, in words joined by `-`.
    pub name: &'static str,
    /// How bad it is unless configured otherwise.
    pub severity: Severity,
    /// What it finds, in one line.
    #[cfg(feature = "pages")]
    pub summary: &'static str,
    /// What goes wrong if nothing is done.
    #[cfg(feature = "pages")]
    pub why: &'static str,
    /// A piece of a spec that shows it.
    #[cfg(feature = "pages")]
    pub example: &'static str,
    /// The same piece put right.
    #[cfg(feature = "pages")]
    pub instead: &'static str,
    /// Where the fact comes from.
    #[cfg(feature = "pages")]
    pub source: &'static str,
}
