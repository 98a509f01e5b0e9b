//! How much the readers take in. Every limit is far above what CloudFormation accepts (1 MB of template, 500
//! resources), and keeps memory and time bounded on input that nobody wrote by hand.

/// The most bytes of a text: ten times the largest template that CloudFormation takes.
pub const MAX_INPUT_BYTES: usize = 10_000_000;

/// The most maps and lists inside one another. Whoever walks a value may recurse: this is how deep it gets.
pub const MAX_DEPTH: usize = 200;

/// The most values in one text, aliases expanded: ten times what a template of 1 MB holds. It bounds the memory, for
/// the shortest values take the most of it.
pub const MAX_VALUES: usize = 500_000;

/// The most values that YAML's aliases and merge keys may add. A few lines of aliases of aliases would otherwise
/// grow into gigabytes.
pub const MAX_ALIAS_VALUES: usize = 100_000;

/// The most bytes of text that aliases and merge keys may add.
pub const MAX_ALIAS_BYTES: usize = MAX_INPUT_BYTES;

/// The most characters that can separate values in YAML's flow style (`[`, `]`, `{`, `}` and `,`, wherever they
/// stand). The YAML scanner keeps all of an outermost flow collection in memory before it says anything about it.
pub const MAX_YAML_FLOW_INDICATORS: usize = 200_000;

/// The most errors that are collected before reading stops: nobody reads more at once.
pub const MAX_ERRORS: usize = 50;
