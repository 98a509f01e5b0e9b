//! A stack: the resources that one template holds.

use crate::aws::{Arn, Partition};
use crate::cfn::Gather as _;
use crate::cfn::{Function, LogicalId, Map, OrderedMap, OrderedSet, Text, Value};
use crate::diagnostics::codes::DUPLICATE_CONSTRUCT;
use crate::diagnostics::{Finding, Pointer, Severity};
use crate::resources::Resource;
use crate::spec::{Environment, SynthesizerKind};

use super::Scope;

/// How a stack is named and deployed.
#[derive(Clone, Debug)]
pub struct StackProps {
    /// The name in CloudFormation; the construct ID when it is left out.
    pub stack_name: Option<Text>,
    /// What the stack is for.
    pub description: Option<Text>,
    /// Where it is deployed to; anywhere when it is left out.
    pub env: Environment,
    /// Tags that CloudFormation passes on to every resource that takes tags.
    pub tags: OrderedMap<Text, Text>,
    /// Whether CloudFormation refuses to delete the stack.
    pub termination_protection: bool,
    /// How the CDK CLI brings the template and assets to AWS.
    pub synthesizer: SynthesizerKind,
    /// The qualifier of the bootstrap resources, for the default synthesizer.
    pub qualifier: Text,
    /// A managed policy that bounds every role of the stack, by ARN.
    pub permissions_boundary: Option<Value>,
    /// What the folders hash to from which container images are built, by the path that the spec gives.
    pub fingerprints: OrderedMap<String, String>,
}

impl Default for StackProps {
    fn default() -> Self {
        Self {
            stack_name: None,
            description: None,
            env: Environment::default(),
            tags: OrderedMap::new(),
            termination_protection: false,
            synthesizer: SynthesizerKind::Default,
            qualifier: "hnb659fds".into(),
            permissions_boundary: None,
            fingerprints: OrderedMap::new(),
        }
    }
}

impl StackProps {
    /// The account to which the stack is deployed, when it is known.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.env.account.as_ref().map(crate::spec::text::AccountId::as_str)
    }

    /// The Region to which the stack is deployed, when it is known.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.env.region.as_ref().map(crate::spec::text::RegionName::as_str)
    }

    /// Why what an ARN names is nothing to this stack: nothing leads from one partition to another.
    pub(super) fn refusal(&self, arn: &Arn<'_>) -> Option<String> {
        let ours = Partition::of_region(self.region()?)?.id();
        let theirs = arn.partition.known().filter(|theirs| *theirs != ours && *theirs != "*")?;
        Some(format!("its partition is `{theirs}`, that of the stack `{ours}`"))
    }
}

/// What happens to a resource when it is taken out of its stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalPolicy {
    /// It is deleted.
    Delete,
    /// It stays, and nobody manages it any more.
    Retain,
}

impl RemovalPolicy {
    /// The word as CloudFormation has it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
        }
    }
}

/// A resource in a stack.
#[derive(Clone, Debug)]
pub struct StackResource {
    /// The construct path below the stack, its components separated by `/`.
    pub path: String,
    /// The name in the template.
    pub logical_id: LogicalId,
    /// The type and properties.
    pub resource: Resource,
    /// What must exist before it although no property says so.
    pub depends_on: Vec<LogicalId>,
    /// The condition under which it exists.
    pub condition: Option<Text>,
    /// What happens when it is taken out or replaced; CloudFormation's default when it is left out.
    pub removal_policy: Option<RemovalPolicy>,
    /// Further metadata of the template, such as the acknowledgement of a rule with its reason.
    pub metadata: Map,
    /// The place in the spec it comes from.
    pub origin: Pointer,
}

/// What is known of a resource when its definition has gone into the template: the side table that leads from a finding
/// in the template back to the construct and to the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRecord {
    /// The construct path below the stack.
    pub path: String,
    /// The name in the template.
    pub logical_id: LogicalId,
    /// The type, such as `AWS::EC2::VPC`.
    pub type_name: Text,
    /// The place in the spec it comes from.
    pub origin: Pointer,
}

