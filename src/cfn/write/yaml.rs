//! Writes YAML as people write templates: short forms of intrinsic functions, block style, few quotes.
//!
//! Written by hand: the emitters at hand either have no tags of one's own, or leave text bare that YAML 1.1, and so
//! CloudFormation, reads as something else (`no`, `012`, `1:30`). That reading gives the same value is tested with
//! random values.

use super::super::{Function, Map, Number, Value, double};
use super::yaml_scalar::{Style, is_plain, quote, style};

/// `value` as YAML: indented by two spaces, keys in their order, a line break at the end.
///
/// Functions are written in their short form (`!Ref`) where every reader of CloudFormation's YAML knows it. A
/// function directly inside another is not such a place, so that the outer one gets its long form.
#[must_use]
pub fn to_yaml(value: &Value) -> String {
    let mut writer = Writer { text: String::new() };
    writer.value(value, 0, Place::Root);
    writer.text
}

/// The functions whose short form every tool knows (cfn-lint, the AWS CLI and CDK among them). The template
/// reference gives none for those of the language extensions (`Fn::Length`, `Fn::ToJsonString`) and of rules.
const SHORT: &[Function] = &[
    Function::Ref,
    Function::Condition,
    Function::GetAtt,
    Function::Sub,
    Function::Join,
    Function::Split,
    Function::Select,
    Function::If,
    Function::Equals,
    Function::And,
    Function::Or,
    Function::Not,
    Function::ImportValue,
    Function::FindInMap,
    Function::GetAzs,
    Function::Cidr,
    Function::Base64,
];

/// An implicit key must be shorter than 1024 characters (YAML 1.2.2, section 7.4); escapes may make it longer than
/// it is.
const LONGEST_IMPLICIT_KEY: usize = 1000;

/// How many columns a value inside another moves to the right.
const INDENT: usize = 2;

/// What a value stands behind.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Nothing: it is the whole text.
    Root,
    /// The colon of its key.
    Key,
    /// The dash of a list.
    Dash,
    /// A tag. What follows in several lines starts on a line of its own.
    Tag,
}

struct Writer {
    text: String,
}

impl Writer {
    /// Writes `value` behind what `place` says, and ends the line. `indent` is the column of what it stands behind.
    fn value(&mut self, value: &Value, indent: usize, place: Place) {
        match value {
            Value::Null => self.word("null", place),
            Value::Bool(true) => self.word("true", place),
            Value::Bool(false) => self.word("false", place),
            Value::Number(Number::Int(number)) => self.word(&number.to_string(), place),
            Value::Number(Number::Float(number)) => self.word(&float(*number), place),
            Value::String(text) => self.string(text, indent, place),
            Value::List(elements) => self.list(elements, indent, place),
            Value::Map(map) => self.map(map, indent, place),
            Value::Intrinsic(intrinsic) => self.intrinsic(intrinsic.function, &intrinsic.argument, indent, place),
        }
    }

    /// Writes what fits on the line, and ends it.
    fn word(&mut self, word: &str, place: Place) {
        self.space(place);
        self.text.push_str(word);
        self.text.push('\n');
    }

    fn space(&mut self, place: Place) {
        if place != Place::Root {
            self.text.push(' ');
        }
    }

    fn indent(&mut self, columns: usize) {
        self.text.extend(std::iter::repeat_n(' ', columns));
    }

    fn string(&mut self, text: &str, indent: usize, place: Place) {
        match style(text) {
            Style::Plain => self.word(text, place),
            Style::Quoted => self.word(&quote(text), place),
            Style::Block => self.block(text, indent, place),
        }
    }

