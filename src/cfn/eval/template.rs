//! The sections of a template.

use crate::cfn::Gather as _;
use crate::cfn::index::{Index, hash};
use crate::cfn::{Map, Value};

/// What is known of the place to which a stack goes: what the pseudo parameters give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `AWS::AccountId`.
    pub account: Option<String>,
    /// `AWS::Region`.
    pub region: Option<String>,
    /// `AWS::Partition`.
    pub partition: Option<String>,
    /// `AWS::URLSuffix`.
    pub url_suffix: Option<String>,
    /// `AWS::StackName`.
    pub stack_name: Option<String>,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter<'a> {
    /// Its name.
    pub name: &'a str,
    declaration: Option<&'a Map>,
}

impl<'a> Parameter<'a> {
    /// Its type, such as `String` or `List<AWS::EC2::Subnet::Id>`.
    #[must_use]
    pub fn kind(self) -> &'a str {
        self.member("Type").and_then(Value::as_str).unwrap_or("String")
    }

    /// Its default.
    #[must_use]
    pub fn default(self) -> Option<&'a Value> {
        self.member("Default")
    }

    /// The values it takes, when they are listed.
    #[must_use]
    pub fn allowed_values(self) -> &'a [Value] {
        self.member("AllowedValues").and_then(Value::as_list).unwrap_or_default()
    }

    /// Whether its value is masked wherever it is shown.
    #[must_use]
    pub fn is_masked(self) -> bool {
        self.member("NoEcho").is_some_and(|value| value.as_bool() == Some(true) || value.as_str() == Some("true"))
    }

    /// Whether its value is a list.
    #[must_use]
    pub fn is_list(self) -> bool {
        self.kind() == "CommaDelimitedList" || self.kind().starts_with("List<")
    }

    /// Whether its value is the name of an SSM parameter that is looked up at deployment.
    #[must_use]
    pub fn is_looked_up(self) -> bool {
        self.kind().starts_with("AWS::SSM::Parameter::Value")
    }

    fn member(self, key: &str) -> Option<&'a Value> {
        self.declaration.and_then(|declaration| declaration.get(key))
    }
}

/// A resource.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// Its logical ID.
    pub logical_id: &'a str,
    /// Its type, such as `AWS::EC2::VPC`; empty when it has none.
    pub type_name: &'a str,
    /// Its properties.
    pub properties: Option<&'a Map>,
    /// Everything that is said of it, `Type` and `Properties` included.
    pub declaration: &'a Map,
}

impl<'a> Resource<'a> {
    /// The condition on which it is made.
    #[must_use]
    pub fn condition(&self) -> Option<&'a str> {
        self.declaration.get("Condition").and_then(Value::as_str)
    }

    /// The resources that it waits for.
    pub fn depends_on(&self) -> impl Iterator<Item = &'a str> {
        let value = self.declaration.get("DependsOn");
        let one = value.and_then(Value::as_str).into_iter();
        one.chain(value.and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_str))
    }

    /// Its metadata under a key.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&'a Value> {
        self.declaration.get("Metadata").and_then(|metadata| metadata.get(key))
    }
}

/// An output.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: Option<&'a Value>,
    /// The name under which other stacks import it.
    pub export: Option<&'a Value>,
    /// The condition on which there is one.
    pub condition: Option<&'a str>,
}

/// A template, by its sections.
#[derive(Debug, Default)]
pub struct Template<'a> {
    sections: Option<&'a Map>,
    environment: Environment,
    parameters: Vec<Parameter<'a>>,
    conditions: Vec<(&'a str, &'a Value)>,
    mappings: Option<&'a Map>,
    /// The keys of the rows of each mapping, as values that a parameter may have.
    rows: Vec<(&'a str, Vec<Value>)>,
    resources: Vec<Resource<'a>>,
    outputs: Vec<Output<'a>>,
    /// The resources by their logical IDs.
    by_logical_id: Index,
    transform: Option<&'a Value>,
    has_unwritten: bool,
    bytes: usize,
}

/// What the names of the transform begin with that makes functions of hosted rotation.
const ROTATION: &str = "AWS::SecretsManager-";

/// The transforms that leave alone what they do not replace, by what their names begin with.
const KNOWN_TRANSFORMS: [&str; 2] = ["AWS::LanguageExtensions", ROTATION];

impl<'a> Template<'a> {
    /// The sections of a document. What is not as it should be is left out; a document that is no template has none.
    #[must_use]
    pub fn new(document: &'a Value) -> Self {
        let section = |name| document.get(name).and_then(Value::as_map);
        let resources: Vec<_> = entries(section("Resources")).filter_map(resource).gather();
        let mut template = Self {
            sections: document.as_map(),
            environment: Environment::default(),
            parameters: entries(section("Parameters")).map(parameter).gather(),
            conditions: entries(section("Conditions")).gather(),
            mappings: section("Mappings"),
            rows: entries(section("Mappings")).filter_map(rows).gather(),
            by_logical_id: Index::default(),
            resources,
            outputs: entries(section("Outputs")).map(output).gather(),
            transform: document.get("Transform"),
            has_unwritten: entries(section("Resources")).any(makes_others),
            bytes: 0,
        };
        for (index, resource) in (0..).zip(&template.resources) {
            template.by_logical_id.insert(hash(resource.logical_id), index);
        }
        template
    }

