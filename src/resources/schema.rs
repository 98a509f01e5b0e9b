//! What is known about the properties of each resource type: their shape, which are required, which replace the resource
//! when they change, which values they take. Decoded on demand from one static text, so that it costs nothing until asked.
//!
//! ```
//! use ringfence::resources::schema::{Replacement, resource_type};
//!
//! let group = resource_type("AWS::ElasticLoadBalancingV2::TargetGroup").unwrap();
//! assert_eq!(group.property("Port").unwrap().replacement(), Replacement::Always);
//! assert_eq!(group.property("HealthCheckIntervalSeconds").unwrap().shape().maximum(), Some(300.0));
//! ```

use std::fmt;

use super::generated::table::{SHARED, TYPES};
use crate::cfn::{Number, Value};

/// What is known about the type with this name, such as `AWS::EC2::VPC`.
#[must_use]
pub fn resource_type(name: &str) -> Option<ResourceType> {
    let index = TYPES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    TYPES.get(index).map(ResourceType::from_row)
}

/// All types that are known, in order of their names.
pub fn resource_types() -> impl ExactSizeIterator<Item = ResourceType> {
    TYPES.iter().map(ResourceType::from_row)
}

/// A resource type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ResourceType {
    name: &'static str,
    /// The lines that `xtask/src/codegen/table.rs` describes.
    text: &'static str,
}

impl ResourceType {
    const fn from_row(&(name, text): &(&'static str, &'static str)) -> Self {
        Self { name, text }
    }

    /// Its name, such as `AWS::EC2::VPC`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The properties or attributes that `Ref` gives, mostly one.
    pub fn reference(self) -> impl Iterator<Item = &'static str> {
        names(self.head(0))
    }

    /// The properties or attributes that identify a resource of this type in the Cloud Control API.
    pub fn primary_identifier(self) -> impl Iterator<Item = &'static str> {
        names(match self.head(1) {
            "=" => self.head(0),
            other => other,
        })
    }

    /// The property that holds the tags, for types that can have any.
    #[must_use]
    pub fn tag_property(self) -> Option<&'static str> {
        Some(self.head(2)).filter(|name| *name != "-")
    }

    /// What `Fn::GetAtt` gives, in order of the names.
    pub fn attributes(self) -> impl Iterator<Item = Attribute> {
        let lines = self.section(0).lines().filter_map(|line| line.strip_prefix('.'));
        lines.filter_map(|line| line.split_once(' ')).map(move |(name, shape)| Attribute { owner: self, name, shape })
    }

    /// The attribute with this name.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<Attribute> {
        self.attributes().find(|attribute| attribute.name == name)
    }

    /// Its properties, in order of their names.
    pub fn properties(self) -> impl Iterator<Item = Property> {
        let lines = self.section(0).lines().skip(1).filter(|line| !line.starts_with('.'));
        lines.filter_map(move |line| Property::from_line(self, line))
    }

    /// The property with this name.
    #[must_use]
    pub fn property(self, name: &str) -> Option<Property> {
        self.properties().find(|property| property.name == name)
    }

    /// The types of which its properties are made, in order of their names.
    pub fn nested_types(self) -> impl Iterator<Item = NestedType> {
        self.text.split("\n#").skip(1).filter_map(move |text| NestedType::from_section(self, text))
    }

    /// A word of the first line.
    fn head(self, index: usize) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default();
        line.split(' ').nth(index).unwrap_or("-")
    }

    /// The resource's own lines, or those of a nested type.
    fn section(self, index: usize) -> &'static str {
        self.text.split("\n#").nth(index).unwrap_or_default()
    }
}

impl fmt::Debug for ResourceType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// A type that describes a property of a resource, such as `Ingress` of `AWS::EC2::SecurityGroup`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NestedType {
    owner: ResourceType,
    name: &'static str,
    lines: &'static str,
}

impl NestedType {
    fn from_section(owner: ResourceType, text: &'static str) -> Option<Self> {
        text.split_once('\n').map(|(name, lines)| Self { owner, name, lines })
    }

