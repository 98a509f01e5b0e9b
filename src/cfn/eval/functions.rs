//! What each intrinsic function gives. Source: the intrinsic function reference of the CloudFormation user guide.

use super::node::Shape;
use super::pieces::Builder;
use super::{Attribute, Because, Evaluation, Field, Node, Piece, ResourceId};
use crate::cfn::Gather as _;
use crate::cfn::{Function, Intrinsic, Map, Value};

/// The result of a function in a template.
pub(super) fn call<'a>(evaluation: &'a Evaluation<'a>, template: u32, intrinsic: &'a Intrinsic) -> Node<'a> {
    let call = Call { evaluation, template, argument: &intrinsic.argument };
    let result = match intrinsic.function {
        Function::Ref => match intrinsic.argument.as_str() {
            Some(name) => Some(call.reference(name)),
            None => call.worked_out_reference(),
        },
        Function::GetAtt => call.attribute(),
        Function::Sub => call.substitute(),
        Function::Join => call.join(),
        Function::Split => call.split(),
        Function::Select => call.select(),
        Function::If => call.choose(),
        Function::FindInMap => call.find_in_map(),
        Function::ImportValue => Some(evaluation.import(template, &call.node(call.argument))),
        Function::GetStackOutput => Some(call.unknown(Because::Output(""))),
        Function::GetAzs => Some(call.unknown(Because::Zones)),
        Function::Cidr => call.cidr(),
        Function::Length => call.length(),
        Function::Transform => Some(call.unknown(Because::Transform)),
        other => Some(call.unknown(Because::Function(other))),
    };
    result.unwrap_or_else(|| call.unknown(Because::Malformed))
}

/// A function with its argument. Its methods give nothing when the argument is not what the function takes.
#[derive(Clone, Copy)]
struct Call<'a> {
    evaluation: &'a Evaluation<'a>,
    template: u32,
    argument: &'a Value,
}