/// A construct in the tree, with the name of its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstructNode {
    /// The path below the stack.
    pub path: String,
    /// The name of its class, such as `ringfence.Network`.
    pub class: &'static str,
}

/// A container image that the CDK CLI builds and publishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageAsset {
    /// The service for which it is built, to name it to people.
    pub name: String,
    /// The folder, relative to the spec.
    pub directory: String,
    /// The Dockerfile, relative to the folder.
    pub dockerfile: String,
    /// The stage to build.
    pub target: Option<String>,
    /// Arguments of the build.
    pub args: OrderedMap<String, String>,
    /// The platform for which it is built, such as `linux/arm64`.
    pub platform: &'static str,
    /// What the image is called by in its repository.
    pub hash: String,
}

/// What a parameter of this stack stands for: an output of another stack of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterBinding {
    /// The parameter of this stack.
    pub parameter: String,
    /// The construct ID of the other stack.
    pub producer: String,
    /// The output of the other stack.
    pub output: String,
}

/// The resources that one template holds, and how they are deployed.
#[derive(Debug, Default)]
pub struct Stack {
    id: String,
    /// Where the resources are below a stack that has others too; empty where it has no others.
    part: String,
    props: StackProps,
    resources: Vec<StackResource>,
    records: Vec<ResourceRecord>,
    index: OrderedMap<LogicalId, usize>,
    parameters: Map,
    mappings: Map,
    conditions: Map,
    outputs: Map,
    constructs: Vec<ConstructNode>,
    images: Vec<ImageAsset>,
    bindings: Vec<ParameterBinding>,
    dependencies: Vec<String>,
    findings: Vec<Finding>,
}

impl Stack {
    /// An empty stack. `id` is its construct ID: letters, digits and `-`.
    #[must_use]
    pub fn new(id: impl Into<String>, props: StackProps) -> Self {
        Self { id: id.into(), props, ..Self::default() }
    }

    /// A part of a stack that may have others like it. `path` is the construct path of the part below that stack; what needs
    /// a name of its own has the path in it.
    #[must_use]
    pub(crate) fn part(id: impl Into<String>, props: StackProps, path: &str) -> Self {
        Self { part: name_of_part(path), ..Self::new(id, props) }
    }

