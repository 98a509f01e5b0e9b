//! Conditions, while their worlds are being worked out.

use super::evaluation::equal_literals;
use super::world::Variable;
use super::{Because, Evaluation, Field, Node};
use crate::cfn::{Function, Value};

/// Whether the condition with this name holds, when it is known.
pub(super) fn named<'a>(evaluation: &'a Evaluation<'a>, template: u32, name: &str) -> Option<bool> {
    let content = evaluation.app().template(template)?;
    let (_, value) = content.conditions().get(content.condition_index(name)?)?;
    holds(evaluation, template, value)
}

/// Whether a condition holds: by three-valued logic, so that one side may settle what the other leaves open.
pub(super) fn holds<'a>(evaluation: &'a Evaluation<'a>, template: u32, value: &'a Value) -> Option<bool> {
    let Value::Intrinsic(intrinsic) = value else { return value.as_bool() };
    let arguments = intrinsic.argument.as_list().unwrap_or_default();
    let mut parts = arguments.iter().map(|part| holds(evaluation, template, part));
    match (intrinsic.function, arguments) {
        (Function::Condition, _) => evaluation.holds(template, intrinsic.argument.as_str()?),
        (Function::Not, [_]) => parts.next().flatten().map(|held| !held),
        (Function::And, _) => all(parts, true),
        (Function::Or, _) => all(parts, false),
        (Function::Equals, [one, other]) => {
            evaluation.world().truth_of_atom(template, value).or_else(|| equal(evaluation, template, one, other))
        }
        _ => evaluation.world().truth_of_atom(template, value),
    }
}

/// `wanted` when all parts are so, the opposite when one part is the opposite.
fn all(parts: impl Iterator<Item = Option<bool>>, wanted: bool) -> Option<bool> {
    let mut result = Some(wanted);
    for part in parts {
        match part {
            Some(held) if held == wanted => {}
            Some(_) => return Some(!wanted),
            None => result = None,
        }
    }
    result
}

/// Whether two values are equal, when both are known.
fn equal<'a>(evaluation: &'a Evaluation<'a>, template: u32, one: &'a Value, other: &'a Value) -> Option<bool> {
    if one == other {
        return Some(true);
    }
    let (left, right) = (evaluation.node(template, one), evaluation.node(template, other));
    if let (Some(left), Some(right)) = (left.written(), right.written())
        && !matches!(left, Value::List(_) | Value::Map(_))
    {
        return Some(equal_literals(left, right));
    }
    match (left.text(), right.text()) {
        (Field::Known(left), Field::Known(right)) => Some(left == right),
        // A parameter that is none of the literals with which it is compared.
        (Field::Known(_), _) if is_another_value(evaluation, template, &right) => Some(false),
        (_, Field::Known(_)) if is_another_value(evaluation, template, &left) => Some(false),
        _ => None,
    }
}

/// Whether the world says of a value that it is none of those with which it is compared.
fn is_another_value<'a>(evaluation: &'a Evaluation<'a>, template: u32, node: &Node<'a>) -> bool {
    let variable = match node.because() {
        Some(Because::Parameter { template, name }) => Variable::Parameter { template, name },
        Some(Because::Pseudo(name)) => Variable::Pseudo { template, name },
        _ => return false,
    };
    evaluation.world().value_of(&variable) == Some(None)
}
