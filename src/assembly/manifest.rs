//! The manifest: which stacks there are, where they go, in which order, and what they depend on.

use crate::cfn::Gather as _;
use crate::cfn::{Map, Text, Value};
use crate::constructs::{ParameterBinding, Stack};
use crate::spec::SynthesizerKind;

use super::{PROTOCOL_VERSION, WrittenStack, assets, bootstrap, template_file};

/// The type of the metadata that says which output of another stack a parameter takes.
pub(super) const BINDING: &str = "ringfence:parameter-binding";

/// The manifest of an app.
pub(super) fn of(stacks: &[WrittenStack<'_>]) -> Value {
    let mut artifacts = Map::with_capacity(stacks.len() * 2 + 1);
    for written in stacks {
        if bootstrap::has_assets(written.stack) {
            artifacts.push(assets_artifact(written.stack), asset_manifest(written.stack));
        }
        artifacts.push(written.stack.id().to_owned(), stack(written));
    }
    artifacts.push(
        "Tree",
        Value::map([("type", Value::from("cdk:tree")), ("properties", Value::map([("file", "tree.json")]))]),
    );
    Value::map([("version", Value::from(PROTOCOL_VERSION)), ("artifacts", artifacts.into())])
}

fn assets_artifact(stack: &Stack) -> Text {
    format!("{}.assets", stack.id()).into()
}

fn asset_manifest(stack: &Stack) -> Value {
    let properties = Value::map([
        ("file", Value::from(assets::file_name(stack))),
        ("requiresBootstrapStackVersion", Value::from(bootstrap::REQUIRED_VERSION)),
        ("bootstrapStackVersionSsmParameter", bootstrap::version_parameter(stack).into()),
    ]);
    Value::map([("type", Value::from("cdk:asset-manifest")), ("properties", properties)])
}

fn stack(written: &WrittenStack<'_>) -> Value {
    let stack = written.stack;
    let mut artifact = Map::with_capacity(6);
    artifact.push("type", "aws:cloudformation:stack");
    artifact.push("environment", bootstrap::environment(stack));
    artifact.push("properties", properties(written));
    let dependencies = dependencies(stack);
    if !dependencies.is_empty() {
        artifact.push("dependencies", dependencies);
    }
    artifact.push("metadata", metadata(stack));
    artifact.push("displayName", stack.id().to_owned());
    artifact.into()
}

fn dependencies(stack: &Stack) -> Vec<Text> {
    let mut names: Vec<Text> = stack.dependencies().iter().cloned().map(Text::from).gather();
    if bootstrap::has_assets(stack) {
        names.push(assets_artifact(stack));
    }
    names
}

fn properties(written: &WrittenStack<'_>) -> Map {
    let stack = written.stack;
    let props = stack.props();
    let mut properties = Map::new();
    properties.push("templateFile", template_file(stack));
    if !props.tags.is_empty() {
        properties.push("tags", Value::map(props.tags.clone()));
    }
    if stack.name() != stack.id() {
        properties.push("stackName", stack.name().to_owned());
    }
    properties.push("terminationProtection", props.termination_protection);
    properties.push("validateOnSynth", false);
    if props.synthesizer == SynthesizerKind::Default {
        default_synthesizer(&mut properties, written);
    }
    properties
}

fn default_synthesizer(properties: &mut Map, written: &WrittenStack<'_>) {
    let stack = written.stack;
    let parameter = bootstrap::version_parameter(stack);
    properties.push("assumeRoleArn", bootstrap::role(stack, "deploy-role"));
    properties.push("cloudFormationExecutionRoleArn", bootstrap::role(stack, "cfn-exec-role"));
    properties.push("stackTemplateAssetObjectUrl", format!("s3://{}/{}.json", bootstrap::bucket(stack), written.hash));
    properties.push("requiresBootstrapStackVersion", bootstrap::REQUIRED_VERSION);
    properties.push("bootstrapStackVersionSsmParameter", parameter.clone());
    properties.push(
        "lookupRole",
        Value::map([
            ("arn", Value::from(bootstrap::role(stack, "lookup-role"))),
            ("requiresBootstrapStackVersion", Value::from(bootstrap::LOOKUP_ROLE_VERSION)),
            ("bootstrapStackVersionSsmParameter", parameter.into()),
        ]),
    );
}

/// The construct paths of the resources, and what the parameters stand for.
fn metadata(stack: &Stack) -> Map {
    let root = format!("/{}", stack.id());
    let mut metadata = Map::with_capacity(stack.records().len() + 1);
    if !stack.bindings().is_empty() {
        metadata.push(root.clone(), Value::list(stack.bindings().iter().map(binding)));
    }
    for record in stack.records() {
        let id = Text::from(record.logical_id.clone());
        let entry = Value::map([("type", Value::from("aws:cdk:logicalId")), ("data", id.into())]);
        metadata.push([root.as_str(), "/", &record.path].concat(), vec![entry]);
    }
    metadata
}

fn binding(binding: &ParameterBinding) -> Value {
    let data = Value::map([
        ("parameter", binding.parameter.clone()),
        ("stack", binding.producer.clone()),
        ("output", binding.output.clone()),
    ]);
    Value::map([("type", Value::from(BINDING)), ("data", data)])
}