    /// The scope in which constructs of this stack are made.
    pub fn scope(&mut self) -> Scope<'_> {
        Scope::root(self)
    }

    /// The construct ID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name in CloudFormation.
    #[must_use]
    pub fn name(&self) -> &str {
        self.props.stack_name.as_deref().unwrap_or(&self.id)
    }

    /// A name for something that must have one: the name of the stack, that of the part of it, and `name`, with `separator`
    /// between them.
    pub(super) fn name_within(&self, separator: char, name: impl std::fmt::Display) -> Value {
        let part = if self.part.is_empty() { String::new() } else { format!("{separator}{}", self.part) };
        Value::join([Value::reference("AWS::StackName"), Value::from(format!("{part}{separator}{name}"))])
    }

    /// How it is named and deployed.
    #[must_use]
    pub const fn props(&self) -> &StackProps {
        &self.props
    }

    /// The resources in the order in which they were added.
    #[must_use]
    pub fn resources(&self) -> &[StackResource] {
        &self.resources
    }

    /// The resource with this logical ID, to change it.
    pub fn resource_mut(&mut self, id: &LogicalId) -> Option<&mut StackResource> {
        let position = *self.index.get(id)?;
        self.resources.get_mut(position)
    }

    /// The resource with this logical ID.
    #[must_use]
    pub fn resource(&self, id: &LogicalId) -> Option<&StackResource> {
        self.resources.get(*self.index.get(id)?)
    }

    /// Adds a resource, unless there is one with its logical ID already; says whether it was added.
    pub(super) fn push(&mut self, resource: StackResource) -> bool {
        let id = resource.logical_id.clone();
        if self.index.contains_key(&id) {
            return false;
        }
        self.index.insert(id, self.resources.len());
        self.resources.push(resource);
        true
    }

    /// Adds a parameter, which must be given at deployment unless its definition has a default.
    pub fn add_parameter(&mut self, name: &'static str, definition: Map) -> LogicalId {
        self.parameters.insert(name, definition);
        LogicalId::new(name)
    }

    /// The parameters.
    #[must_use]
    pub const fn parameters(&self) -> &Map {
        &self.parameters
    }

    /// Says that a parameter takes an output of another stack of the app.
    pub fn bind_parameter(&mut self, binding: ParameterBinding) {
        self.bindings.push(binding);
    }

    /// What the parameters of this stack stand for.
    #[must_use]
    pub fn bindings(&self) -> &[ParameterBinding] {
        &self.bindings
    }

    /// Adds a mapping unless it is there already.
    pub fn add_mapping(&mut self, name: &'static str, mapping: impl FnOnce() -> Map) {
        if !self.mappings.contains_key(name) {
            self.mappings.push(name, mapping());
        }
    }

    /// Adds a condition.
    pub fn add_condition(&mut self, name: impl Into<Text>, condition: Value) {
        self.conditions.insert(name, condition);
    }

    /// Adds an output. Its name is a contract with those who read it.
    pub fn add_output(&mut self, name: impl Into<Text>, value: impl Into<Value>, description: impl Into<Text>) {
        let mut output = Map::with_capacity(2);
        output.push("Description", description.into());
        output.push("Value", value);
        self.put_output(name.into(), output);
    }

    fn put_output(&mut self, name: Text, output: Map) {
        let output = Value::from(output);
        if self.outputs.get(&name).is_some_and(|other| *other != output) {
            let message = format!("there is an output `{name}` already, with another value");
            let help = "give each output a name of its own";
            let mut finding = Finding::new(DUPLICATE_CONSTRUCT, Severity::Error, message).with_help(help);
            finding.address.stack = Some(self.id.clone());
            self.report(finding);
        }
        self.outputs.insert(name, output);
    }

    /// The mappings.
    #[must_use]
    pub const fn mappings(&self) -> &Map {
        &self.mappings
    }

    /// The conditions.
    #[must_use]
    pub const fn conditions(&self) -> &Map {
        &self.conditions
    }

    /// The outputs.
    #[must_use]
    pub const fn outputs(&self) -> &Map {
        &self.outputs
    }

    /// Exports a value to the other stacks of the same account and Region, and gives what they import it by. Whoever
    /// imports it says so by [`Stack::add_dependency`].
    pub fn export(&mut self, name: impl Into<Text>, value: impl Into<Value>) -> Value {
        let name = name.into();
        let export_name = format!("{}:{name}", self.name());
        let mut output = Map::with_capacity(2);
        output.push("Value", value);
        output.push("Export", Value::map([("Name", Value::from(export_name.clone()))]));
        self.put_output(name, output);
        Value::call(Function::ImportValue, Value::from(export_name))
    }

    /// Says that another stack, by its construct ID, is deployed before this one.
    pub fn add_dependency(&mut self, stack_id: impl Into<String>) {
        let stack_id = stack_id.into();
        if !self.dependencies.contains(&stack_id) {
            self.dependencies.push(stack_id);
        }
    }

    /// The construct IDs of the stacks that are deployed before this one.
    #[must_use]
    pub fn dependencies(&self) -> &[String] {
        &self.dependencies
    }

    /// Adds a container image that the CDK CLI builds.
    pub fn add_image(&mut self, image: ImageAsset) {
        if !self.images.contains(&image) {
            self.images.push(image);
        }
    }

    /// The container images that the CDK CLI builds.
    #[must_use]
    pub fn images(&self) -> &[ImageAsset] {
        &self.images
    }

    pub(super) fn add_construct(&mut self, node: ConstructNode) {
        self.constructs.push(node);
    }

    /// The constructs, outer before inner.
    #[must_use]
    pub fn constructs(&self) -> &[ConstructNode] {
        &self.constructs
    }

    /// Reports something wrong with what the stack was made from.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// What was wrong.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Takes out what was wrong.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    /// The template, as a copy.
    #[must_use]
    pub fn template(&self) -> Value {
        let mut section = Map::with_capacity(self.resources.len());
        for resource in &self.resources {
            let resource = resource.clone();
            section.push(resource.logical_id.clone(), definition(resource, &self.id).0);
        }
        self.sections(section)
    }

    /// The template, without copying the resources: they go into it, and [`Stack::records`] keeps what else is known of
    /// them.
    #[must_use]
    pub fn take_template(&mut self) -> Value {
        let resources = std::mem::take(&mut self.resources);
        self.index.clear();
        self.records.reserve(resources.len());
        let mut section = Map::with_capacity(resources.len());
        for resource in resources {
            let (definition, record) = definition(resource, &self.id);
            section.push(record.logical_id.clone(), definition);
            self.records.push(record);
        }
        self.sections(section)
    }

    /// What is known of the resources whose template was taken.
    #[must_use]
    pub fn records(&self) -> &[ResourceRecord] {
        &self.records
    }

    /// Takes out what is known of the resources whose template was taken.
    pub fn take_records(&mut self) -> Vec<ResourceRecord> {
        std::mem::take(&mut self.records)
    }

    fn sections(&self, resources: Map) -> Value {
        let mut template = Map::with_capacity(6);
        if let Some(description) = &self.props.description {
            template.push("Description", description.clone());
        }
        let sections =
            [("Parameters", &self.parameters), ("Mappings", &self.mappings), ("Conditions", &self.conditions)];
        for (name, section) in sections.into_iter().filter(|(_, section)| !section.is_empty()) {
            template.push(name, section.clone());
        }
        template.push("Resources", resources);
        if !self.outputs.is_empty() {
            template.push("Outputs", self.outputs.clone());
        }
        template.into()
    }
}

