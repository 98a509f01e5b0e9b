//! Holes in text: `${…}`, where a pseudo parameter, a reference inside `Fn::Sub` or a token of CDK stands for something
//! that is not known yet. What is inside a hole is never read.

/// Whether `text` has a hole.
#[must_use]
pub fn has_hole(text: &str) -> bool {
    text.contains("${")
}

/// A hole that is never closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenHole;

/// Where, outside holes, the characters are that `wanted` accepts: byte offsets from left to right.
pub(super) fn positions(text: &str, wanted: fn(char) -> bool) -> Result<Vec<usize>, OpenHole> {
    let mut depth = 0_usize;
    let mut before = None;
    let mut found = Vec::new();
    for (index, character) in text.char_indices() {
        match character {
            '{' if before == Some('$') => depth += 1,
            '}' if depth > 0 => depth -= 1,
            other if depth == 0 && wanted(other) => found.push(index),
            _ => {}
        }
        before = Some(character);
    }
    if depth > 0 { Err(OpenHole) } else { Ok(found) }
}

/// What stands before and after the one-byte character at `position`.
pub(super) fn split_around(text: &str, position: usize) -> (&str, &str) {
    let (before, after) = text.split_at_checked(position).unwrap_or((text, ""));
    let mut rest = after.chars();
    rest.next();
    (before, rest.as_str())
}

/// The pieces of `text` between the characters that `wanted` accepts, outside holes; these are one byte long.
pub(super) fn split(text: &str, wanted: fn(char) -> bool) -> Result<Vec<&str>, OpenHole> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut start = 0;
    for position in positions(text, wanted)? {
        let (piece, after) = split_around(rest, position - start);
        pieces.push(piece);
        rest = after;
        start = position + 1;
    }
    pieces.push(rest);
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_a_hole_does_not_count() {
        assert_eq!(
            split("${Token[AWS.AccountId.4]}.dkr.ecr", |character| character == '.').unwrap(),
            ["${Token[AWS.AccountId.4]}", "dkr", "ecr"]
        );
        assert_eq!(positions("${a:b}:c", |character| character == ':').unwrap(), [6]);
        assert!(positions("${a", |_| true).is_err());
        assert_eq!(split("", |character| character == '.').unwrap(), [""]);
    }
}
