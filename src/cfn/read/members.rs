//! What the readers of both notations do with the members of a map: refuse equal keys, recognise intrinsic functions.

use super::super::ordered::sort_by;
use super::super::{Function, Span, Value};
use super::positions::PositionsBuilder;
use super::{Errors, ReadError, ReadErrorKind, Stop, shown};
use crate::cfn::Gather as _;

/// A key of a map that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// The hash of its text, see [`super::positions::hash`].
    pub hash: u32,
    /// Its place in the positions.
    pub place: u32,
    pub span: Span,
}

/// Up to this many keys are compared each with each; more are sorted first.
const FEW: usize = 16;

/// Refuses keys that are there twice, and notes those that only their text tells apart. `text` gives the text of the
/// key with an index.
#[inline]
pub(super) fn check_keys<'t>(
    keys: &[Key],
    text: impl Fn(usize) -> &'t str,
    positions: &mut PositionsBuilder,
    errors: &mut Errors,
) -> Result<(), Stop> {
    if keys.len() > FEW {
        return check_many_keys(keys, text, positions, errors);
    }
    for (index, key) in keys.iter().enumerate() {
        let mut earlier = keys.iter().enumerate().take(index);
        if let Some(other) = earlier.find(|(_, other)| other.hash == key.hash) {
            same_hash(other, (index, key), &text, positions, errors)?;
        }
    }
    Ok(())
}

fn check_many_keys<'t>(
    keys: &[Key],
    text: impl Fn(usize) -> &'t str,
    positions: &mut PositionsBuilder,
    errors: &mut Errors,
) -> Result<(), Stop> {
    let mut order: Vec<(usize, &Key)> = keys.iter().enumerate().gather();
    // By text only where hashes are equal: no input makes this slower than sorting.
    sort_by(&mut order, |(a, left), (b, right)| {
        left.hash.cmp(&right.hash).then_with(|| text(*a).cmp(text(*b))).then_with(|| a.cmp(b))
    });
    for pair in order.windows(2) {
        if let [earlier, later] = pair
            && earlier.1.hash == later.1.hash
        {
            same_hash(*earlier, *later, &text, positions, errors)?;
        }
    }
    Ok(())
}

#[cold]
fn same_hash<'t>(
    (earlier, first): (usize, &Key),
    (later, second): (usize, &Key),
    text: impl Fn(usize) -> &'t str,
    positions: &mut PositionsBuilder,
    errors: &mut Errors,
) -> Result<(), Stop> {
    if text(earlier) == text(later) {
        return errors.push(duplicate_key(text(later), first.span, second.span));
    }
    positions.distinguish(first.place, text(earlier));
    positions.distinguish(second.place, text(later));
    Ok(())
}

fn duplicate_key(key: &str, first: Span, second: Span) -> ReadError {
    ReadError::new(ReadErrorKind::DuplicateKey, second, format!("the key `{}` is in this map twice", shown(key)))
        .help("remove or rename one of them")
        .related(first, "it is here first")
}

/// The intrinsic function that a map with the one key `name` is; gives the argument back when it is none.
#[inline]
pub(super) fn intrinsic(name: &str, argument: Value) -> Result<Value, Value> {
    if !(name.starts_with("Fn::") || name == "Ref" || name == "Condition") {
        return Err(argument);
    }
    match Function::from_name(name) {
        Some(function) if takes(function, &argument) => Ok(Value::call(function, argument)),
        _ => Err(argument),
    }
}

/// `Ref` and `Condition` are names of ordinary keys too: the functions take a string, and with the language extensions `Ref`
/// takes a function that gives one.
pub(super) fn takes(function: Function, argument: &Value) -> bool {
    match argument {
        Value::String(_) => true,
        Value::Intrinsic(_) => function != Function::Condition,
        _ => !matches!(function, Function::Ref | Function::Condition),
    }
}
