//! CloudFormation as a language.
