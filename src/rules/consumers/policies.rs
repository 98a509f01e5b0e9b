//! What rules ask of the policies of endpoints.

use crate::model::policy::{Caller, PolicyDocument, Statement};
use crate::model::{Field, Node};

/// How deep values in a policy are looked into.
const MAX_DEPTH: u8 = 32;

/// The place of a statement that allows everybody everything: all actions, or all of a service.
pub(super) fn is_full_access(document: &PolicyDocument<'_>, iam_prefix: &str) -> Option<String> {
    let denies = document.known_statements().any(|statement| !statement.allows.is_yes());
    let open = document.known_statements().find(|statement| allows_all(statement, iam_prefix));
    open.filter(|_| !denies).map(|statement| statement.place.clone())
}

fn allows_all(statement: &Statement<'_>, iam_prefix: &str) -> bool {
    let is_all = |action: &str| {
        action == "*" || action.strip_suffix(":*").is_some_and(|prefix| prefix.eq_ignore_ascii_case(iam_prefix))
    };
    statement.allows.is_yes()
        && statement.is_unconditional()
        && statement.is_about_caller(Caller::Somebody).is_yes()
        && statement.actions.listed().iter().any(|(_, action)| is_all(&action.shown()))
        && statement.resources.listed().iter().any(|(_, resource)| resource.is_anything())
}

/// How many characters a policy has at the least, written as JSON without white space; what is not known counts for
/// nothing.
pub(super) fn least_length(policy: &Node<'_>) -> usize {
    match policy.text() {
        // A policy that is written as text is taken as it is.
        Field::Known(text) => text.chars().count(),
        _ => length(policy, 0),
    }
}

fn length(node: &Node<'_>, depth: u8) -> usize {
    const QUOTES: usize = 2;
    if depth > MAX_DEPTH {
        return 0;
    }
    if node.is_list() {
        let lengths = node.known_items();
        return lengths.iter().map(|item| length(item, depth + 1) + 1).sum::<usize>().max(1) + 1;
    }
    match node.entries() {
        Field::Known(entries) => {
            let lengths =
                entries.iter().map(|(key, value)| key.chars().count() + QUOTES + length(value, depth + 1) + 2);
            lengths.sum::<usize>().max(1) + 1
        }
        _ => {
            let text = node.pieces().into_iter().map(|piece| match piece {
                crate::model::Piece::Text(text) => text.chars().count(),
                crate::model::Piece::Hole(_) => 0,
            });
            text.sum::<usize>() + QUOTES
        }
    }
}