    /// The resource type to which it belongs.
    #[must_use]
    pub const fn owner(self) -> ResourceType {
        self.owner
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Its properties, in order of their names.
    pub fn properties(self) -> impl Iterator<Item = Property> {
        self.lines.lines().filter_map(move |line| Property::from_line(self.owner, line))
    }

    /// The property with this name.
    #[must_use]
    pub fn property(self, name: &str) -> Option<Property> {
        self.properties().find(|property| property.name == name)
    }
}

impl fmt::Debug for NestedType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.owner.name, self.name)
    }
}

/// Whether a change of a property replaces the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replacement {
    /// The resource is updated in place.
    Never,
    /// It depends on the change, or on other properties.
    Sometimes,
    /// A new resource takes the place of the old one.
    Always,
}

/// A property of a resource or of a nested type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    owner: ResourceType,
    name: &'static str,
    marks: &'static str,
    shape: &'static str,
    default: Option<&'static str>,
    refers_to: &'static str,
}

impl Property {
    fn from_line(owner: ResourceType, line: &'static str) -> Option<Self> {
        let mut words = line.split(' ');
        let (name, described) = (words.next()?, words.next()?);
        let shape = described.trim_start_matches(['!', '*', '?', '-']);
        let marks = described.strip_suffix(shape).unwrap_or_default();
        let mut property = Self { owner, name, marks, shape, default: None, refers_to: "" };
        for word in words {
            if let Some(default) = word.strip_prefix('~') {
                property.default = Some(default);
            } else if let Some(list) = word.strip_prefix('>') {
                property.refers_to = shared(list);
            }
        }
        Some(property)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Whether it must be given.
    #[must_use]
    pub fn is_required(self) -> bool {
        self.marks.contains('!')
    }

    /// Whether AWS advises against it.
    #[must_use]
    pub fn is_deprecated(self) -> bool {
        self.marks.contains('-')
    }

    /// Whether a change replaces the resource.
    #[must_use]
    pub fn replacement(self) -> Replacement {
        if self.marks.contains('*') {
            Replacement::Always
        } else if self.marks.contains('?') {
            Replacement::Sometimes
        } else {
            Replacement::Never
        }
    }

    /// What its value looks like.
    #[must_use]
    pub fn shape(self) -> Shape {
        Shape::read(self.owner, self.shape)
    }

    /// What holds when it is left out, when the schema says it.
    #[must_use]
    pub fn default(self) -> Option<Value> {
        let text = self.default?;
        Some(match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => match text.parse() {
                Ok(number) => Value::Number(Number::Int(number)),
                Err(_) => Value::from(text.trim_matches('"')),
            },
        })
    }

    /// The resource types whose attribute the value may be, each with that attribute.
    pub fn refers_to(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.refers_to.split(',').filter_map(|reference| reference.split_once('.'))
    }
}

/// A value that a resource gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    owner: ResourceType,
    name: &'static str,
    shape: &'static str,
}

impl Attribute {
    /// Its name, perhaps of several parts (`Endpoint.Address`).
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// What its value looks like.
    #[must_use]
    pub fn shape(self) -> Shape {
        Shape::read(self.owner, self.shape)
    }
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Anything; where a policy document is meant, mostly a map or its JSON as text.
    Json,
    /// A point in time as text (ISO 8601).
    Timestamp,
    /// A map with `Key` and `Value`.
    Tag,
    /// A map with known keys: see [`Shape::nested`].
    Nested,
    /// A list: see [`Shape::element`].
    List,
    /// A map whose keys anybody chooses: see [`Shape::element`].
    Map,
}

/// What a value looks like, and which values are allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    owner: ResourceType,
    kind: Kind,
    /// The number of the nested type.
    nested: usize,
    minimum: Option<f64>,
    maximum: Option<f64>,
    allowed: &'static str,
    element: &'static str,
}

