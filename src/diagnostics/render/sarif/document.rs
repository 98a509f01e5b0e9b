//! The parts of a SARIF log that are written, by the names of the standard.

use crate::cfn::OrderedMap;
use serde::Serialize;

/// The schema that the standard publishes, by its name.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)+ })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Default, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub(super) struct $name { $($(#[$attribute])* pub(super) $field: $kind,)+ }
        )+
    };
}

objects! {
    Log {
        #[serde(rename = "$schema")]
        schema: &'static str,
        version: &'static str,
        runs: [Run; 1],
    }
    Run {
        tool: Tool,
        invocations: [Invocation; 1],
        column_kind: &'static str,
        results: Vec<ResultObject>,
    }
    Tool {
        driver: Driver,
    }
    Driver {
        name: &'static str,
        semantic_version: &'static str,
        rules: Vec<Rule>,
    }
    Invocation {
        execution_successful: bool,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_execution_notifications: Vec<Notification>,
    }
    Notification {
        level: Level,
        message: Message,
    }
    Rule {
        id: &'static str,
        name: String,
        short_description: Message,
        full_description: Message,
        help: Help,
        default_configuration: Configuration,
        properties: RuleProperties,
    }
    RuleProperties {
        tags: [&'static str; 1],
        source: &'static str,
    }
    Configuration {
        level: Level,
    }
    Help {
        text: String,
        markdown: String,
    }
    Message {
        text: String,
    }
    ResultObject {
        rule_id: &'static str,
        rule_index: usize,
        level: Level,
        message: Message,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        locations: Vec<Location>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        related_locations: Vec<Location>,
        partial_fingerprints: OrderedMap<&'static str, String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fixes: Vec<FixObject>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        suppressions: Vec<SuppressionObject>,
        #[serde(skip_serializing_if = "OrderedMap::is_empty")]
        properties: OrderedMap<&'static str, String>,
    }
    Location {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<Message>,
        #[serde(skip_serializing_if = "Option::is_none")]
        physical_location: Option<PhysicalLocation>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        logical_locations: Vec<LogicalLocation>,
    }
    LogicalLocation {
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        fully_qualified_name: String,
        kind: &'static str,
    }
    PhysicalLocation {
        artifact_location: ArtifactLocation,
        region: Region,
    }
    ArtifactLocation {
        uri: String,
    }
    Region {
        start_line: u32,
        start_column: u32,
        end_line: u32,
        end_column: u32,
    }
    FixObject {
        description: Message,
        artifact_changes: Vec<ArtifactChange>,
    }
    ArtifactChange {
        artifact_location: ArtifactLocation,
        replacements: Vec<Replacement>,
    }
    Replacement {
        deleted_region: Region,
        inserted_content: ArtifactContent,
    }
    ArtifactContent {
        text: String,
    }
    SuppressionObject {
        kind: &'static str,
        status: &'static str,
        justification: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        location: Option<Location>,
    }
}

impl Log {
    /// A log with one run.
    pub(super) fn new(run: Run) -> Self {
        Self { schema: SCHEMA, version: "2.1.0", runs: [run] }
    }
}

impl Message {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// How bad a result is.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Level {
    /// Something that hurts.
    #[default]
    Warning,
    /// Something that fails.
    Error,
    /// Something to know.
    Note,
}