/// A resource as its template defines it, and what else is known of it.
fn definition(resource: StackResource, stack_id: &str) -> (Map, ResourceRecord) {
    let mut definition = Map::with_capacity(6);
    let (type_name, properties) = resource.resource.into_parts();
    definition.push("Type", type_name.clone());
    if !properties.is_empty() {
        definition.push("Properties", properties);
    }
    if !resource.depends_on.is_empty() {
        let names: OrderedSet<Text> = resource.depends_on.into_iter().map(Text::from).gather();
        definition.push("DependsOn", Value::list(names));
    }
    if let Some(condition) = resource.condition {
        definition.push("Condition", condition);
    }
    if let Some(policy) = resource.removal_policy {
        definition.push("UpdateReplacePolicy", policy.word());
        definition.push("DeletionPolicy", policy.word());
    }
    let mut metadata = resource.metadata;
    metadata.push("aws:cdk:path", format!("{stack_id}/{}", resource.path));
    definition.push("Metadata", metadata);
    let record =
        ResourceRecord { path: resource.path, logical_id: resource.logical_id, type_name, origin: resource.origin };
    (definition, record)
}

/// A construct path as a piece of a name: itself when it is one plain word, otherwise with a hash that tells two apart. What is
/// too long loses its beginning, since the end has the hash.
fn name_of_part(path: &str) -> String {
    const LONGEST: usize = 64;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if path.len() <= LONGEST && path.bytes().all(is_plain) {
        return path.to_owned();
    }
    let id = LogicalId::from_path(path.split('/').chain(["Resource"]));
    end_of(id.as_str(), LONGEST)
}

/// At most `longest` characters from the end of a text.
pub(super) fn end_of(text: &str, longest: usize) -> String {
    let surplus = text.chars().count().saturating_sub(longest);
    text.chars().skip(surplus).gather()
}

#[cfg(test)]
mod tests {
    use super::name_of_part;

    #[test]
    fn names_of_parts_are_plain_short_and_all_different() {
        let long = "Construct/".repeat(30);
        let paths = [
            "",
            "Payments",
            "Pay-ments",
            "Pay/ments",
            "Pay.ments",
            "Payments/Resource",
            &long,
            long.trim_end_matches('/'),
        ];
        let names: std::collections::BTreeSet<String> = paths.iter().map(|path| name_of_part(path)).collect();
        assert_eq!(names.len(), paths.len(), "{names:?}");
        for name in &names {
            assert!(
                name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
                "{name}"
            );
        }
        assert!(names.contains("") && names.contains("Payments") && names.contains("Pay-ments"));
    }
}