impl Shape {
    fn read(owner: ResourceType, text: &'static str) -> Self {
        let (kind, rest) = read_kind(text);
        let after_number = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        let nested = rest.strip_suffix(after_number).and_then(|number| number.parse().ok()).unwrap_or_default();
        let (bounds, rest) = match after_number.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((bounds, rest)) => (bounds, rest),
            None => (",", after_number),
        };
        let (minimum, maximum) = bounds.split_once(',').unwrap_or_default();
        Self {
            owner,
            kind,
            nested,
            minimum: bound(minimum),
            maximum: bound(maximum),
            allowed: rest.strip_prefix('=').map(shared).unwrap_or_default(),
            element: if matches!(kind, Kind::List | Kind::Map) { rest } else { "" },
        }
    }

    /// Which kind of value it is.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// What the elements of a list, or the values of a map, look like.
    #[must_use]
    pub fn element(self) -> Option<Self> {
        (!self.element.is_empty()).then(|| Self::read(self.owner, self.element))
    }

    /// The type that names the keys of a map of kind [`Kind::Nested`].
    #[must_use]
    pub fn nested(self) -> Option<NestedType> {
        let section = (self.kind == Kind::Nested).then(|| self.owner.section(self.nested + 1))?;
        NestedType::from_section(self.owner, section)
    }

    /// The least value of a number, characters of a text or elements of a list.
    #[must_use]
    pub const fn minimum(self) -> Option<f64> {
        self.minimum
    }

    /// The greatest value of a number, characters of a text or elements of a list.
    #[must_use]
    pub const fn maximum(self) -> Option<f64> {
        self.maximum
    }

    /// The values that are allowed, numbers as text too; none when all values are.
    pub fn allowed(self) -> impl Iterator<Item = &'static str> {
        self.allowed.split('|').filter(|value| !value.is_empty())
    }
}

/// The kind that a shape's first letter stands for, and the text after the letter.
fn read_kind(text: &'static str) -> (Kind, &'static str) {
    let mut letters = text.chars();
    let kind = match letters.next() {
        Some('s') => Kind::Text,
        Some('i') => Kind::Integer,
        Some('n') => Kind::Number,
        Some('b') => Kind::Boolean,
        Some('t') => Kind::Timestamp,
        Some('g') => Kind::Tag,
        Some('@') => Kind::Nested,
        Some('L') => Kind::List,
        Some('M') => Kind::Map,
        _ => Kind::Json,
    };
    (kind, letters.as_str())
}

/// A bound as the table writes it: a whole number, perhaps with a few decimals. The standard library's parser of doubles
/// would weigh as much in WASM as a fifth of the table.
fn bound(text: &'static str) -> Option<f64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let sign = if whole.starts_with('-') { -1.0 } else { 1.0 };
    let whole: i64 = whole.parse().ok()?;
    let fraction = decimals.bytes().rev().fold(0.0, |sum, digit| (sum + f64::from(digit.wrapping_sub(b'0'))) / 10.0);
    // Bounds are far below 2^53, where doubles stop to hold every whole number.
    let whole = whole as f64;
    Some(whole + sign * fraction)
}

/// A list as it stands, or the one that `^N` points at.
fn shared(list: &'static str) -> &'static str {
    let index = list.strip_prefix('^').and_then(|index| index.parse().ok());
    index.map_or(list, |index: usize| SHARED.get(index).copied().unwrap_or_default())
}

/// Names joined by commas; `-` for none.
fn names(joined: &'static str) -> impl Iterator<Item = &'static str> {
    joined.split(',').filter(|name| *name != "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_as_the_standard_library_reads_them() {
        for text in ["0", "1", "-1", "0.1", "2.5", "-0.25", "1.0", "65535", "1000000000", "9007199254740992"] {
            assert_eq!(bound(text), text.parse().ok(), "{text}");
        }
        assert_eq!(bound(""), None);
    }

    #[test]
    fn fractions_survive_in_the_table() {
        let bounds: Vec<_> = resource_types()
            .flat_map(ResourceType::nested_types)
            .flat_map(NestedType::properties)
            .filter(|property| property.shape().minimum() == Some(0.1))
            .collect();
        assert!(!bounds.is_empty());
    }
}
