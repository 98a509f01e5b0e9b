//! What synthesis made, as JSON.

use crate::cfn::{Gather as _, Map, Value};
use crate::engine::{StackSummary, Synthesis};

use super::report::{self, push_text, texts};

/// What synthesis made: what each stack holds; the files of the cloud assembly by name, `null` when there were errors; what
/// each consumer needs to know, as Markdown, by the consumer's name; what is wrong with the spec.
#[must_use]
pub fn answer(synthesis: &Synthesis) -> Map {
    let mut answer = Map::new();
    answer.push("stacks", Value::List(synthesis.stacks.iter().map(stack).gather()));
    let files = synthesis.assembly.as_ref().map(|assembly| Value::Map(texts(&assembly.files)));
    answer.push("files", files.unwrap_or_default());
    answer.push("handOffs", texts(&synthesis.hand_offs));
    answer.push("report", report::answer(&synthesis.report));
    answer
}

/// What a stack holds: its construct ID, its name in CloudFormation, where it goes as far as that is known, the number of
/// resources of each type, and how many resources the longest chain has that must be made one after another.
fn stack(stack: &StackSummary) -> Value {
    let mut answer = Map::new();
    answer.push("id", stack.id.clone());
    answer.push("name", stack.name.clone());
    push_text(&mut answer, "account", stack.account.as_deref());
    push_text(&mut answer, "region", stack.region.as_deref());
    let mut resources = Map::with_capacity(stack.resources.len());
    for (name, count) in &stack.resources {
        resources.push(name.clone(), number(*count));
    }
    answer.push("resources", resources);
    answer.push("longestChain", number(stack.longest_chain));
    answer.into()
}

fn number(count: usize) -> Value {
    Value::from(i64::try_from(count).unwrap_or(i64::MAX))
}