    /// Everything that is written in it.
    #[must_use]
    pub fn sections(&self) -> Option<&'a Map> {
        self.sections
    }

    /// The same template in a place.
    #[must_use]
    pub fn in_environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Where it goes.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The same template with the length of its text.
    #[must_use]
    pub fn of_length(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// The length of its text in bytes; 0 when it is not known.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Its parameters.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter<'a>] {
        &self.parameters
    }

    /// Its conditions with their names.
    #[must_use]
    pub fn conditions(&self) -> &[(&'a str, &'a Value)] {
        &self.conditions
    }

    /// Whether a condition asks for a parameter, by itself or through other conditions.
    #[must_use]
    pub fn asks_for(&self, condition: &'a str, parameter: &str) -> bool {
        super::world::asks_for(self, condition, parameter)
    }

    /// Its mappings.
    #[must_use]
    pub fn mappings(&self) -> Option<&'a Map> {
        self.mappings
    }

    /// The keys of the rows of a mapping.
    pub(super) fn rows(&self, mapping: &str) -> &[Value] {
        self.rows.iter().find(|(name, _)| *name == mapping).map_or(&[], |(_, rows)| rows)
    }

    /// Its resources, those included whose condition is false.
    #[must_use]
    pub fn resources(&self) -> &[Resource<'a>] {
        &self.resources
    }

    /// Its outputs.
    #[must_use]
    pub fn outputs(&self) -> &[Output<'a>] {
        &self.outputs
    }

    /// Whether a macro may add to it or change it at deployment, so that nothing follows from what it does not have.
    #[must_use]
    pub fn has_macros(&self) -> bool {
        self.transforms().any(|transform| {
            transform.as_str().is_none_or(|name| !KNOWN_TRANSFORMS.iter().any(|known| name.starts_with(known)))
        })
    }

    /// Whether `Fn::ForEach` or a transform among the resources makes resources whose names are not written.
    #[must_use]
    pub fn has_unwritten_resources(&self) -> bool {
        self.has_macros() || self.has_unwritten
    }

    /// Whether `Fn::ForEach` or a macro makes outputs whose names are not written.
    #[must_use]
    pub fn has_unwritten_outputs(&self) -> bool {
        self.has_macros() || self.outputs.iter().any(|output| output.name.starts_with("Fn::"))
    }

    /// The transforms of the whole template.
    fn transforms(&self) -> impl Iterator<Item = &'a Value> {
        match self.transform {
            Some(Value::List(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        }
        .iter()
    }

    /// Whether the transform of Secrets Manager makes the functions of hosted rotation.
    #[must_use]
    pub fn makes_rotation_functions(&self) -> bool {
        self.transforms().any(|transform| transform.as_str().is_some_and(|name| name.starts_with(ROTATION)))
    }

    /// The resource with a logical ID, as an index.
    #[must_use]
    pub fn resource_index(&self, logical_id: &str) -> Option<u32> {
        let mut is_it = |index| at(&self.resources, index).is_some_and(|resource| resource.logical_id == logical_id);
        self.by_logical_id.find(hash(logical_id), &mut is_it)
    }

    /// The resource at an index.
    #[must_use]
    pub fn resource(&self, index: u32) -> Option<&Resource<'a>> {
        at(&self.resources, index)
    }

    /// The parameter with a name, with its index.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Parameter<'a>> {
        self.parameters.iter().find(|parameter| parameter.name == name).copied()
    }

    /// The condition with a name, as an index.
    pub(super) fn condition_index(&self, name: &str) -> Option<usize> {
        self.conditions.iter().position(|(known, _)| *known == name)
    }

    /// The output with a name.
    pub(super) fn output(&self, name: &str) -> Option<Output<'a>> {
        self.outputs.iter().find(|output| output.name == name).copied()
    }
}

fn at<T>(items: &[T], index: u32) -> Option<&T> {
    items.get(usize::try_from(index).ok()?)
}

fn entries(section: Option<&Map>) -> impl Iterator<Item = (&str, &Value)> {
    section.into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_ref(), value))
}

fn parameter<'a>((name, value): (&'a str, &'a Value)) -> Parameter<'a> {
    Parameter { name, declaration: value.as_map() }
}

/// Whether resources of a type are custom resources, whatever it is called.
#[must_use]
pub fn is_custom_type(name: &str) -> bool {
    name.starts_with("Custom::") || name == "AWS::CloudFormation::CustomResource"
}

/// The name of a mapping with the keys of its rows. A transform gives rows that are not written.
fn rows<'a>((name, value): (&'a str, &'a Value)) -> Option<(&'a str, Vec<Value>)> {
    let rows = value.as_map()?;
    Some((name, rows.keys().map(|key| Value::String(key.clone())).gather()))
}

fn resource<'a>((logical_id, value): (&'a str, &'a Value)) -> Option<Resource<'a>> {
    let declaration = value.as_map()?;
    let type_name = declaration.get("Type").and_then(Value::as_str).unwrap_or_default();
    let properties = declaration.get("Properties").and_then(Value::as_map);
    Some(Resource { logical_id, type_name, properties, declaration })
}

/// Whether what stands among the resources makes others: a loop, a transform, a module.
fn makes_others((name, value): (&str, &Value)) -> bool {
    let kind = value.get("Type").and_then(Value::as_str);
    name.starts_with("Fn::") || kind.is_none_or(|kind| kind.ends_with("::MODULE"))
}

fn output<'a>((name, value): (&'a str, &'a Value)) -> Output<'a> {
    let export = value.get("Export").and_then(|export| export.get("Name"));
    Output { name, value: value.get("Value"), export, condition: value.get("Condition").and_then(Value::as_str) }
}