impl<'a> Call<'a> {
    fn node(self, value: &'a Value) -> Node<'a> {
        self.evaluation.node(self.template, value)
    }

    fn made(self, shape: Shape<'a>) -> Node<'a> {
        Node::new(self.evaluation, self.template, shape)
    }

    fn unknown(self, because: Because<'a>) -> Node<'a> {
        self.made(Shape::Unknown(because))
    }

    /// The arguments, when they are written as a list.
    fn arguments(self) -> &'a [Value] {
        self.argument.as_list().unwrap_or_default()
    }

    fn reference(self, name: &'a str) -> Node<'a> {
        if name.starts_with("AWS::") {
            return self.pseudo_parameter(name);
        }
        let Some(content) = self.evaluation.app().template(self.template) else {
            return self.unknown(Because::Dangling(name));
        };
        match content.parameter(name) {
            Some(parameter) => self.evaluation.parameter(self.template, parameter),
            None => self.attribute_of(name, ""),
        }
    }

    /// `Ref` of a name that a function gives, as the language extensions allow.
    fn worked_out_reference(self) -> Option<Node<'a>> {
        let name = self.node(self.argument).text().known()?;
        let content = self.evaluation.app().template(self.template)?;
        if let Some(parameter) = content.parameter(&name) {
            return Some(self.evaluation.parameter(self.template, parameter));
        }
        self.attribute_of_known(&name, "")
    }

    fn pseudo_parameter(self, name: &'a str) -> Node<'a> {
        if name == "AWS::NoValue" {
            return self.made(Shape::Absent);
        }
        let variable = super::world::Variable::Pseudo { template: self.template, name };
        match self.evaluation.world().value_of(&variable) {
            Some(Some(value)) => return self.made(Shape::Plain(value)),
            Some(None) => return self.unknown(Because::Pseudo(name)),
            None => {}
        }
        let environment = self.evaluation.app().template(self.template).map(super::Template::environment);
        let known = environment.and_then(|known| match name {
            "AWS::AccountId" => known.account.as_ref(),
            "AWS::Region" => known.region.as_ref(),
            "AWS::Partition" => known.partition.as_ref(),
            "AWS::URLSuffix" => known.url_suffix.as_ref(),
            "AWS::StackName" => known.stack_name.as_ref(),
            _ => None,
        });
        match known {
            Some(text) => self.made(Shape::Text(text.clone())),
            None => self.unknown(Because::Pseudo(name)),
        }
    }

    /// What `Ref` or an attribute of a resource gives.
    fn attribute_of(self, logical_id: &'a str, name: &'a str) -> Node<'a> {
        self.attribute_of_known(logical_id, name).unwrap_or_else(|| self.unknown(Because::Dangling(logical_id)))
    }

    /// The same; nothing when there is no such resource in this world.
    fn attribute_of_known(self, logical_id: &str, name: &'a str) -> Option<Node<'a>> {
        let content = self.evaluation.app().template(self.template)?;
        let index = content.resource_index(logical_id)?;
        content.resource(index).filter(|found| self.evaluation.is_made(self.template, found))?;
        let resource = ResourceId { template: self.template, resource: index };
        Some(self.evaluation.attribute(self.template, Attribute { resource, name }))
    }

    fn attribute(self) -> Option<Node<'a>> {
        match self.argument {
            Value::String(text) => text.split_once('.').map(|(resource, name)| self.attribute_of(resource, name)),
            Value::List(parts) => match parts.as_slice() {
                [Value::String(resource), Value::String(name)] => Some(self.attribute_of(resource, name)),
                [resource, Value::String(name)] => {
                    let logical_id = self.node(resource).text().known()?;
                    self.attribute_of_known(&logical_id, name)
                }
                [Value::String(_), _] => Some(self.unknown(Because::Function(Function::GetAtt))),
                _ => None,
            },
            _ => None,
        }
    }

    fn substitute(self) -> Option<Node<'a>> {
        let (text, variables) = match self.argument {
            Value::String(text) => (text.as_ref(), None),
            Value::List(parts) => match parts.as_slice() {
                [Value::String(text), variables] => (text.as_ref(), variables.as_map()),
                [Value::String(text)] => (text.as_ref(), None),
                _ => return None,
            },
            _ => return None,
        };
        if text.contains("${Token[") {
            return Some(self.unknown(Because::Token));
        }
        Some(self.made(self.substituted(text, variables)))
    }

    fn substituted(self, text: &'a str, variables: Option<&'a Map>) -> Shape<'a> {
        let mut built = Builder::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            built.text(before);
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            match name.strip_prefix('!') {
                Some(literal) => {
                    built.text("${");
                    built.text(literal);
                    built.text("}");
                }
                None => built.node(&self.variable(name.trim(), variables)),
            }
            rest = after;
        }
        let mut literal = Vec::new();
        super::pieces::of_literal(rest, &mut literal);
        for piece in literal {
            match piece {
                Piece::Text(text) => built.text(&text),
                Piece::Hole(because) => built.hole(because),
            }
        }
        built.finish()
    }

    /// What a name in `Fn::Sub` stands for.
    fn variable(self, name: &'a str, variables: Option<&'a Map>) -> Node<'a> {
        if let Some(value) = variables.and_then(|variables| variables.get(name)) {
            return self.node(value);
        }
        match name.split_once('.') {
            Some((resource, attribute)) => self.attribute_of(resource, attribute),
            None => self.reference(name),
        }
    }

    fn join(self) -> Option<Node<'a>> {
        let [delimiter, list] = self.arguments() else { return None };
        let delimiter = delimiter.as_str()?;
        let items = match self.node(list).items() {
            Field::Known(items) => items,
            Field::Absent => Vec::new(),
            Field::Unknown(because) => return Some(self.unknown(because)),
        };
        let mut built = Builder::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                built.text(delimiter);
            }
            match item.items() {
                // A list inside of the list is joined along with it, as CloudFormation does with list parameters.
                Field::Known(inner) if matches!(item.shape(), Shape::List(_)) => {
                    for (index, item) in inner.iter().enumerate() {
                        if index > 0 {
                            built.text(delimiter);
                        }
                        built.node(item);
                    }
                }
                _ => built.node(item),
            }
        }
        Some(self.made(built.finish()))
    }

    fn split(self) -> Option<Node<'a>> {
        let [delimiter, text] = self.arguments() else { return None };
        let delimiter = delimiter.as_str()?;
        let text = self.node(text);
        match text.text() {
            Field::Known(text) if !delimiter.is_empty() => {
                let items = text.split(delimiter).map(|item| self.made(Shape::Text(item.to_owned())));
                Some(self.made(Shape::List(items.gather())))
            }
            Field::Unknown(because) => Some(match super::pieces::split(&text.pieces(), delimiter) {
                Some(items) => self.made(Shape::List(items.into_iter().map(|item| self.made(item)).gather())),
                None => self.unknown(because),
            }),
            _ => None,
        }
    }

    fn select(self) -> Option<Node<'a>> {
        let [index, list] = self.arguments() else { return None };
        let list = self.node(list);
        let index = match self.node(index).int() {
            Field::Known(index) => index,
            Field::Unknown(because) => return Some(self.unknown(because)),
            Field::Absent => return None,
        };
        match list.items() {
            Field::Known(items) => items.get(usize::try_from(index).ok()?).cloned(),
            Field::Unknown(Because::Zones) => Some(self.unknown(Because::Zone(u32::try_from(index).ok()?))),
            Field::Unknown(Because::Parameter { template, name }) => {
                Some(self.unknown(Because::Element { template, name, index: u32::try_from(index).ok()? }))
            }
            Field::Unknown(because) => Some(self.unknown(because)),
            Field::Absent => None,
        }
    }

    fn choose(self) -> Option<Node<'a>> {
        let [condition, then, otherwise] = self.arguments() else { return None };
        let name = condition.as_str()?;
        match self.evaluation.holds(self.template, name) {
            Some(true) => Some(self.node(then)),
            Some(false) => Some(self.node(otherwise)),
            None => Some(self.unknown(Because::Dangling(name))),
        }
    }

    fn find_in_map(self) -> Option<Node<'a>> {
        let (keys, default) = match self.arguments() {
            [map, first, second] => ([map, first, second], None),
            [map, first, second, Value::Map(options)] => ([map, first, second], options.get("DefaultValue")),
            _ => return None,
        };
        let mut value = self.evaluation.app().template(self.template)?.mappings();
        let mut found = None;
        for key in keys {
            match self.node(key).text() {
                Field::Known(key) => {
                    found = value.and_then(|value| value.get(&key));
                    value = found.and_then(Value::as_map);
                }
                Field::Unknown(because) => return Some(self.unknown(because)),
                Field::Absent => return None,
            }
        }
        found.or(default).map(|value| self.node(value))
    }

    fn cidr(self) -> Option<Node<'a>> {
        let (block, count, bits) = match self.arguments() {
            [block, count, bits] => (block, count, Some(bits)),
            [block, count] => (block, count, None),
            _ => return None,
        };
        let block = match self.node(block).text() {
            Field::Known(block) => block,
            Field::Unknown(because) => return Some(self.unknown(because)),
            Field::Absent => return None,
        };
        let count = usize::try_from(self.node(count).int().known()?).ok().filter(|count| *count <= 256)?;
        let bits = bits.map_or(Field::Absent, |bits| self.node(bits).int());
        let blocks = blocks(block.parse().ok()?, bits.known())?;
        let items: Vec<_> = blocks.take(count).map(|block| self.made(Shape::Text(block.to_string()))).gather();
        (items.len() == count).then(|| self.made(Shape::List(items)))
    }

    fn length(self) -> Option<Node<'a>> {
        match self.node(self.argument).items() {
            Field::Known(items) => Some(self.made(Shape::Text(items.len().to_string()))),
            Field::Unknown(because) => Some(self.unknown(because)),
            Field::Absent => None,
        }
    }
}

/// The parts of a block, each with so many bits for hosts: 8 of IPv4 unless said otherwise, 64 of IPv6.
fn blocks(block: ipnet::IpNet, bits: Option<i64>) -> Option<impl Iterator<Item = ipnet::IpNet>> {
    let usual = if block.max_prefix_len() == 32 { 8 } else { 64 };
    let bits = u8::try_from(bits.unwrap_or(usual)).ok()?;
    block.subnets(block.max_prefix_len().checked_sub(bits)?).ok()
}