    /// Text of several lines, as it is.
    fn block(&mut self, text: &str, indent: usize, place: Place) {
        let lines = text.strip_suffix('\n').unwrap_or(text);
        let header = match text.strip_suffix('\n') {
            None => "|-",
            Some(rest) if rest.ends_with('\n') => "|+",
            Some(_) => "|",
        };
        self.word(header, place);
        for line in lines.split('\n') {
            if !line.is_empty() {
                self.indent(indent + INDENT);
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }

    /// Starts the elements or members of what stands behind `place`. Gives their column, and whether the first one
    /// goes on in the same line.
    fn open(&mut self, indent: usize, place: Place) -> (usize, bool) {
        match place {
            Place::Root => (indent, true),
            Place::Dash => {
                self.text.push(' ');
                (indent + INDENT, true)
            }
            Place::Key | Place::Tag => {
                self.text.push('\n');
                (indent + INDENT, false)
            }
        }
    }

    fn list(&mut self, elements: &[Value], indent: usize, place: Place) {
        if elements.is_empty() {
            return self.word("[]", place);
        }
        let (column, mut same_line) = self.open(indent, place);
        for element in elements {
            if !same_line {
                self.indent(column);
            }
            same_line = false;
            self.text.push('-');
            self.value(element, column, Place::Dash);
        }
    }

    fn map(&mut self, map: &Map, indent: usize, place: Place) {
        if map.is_empty() {
            return self.word("{}", place);
        }
        let (column, mut same_line) = self.open(indent, place);
        for (key, value) in map.iter() {
            if !same_line {
                self.indent(column);
            }
            same_line = false;
            self.member(key, value, column);
        }
    }

    fn member(&mut self, key: &str, value: &Value, column: usize) {
        let key = if is_plain(key) { key.into() } else { std::borrow::Cow::Owned(quote(key)) };
        if key.chars().count() > LONGEST_IMPLICIT_KEY {
            self.text.push_str("? ");
            self.text.push_str(&key);
            self.text.push('\n');
            self.indent(column);
        } else {
            self.text.push_str(&key);
        }
        self.text.push(':');
        self.value(value, column, Place::Key);
    }

    fn intrinsic(&mut self, function: Function, argument: &Value, indent: usize, place: Place) {
        if let Some(target) = attribute(function, argument) {
            return self.word(&format!("!GetAtt {target}"), place);
        }
        if !has_short_form(function, argument) {
            let (column, same_line) = self.open(indent, place);
            if !same_line {
                self.indent(column);
            }
            return self.member(function.name(), argument, column);
        }
        self.space(place);
        self.text.push('!');
        self.text.push_str(function.tag());
        self.value(argument, indent, Place::Tag);
    }
}

/// Whether `!Function argument` can be written and read as what it is. What stands behind a tag is read as text, a
/// list or a map, and a second tag cannot follow.
fn has_short_form(function: Function, argument: &Value) -> bool {
    SHORT.contains(&function)
        && match argument {
            Value::String(_) => function != Function::GetAtt,
            Value::List(_) => !matches!(function, Function::GetAtt | Function::Ref | Function::Condition),
            _ => false,
        }
}

/// `Resource.Attribute`, when this is a `Fn::GetAtt` that can be written so.
fn attribute(function: Function, argument: &Value) -> Option<String> {
    let [Value::String(resource), Value::String(attribute)] = argument.as_list()? else { return None };
    if function != Function::GetAtt || resource.is_empty() || attribute.is_empty() || resource.contains('.') {
        return None;
    }
    Some(format!("{resource}.{attribute}")).filter(|target| is_plain(target))
}

/// A number with a decimal point and, if it has an exponent, a sign there: YAML 1.1 reads nothing else as one.
fn float(number: f64) -> String {
    if !number.is_finite() {
        return "null".to_owned();
    }
    let shortest = double::written(number);
    let (sign, size) = shortest.strip_prefix('-').map_or(("", shortest.as_str()), |size| ("-", size));
    // Numbers below 0.0001 have an exponent here.
    let (mantissa, exponent) = match (size.split_once('e'), size.strip_prefix("0.0000")) {
        (Some((mantissa, exponent)), _) => (mantissa.to_owned(), exponent),
        (None, Some(digits)) => match digits.split_at_checked(1) {
            Some((first, "")) => (first.to_owned(), "-5"),
            Some((first, rest)) => (format!("{first}.{rest}"), "-5"),
            None => return shortest,
        },
        (None, None) => return shortest,
    };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    format!("{sign}{mantissa}{point}e{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_floats_to_every_reader_of_yaml() {
        assert_eq!(
            [1.0, 0.5, 1e16, 1.5e-9, -1e-5, 1.25e-5, 0.000_125, -1.888_154_589_708_784_6e289].map(float),
            ["1.0", "0.5", "1.0e+16", "1.5e-9", "-1.0e-5", "1.25e-5", "0.000125", "-1.8881545897087847e+289"]
        );
    }

    #[test]
    fn a_function_in_a_function_makes_the_outer_one_long() {
        let inner = Value::sub("${A}");
        assert_eq!(to_yaml(&Value::call(Function::Base64, inner.clone())), "Fn::Base64: !Sub ${A}\n");
        assert_eq!(
            to_yaml(&Value::list([Value::call(Function::ImportValue, inner)])),
            "- Fn::ImportValue: !Sub ${A}\n"
        );
    }

    #[test]
    fn attributes_are_written_with_a_dot() {
        assert_eq!(to_yaml(&Value::attribute("Role", "Arn")), "!GetAtt Role.Arn\n");
        assert_eq!(to_yaml(&Value::attribute("Db", "Endpoint.Port")), "!GetAtt Db.Endpoint.Port\n");
        assert_eq!(to_yaml(&Value::attribute("a.b", "Arn")), "Fn::GetAtt:\n  - a.b\n  - Arn\n");
    }

    #[test]
    fn a_long_key_is_written_as_such() {
        let key = "k".repeat(2000);
        assert_eq!(to_yaml(&Value::map([(key.clone(), 1)])), format!("? {key}\n: 1\n"));
    }
}
