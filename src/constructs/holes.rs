//! A value as text in which holes stand for what is known at deployment only, so that text can be taken apart and its
//! parts turned back into values.

use crate::cfn::GatherMore as _;
use crate::cfn::{Function, Intrinsic, Map, Value};

/// Text with holes `${0}`, `${1}` …, and what stands in them. Tokens of CDK (`${Token[…]}`) are holes already and stay as
/// they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Holes {
    text: String,
    values: Vec<Value>,
}

impl Holes {
    /// The text that `value` gives: a literal, or literals and unknown parts joined by `Fn::Join` or `Fn::Sub`. Anything
    /// else is one hole.
    pub(super) fn of(value: &Value) -> Self {
        let mut holes = Self::default();
        holes.push(value);
        holes
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What a part of the text stands for.
    pub(super) fn value_of(&self, part: &str) -> Value {
        let mut parts: Vec<Value> = Vec::new();
        for (index, piece) in part.split("${").enumerate() {
            let hole = (index > 0).then(|| piece.split_once('}')).flatten();
            match hole.and_then(|(number, rest)| Some((self.values.get(number.parse::<usize>().ok()?)?, rest))) {
                Some((value, rest)) => parts.gather_more([value.clone(), Value::from(rest.to_owned())]),
                None if index > 0 => parts.push(Value::from(format!("${{{piece}"))),
                None => parts.push(Value::from(piece.to_owned())),
            }
        }
        parts.retain(|part| part.as_str() != Some(""));
        Value::join(parts)
    }

    fn push(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.text.push_str(text),
            Value::Intrinsic(intrinsic) if self.push_join(intrinsic).is_some() => {}
            Value::Intrinsic(intrinsic) if self.push_sub(intrinsic).is_some() => {}
            other => self.push_hole(other.clone()),
        }
    }

    fn push_hole(&mut self, value: Value) {
        self.text.push_str(&format!("${{{}}}", self.values.len()));
        self.values.push(value);
    }

    fn push_join(&mut self, intrinsic: &Intrinsic) -> Option<()> {
        if intrinsic.function != Function::Join {
            return None;
        }
        let [Value::String(delimiter), Value::List(items)] = intrinsic.argument.as_list()? else { return None };
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push_str(delimiter);
            }
            self.push(item);
        }
        Some(())
    }

    fn push_sub(&mut self, intrinsic: &Intrinsic) -> Option<()> {
        if intrinsic.function != Function::Sub {
            return None;
        }
        let none = Map::new();
        let (template, variables) = match &intrinsic.argument {
            Value::String(template) => (template, &none),
            Value::List(parts) => match parts.as_slice() {
                [Value::String(template), Value::Map(variables)] => (template, variables),
                _ => return None,
            },
            _ => return None,
        };
        // `${!Name}` is literal text that looks like a hole, and what is never closed is an error: leave both whole.
        if template.contains("${!") || template.matches("${").count() > template.matches('}').count() {
            return None;
        }
        for (index, piece) in template.split("${").enumerate() {
            match piece.split_once('}') {
                Some((name, rest)) if index > 0 => {
                    self.push(&substituted(name.trim(), variables));
                    self.text.push_str(rest);
                }
                _ => self.text.push_str(piece),
            }
        }
        Some(())
    }
}

/// What `${name}` in a template for `Fn::Sub` stands for.
fn substituted(name: &str, variables: &Map) -> Value {
    if let Some(value) = variables.get(name) {
        return value.clone();
    }
    match name.split_once('.') {
        Some((resource, attribute)) => Value::attribute(resource.to_owned(), attribute.to_owned()),
        None => Value::reference(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region() -> Value {
        Value::reference("AWS::Region")
    }

    #[test]
    fn literal_text_has_no_holes() {
        let holes = Holes::of(&Value::from("a/b:1"));
        assert_eq!(holes.text(), "a/b:1");
        assert_eq!(holes.value_of("b"), Value::from("b"));
    }

    #[test]
    fn a_join_keeps_what_is_literal() {
        let joined = Value::join([Value::from("a."), region(), Value::from(".b")]);
        let holes = Holes::of(&joined);
        assert_eq!(holes.text(), "a.${0}.b");
        assert_eq!(holes.value_of("${0}"), region());
        assert_eq!(holes.value_of("a.${0}.b"), joined);
    }

    #[test]
    fn a_join_with_a_delimiter_and_one_inside_another_are_flattened() {
        let inner = Value::join([Value::from("x"), region()]);
        let list = Value::list([Value::from("a"), inner, Value::from("c")]);
        let joined = Value::call(Function::Join, Value::list([Value::from("/"), list]));
        assert_eq!(Holes::of(&joined).text(), "a/x${0}/c");
    }

    #[test]
    fn a_substitution_is_taken_apart() {
        let holes = Holes::of(&Value::sub("${AWS::AccountId}.dkr.ecr.${AWS::Region}.x/${Repository.Name}:1"));
        assert_eq!(holes.text(), "${0}.dkr.ecr.${1}.x/${2}:1");
        assert_eq!(holes.value_of("${1}"), region());
        assert_eq!(holes.value_of("${2}"), Value::attribute("Repository", "Name"));
    }

    #[test]
    fn variables_of_a_substitution_take_their_place() {
        let variables = Value::map([("Tag", Value::from("1.4.2"))]);
        let sub = Value::call(Function::Sub, Value::list([Value::from("${Name}:${Tag}"), variables]));
        let holes = Holes::of(&sub);
        assert_eq!(holes.text(), "${0}:1.4.2");
        assert_eq!(holes.value_of("${0}"), Value::reference("Name"));
    }

    #[test]
    fn what_cannot_be_taken_apart_is_one_hole() {
        for value in [region(), Value::sub("a${!b}c"), Value::sub("${a"), Value::call(Function::Join, region())] {
            let holes = Holes::of(&value);
            assert_eq!(holes.text(), "${0}");
            assert_eq!(holes.value_of("${0}"), value);
        }
    }

    #[test]
    fn tokens_of_cdk_stay_as_they_are() {
        let holes = Holes::of(&Value::from("${Token[AccountId.4]}.dkr.ecr.eu-west-1.amazonaws.com/a:1"));
        assert_eq!(holes.value_of("${Token[AccountId.4]}"), Value::from("${Token[AccountId.4]}"));
    }
}
