//! Names and ARNs with wildcards and holes, and which of them cover which.

mod attributes;

use std::borrow::Cow;

use super::policy::Truth;
use super::{Attribute, Because, Field, Model, Node, Piece, ResourceId};
use crate::cfn::{Gather as _, GatherMore as _};

/// How many comparisons of two letters one question may take. ARNs have a few hundred letters at most.
const MAX_STEPS: usize = 250_000;

/// A text with wildcards, of which not all may be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern<'a> {
    /// Texts with their wildcards, and holes.
    pieces: Vec<Piece<'a>>,
    /// The attribute with which it begins, and how many pieces stand for that.
    head: Option<(Attribute<'a>, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Char(char),
    /// `?`
    One,
    /// `*`
    Any,
    Hole(Because<'a>),
}

/// The text of a value as a pattern: an ARN that AWS gives at deployment is written out as far as it is known.
#[must_use]
pub fn pattern<'a>(model: &'a Model<'a>, node: &Node<'a>) -> Pattern<'a> {
    let mut pattern = Pattern::default();
    if let Field::Known(text) = node.text() {
        pattern.push(text);
        return pattern;
    }
    for (index, piece) in node.pieces().into_iter().enumerate() {
        match piece {
            Piece::Text(text) => pattern.push(text),
            Piece::Hole(Because::Attribute(attribute)) if index == 0 => {
                pattern = Pattern::of_attribute(model, attribute);
            }
            Piece::Hole(Because::Attribute(attribute)) => {
                pattern.pieces.push(Piece::Hole(Because::Attribute(attributes::as_generated(model, attribute))));
            }
            hole @ Piece::Hole(_) => pattern.pieces.push(hole),
        }
    }
    pattern
}

impl<'a> Pattern<'a> {
    /// A text that is known; `*` and `?` in it are wildcards.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        let mut pattern = Self::default();
        pattern.append(text);
        pattern
    }

    /// What AWS gives as an attribute: an ARN is written out as far as it is known.
    #[must_use]
    pub fn of_attribute(model: &'a Model<'a>, attribute: Attribute<'a>) -> Self {
        let mut pattern = Self::default();
        pattern.attribute(model, attribute);
        pattern.head = Some((attribute, pattern.pieces.len()));
        pattern
    }

    /// Appends a text that is known.
    pub fn append(&mut self, text: &str) {
        self.push(Cow::Owned(text.to_owned()));
    }

    /// Appends another pattern.
    pub fn extend(&mut self, other: &Self) {
        self.pieces.extend_from_slice(&other.pieces);
    }

    /// The resource with an attribute of which it begins.
    #[must_use]
    pub fn of_resource(&self) -> Option<ResourceId> {
        self.head.map(|(attribute, _)| attribute.resource)
    }

    /// The part after the colon with this number, counted from 1; nothing when there are not so many.
    #[must_use]
    pub fn after_colon(&self, number: usize) -> Self {
        let mut after = Self::default();
        let mut missing = number;
        for piece in &self.pieces {
            let Piece::Text(text) = piece else {
                after.pieces.gather_more((missing == 0).then(|| piece.clone()));
                continue;
            };
            let mut rest = text.as_ref();
            while let Some((_, tail)) = rest.split_once(':').filter(|_| missing > 0) {
                missing -= 1;
                rest = tail;
            }
            if missing == 0 {
                after.pieces.push(Piece::Text(Cow::Owned(rest.to_owned())));
            }
        }
        after
    }

    /// The part before the colon with this number, counted from 1. A hole at the beginning counts as an ARN, as long as
    /// `arn_colons` say.
    #[must_use]
    pub fn before_colon(&self, number: usize, arn_colons: usize) -> Self {
        let mut before = Self { pieces: Vec::new(), head: self.head };
        let begins_open = matches!(self.pieces.first(), Some(Piece::Hole(_)));
        let mut missing = number.saturating_sub(if begins_open { arn_colons } else { 0 });
        for piece in &self.pieces {
            let Piece::Text(text) = piece else {
                before.pieces.push(piece.clone());
                continue;
            };
            let colon = text.match_indices(':').nth(missing.saturating_sub(1)).map(|(place, _)| place);
            let inside = colon.and_then(|place| text.get(..place)).unwrap_or(text);
            before.pieces.push(Piece::Text(Cow::Owned(inside.to_owned())));
            if colon.is_some() {
                break;
            }
            missing -= text.matches(':').count();
        }
        before
    }

    /// Everything.
    #[must_use]
    pub fn anything() -> Self {
        Self { pieces: vec![Piece::Text(Cow::Borrowed("*"))], head: None }
    }

    /// Whether it is `*` alone, or several of them.
    #[must_use]
    pub fn is_anything(&self) -> bool {
        let is_wild = |piece: &Piece<'a>| matches!(piece, Piece::Text(text) if text.bytes().all(|byte| byte == b'*'));
        self.pieces.iter().all(is_wild)
            && self.pieces.iter().any(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()))
    }

    /// Whether it may turn out to be `*` alone: a hole that is no pseudo parameter, and nothing else.
    #[must_use]
    pub fn may_be_anything(&self) -> bool {
        let may_be = |piece: &Piece<'a>| match piece {
            Piece::Text(text) => text.bytes().all(|byte| byte == b'*'),
            Piece::Hole(because) => !is_segment(*because),
        };
        self.pieces.iter().all(may_be)
    }

    /// Whether it has a wildcard.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.bytes().any(is_wild)))
    }

    /// Whether it takes texts of any length.
    #[must_use]
    pub fn is_open_ended(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains('*')))
    }

    /// Whether a part of it is not known.
    #[must_use]
    pub fn has_hole(&self) -> bool {
        self.first_hole().is_some()
    }

    fn first_hole(&self) -> Option<Because<'a>> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Hole(because) => Some(*because),
            Piece::Text(_) => None,
        })
    }

    /// What it reads like, with `…` for what is not known.
    #[must_use]
    pub fn shown(&self) -> String {
        let shown = |piece: &Piece<'a>| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Hole(_) => Cow::Borrowed("…"),
        };
        self.pieces.iter().map(shown).gather()
    }

    /// The text, when it is known and has no wildcard.
    fn plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Text(text)] if !self.has_wildcard() => Some(text),
            _ => None,
        }
    }

    /// Whether a text that is known is matched by this.
    #[must_use]
    pub fn covers_text(&self, text: &str, fold: bool) -> Truth<'a> {
        match self.plain() {
            Some(own) if !text.contains(['*', '?', '$']) => {
                Truth::from(if fold { own.eq_ignore_ascii_case(text) } else { own == text })
            }
            _ if self.is_anything() => Truth::Yes,
            _ => self.covers(&Self::literal(text), fold),
        }
    }

    /// Whether everything that `subject` stands for is matched by this: `No` when nothing of it is. `fold` takes capital
    /// letters for small ones.
    #[must_use]
    pub fn covers(&self, subject: &Self, fold: bool) -> Truth<'a> {
        if self.is_anything() {
            return Truth::Yes;
        }
        if subject.is_anything() {
            return Truth::Maybe(self.first_hole());
        }
        if let (Some(one), Some(other)) = (self.plain(), subject.plain()) {
            return Truth::from(if fold { one.eq_ignore_ascii_case(other) } else { one == other });
        }
        let mut skipped = (0, 0);
        if let (Some((one, length)), Some((other, other_length))) = (self.head, subject.head) {
            if one == other {
                skipped = (length, other_length);
            } else if one.resource != other.resource && length > 1 && other_length > 1 {
                return Truth::No;
            }
        }
        let own = self.pieces.get(skipped.0..).unwrap_or_default();
        let others = subject.pieces.get(skipped.1..).unwrap_or_default();
        let alike = alike(own, others);
        compare(Tokens::of(own, alike), Tokens::of(others, alike), fold)
    }

    /// Whether everything that `subject` stands for is matched by this, as far as a look at the beginning tells: this begins as
    /// `subject` does, letter by letter, and ends there or takes whatever follows.
    #[must_use]
    pub fn covers_at_once(&self, subject: &Self) -> bool {
        let alike = alike(&self.pieces, &subject.pieces);
        match (self.pieces.get(alike..), subject.pieces.get(alike..)) {
            (Some([]), Some([])) => true,
            (Some([Piece::Text(own)]), Some(rest)) => own.strip_suffix('*').is_some_and(|start| {
                let follows = || matches!(rest.first(), Some(Piece::Text(text)) if text.starts_with(start));
                start.is_empty() || (!start.bytes().any(is_wild) && follows())
            }),
            _ => false,
        }
    }

    fn push(&mut self, text: Cow<'a, str>) {
        if !text.contains('$') || !text.contains("${") {
            return self.pieces.push(Piece::Text(text));
        }
        let mut rest = text.as_ref();
        // Variables of policies, such as `${aws:PrincipalTag/team}`, are only known when somebody asks.
        while let Some((before, after)) = rest.split_once("${") {
            self.pieces.push(Piece::Text(Cow::Owned(before.to_owned())));
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let pseudo = PSEUDO_PARAMETERS.iter().find(|known| **known == name);
            self.pieces.push(Piece::Hole(Because::Pseudo(pseudo.copied().unwrap_or("a policy variable"))));
            rest = after;
        }
        self.pieces.push(Piece::Text(Cow::Owned(rest.to_owned())));
    }
}

/// A pattern, letter by letter.
#[derive(Clone)]
struct Tokens<'p, 'a> {
    letters: std::str::Chars<'p>,
    pieces: std::slice::Iter<'p, Piece<'a>>,
}

impl<'p, 'a> Tokens<'p, 'a> {
    fn of(pieces: &'p [Piece<'a>], skipped: usize) -> Self {
        match pieces.get(skipped..) {
            Some([Piece::Text(text), rest @ ..]) => Self { letters: text.chars(), pieces: rest.iter() },
            rest => Self { letters: "".chars(), pieces: rest.unwrap_or_default().iter() },
        }
    }

    /// Leaves out what the texts at the beginning of both have alike, up to the first wildcard.
    fn skip_alike(&mut self, other: &mut Tokens<'_, 'a>) {
        let (own, others) = (self.letters.as_str(), other.letters.as_str());
        let pairs = own.bytes().zip(others.bytes());
        let mut alike = pairs.take_while(|(one, other)| one == other && !is_wild(*one)).count();
        while !own.is_char_boundary(alike) {
            alike -= 1;
        }
        self.letters = own.get(alike..).unwrap_or_default().chars();
        other.letters = others.get(alike..).unwrap_or_default().chars();
    }

    /// All that is left, behind what was taken last.
    fn after(self, taken: Option<Token<'a>>) -> Vec<Token<'a>> {
        let bytes = |piece: &Piece<'a>| match piece {
            Piece::Text(text) => text.len(),
            Piece::Hole(_) => 1,
        };
        let most = 1 + self.letters.as_str().len() + self.pieces.clone().map(bytes).sum::<usize>();
        let mut tokens = Vec::with_capacity(most);
        tokens.gather_more(taken.into_iter().chain(self));
        tokens
    }
}

impl<'a> Iterator for Tokens<'_, 'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if let Some(letter) = self.letters.next() {
                return Some(token(letter));
            }
            match self.pieces.next()? {
                Piece::Text(text) => self.letters = text.chars(),
                Piece::Hole(because) => return Some(Token::Hole(*because)),
            }
        }
    }
}

/// With how many pieces both begin that are the same and have no wildcard: most ARNs of an account begin like all others.
fn alike<'a>(one: &[Piece<'a>], other: &[Piece<'a>]) -> usize {
    let is_plain = |piece: &Piece<'a>| !matches!(piece, Piece::Text(text) if text.bytes().any(is_wild));
    one.iter().zip(other).take_while(|(one, other)| one == other && is_plain(one)).count()
}

fn is_wild(byte: u8) -> bool {
    matches!(byte, b'*' | b'?')
}

fn token<'a>(letter: char) -> Token<'a> {
    match letter {
        '*' => Token::Any,
        '?' => Token::One,
        other => Token::Char(other),
    }
}

fn hole<'a>(tokens: &[Token<'a>]) -> Option<Because<'a>> {
    tokens.iter().find_map(|token| match token {
        Token::Hole(because) => Some(*because),
        _ => None,
    })
}

/// Whether a pattern takes the whole text.
fn compare<'a>(mut pattern: Tokens<'_, 'a>, mut text: Tokens<'_, 'a>, fold: bool) -> Truth<'a> {
    pattern.skip_alike(&mut text);
    // What both begin with alike is alike whatever is in its holes.
    let (one, other) = loop {
        match (pattern.next(), text.next()) {
            (Some(Token::Char(one)), Some(Token::Char(other))) if same(one, other, fold) => {}
            (Some(Token::Hole(one)), Some(Token::Hole(other))) if one == other => {}
            // Mostly this settles it.
            (Some(Token::Char(_)), None | Some(Token::Char(_))) | (None, Some(Token::Char(_))) => return Truth::No,
            (None, None) => return Truth::Yes,
            differing => break differing,
        }
    };
    let pattern = pattern.after(one);
    if matches!(pattern.as_slice(), [Token::Any]) {
        return Truth::Yes;
    }
    let text = text.after(other);
    take(&pattern, &text, fold)
}

/// The same for what does not begin alike.
fn take<'a>(pattern: &[Token<'a>], text: &[Token<'a>], fold: bool) -> Truth<'a> {
    if pattern.len().saturating_mul(text.len()) > MAX_STEPS {
        return Truth::Maybe(Some(Because::Limit));
    }
    if matches(pattern, text, fold, takes_surely) {
        Truth::Yes
    } else if matches(pattern, text, fold, takes_perhaps) {
        Truth::Maybe(hole(pattern).or_else(|| hole(text)))
    } else {
        Truth::No
    }
}

/// What stands between two colons of an ARN, as pseudo parameters give it.
const PSEUDO_PARAMETERS: [&str; 3] = ["AWS::Partition", "AWS::Region", "AWS::AccountId"];

/// Whether a hole can hold neither a colon nor a slash.
fn is_segment(because: Because<'_>) -> bool {
    match because {
        Because::Pseudo(name) => PSEUDO_PARAMETERS.contains(&name),
        Because::Attribute(attribute) => attribute.name == attributes::GENERATED,
        _ => false,
    }
}

/// What a token takes of another text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// This token of the text.
    It,
    /// Another token.
    Nothing,
    /// As many tokens of the text as one likes.
    Many,
    /// This token of the text takes as many tokens of the pattern as one likes.
    IsTaken,
    /// Nothing any more: its end is here.
    Ends,
    /// This token of the text ends here.
    IsEnded,
}

/// What a token takes whatever the holes turn out to be.
fn takes_surely(pattern: Token<'_>, text: Token<'_>, fold: bool) -> Takes {
    match (pattern, text) {
        (Token::Any, _) => Takes::Many,
        (Token::One, Token::Char(_) | Token::One) => Takes::It,
        (Token::Hole(one), Token::Hole(other)) if one == other => Takes::It,
        (Token::Char(one), Token::Char(other)) if same(one, other, fold) => Takes::It,
        _ => Takes::Nothing,
    }
}

/// What a token takes if holes turn out right.
fn takes_perhaps(pattern: Token<'_>, text: Token<'_>, fold: bool) -> Takes {
    match (pattern, text) {
        (Token::Hole(because), Token::Char(':' | '/')) if is_segment(because) => Takes::Ends,
        (Token::Char(':' | '/'), Token::Hole(because)) if is_segment(because) => Takes::IsEnded,
        (Token::Any | Token::Hole(_), _) => Takes::Many,
        (_, Token::Any | Token::Hole(_)) => Takes::IsTaken,
        (Token::Char(one), Token::Char(other)) if !same(one, other, fold) => Takes::Nothing,
        _ => Takes::It,
    }
}

fn same(one: char, other: char, fold: bool) -> bool {
    one == other || (fold && one.eq_ignore_ascii_case(&other))
}

/// Whether the pattern takes the whole text: token by token of the pattern, up to which places of the text it may have got.
fn matches<'a>(
    pattern: &[Token<'a>],
    text: &[Token<'a>],
    fold: bool,
    takes: fn(Token<'_>, Token<'_>, bool) -> Takes,
) -> bool {
    let (mut places, mut next) = (vec![0], Vec::new());
    for token in pattern {
        let can_be_empty = takes(*token, Token::Char('\0'), fold) == Takes::Many;
        let mut known = places.iter().copied().peekable();
        // The place behind the last one, when the same token may go on there.
        let mut following: Option<usize> = None;
        while let Some(place) = following.take().or_else(|| known.next()) {
            while known.next_if_eq(&place).is_some() {}
            let taken = text.get(place).map(|letter| takes(*token, *letter, fold));
            let (may_stay, may_go_on, may_repeat) = match taken {
                None => (can_be_empty, false, false),
                Some(Takes::It) => (false, true, false),
                Some(Takes::Nothing) => (false, false, false),
                Some(Takes::Ends) => (true, false, false),
                Some(Takes::IsEnded) => (false, false, true),
                Some(Takes::Many | Takes::IsTaken) => (true, true, true),
            };
            if may_stay && next.last() != Some(&place) {
                next.push(place);
            }
            if may_go_on {
                next.push(place + 1);
            }
            following = may_repeat.then_some(place + 1);
        }
        std::mem::swap(&mut places, &mut next);
        next.clear();
    }
    // After the end of the pattern the text must be over, or consist of what may be empty.
    let may_be_empty = |letter: &&Token<'a>| takes(Token::Char('\0'), **letter, fold) == Takes::IsTaken;
    let rest = text.iter().rev().take_while(may_be_empty).count();
    places.last().is_some_and(|place| place + rest >= text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn covers(pattern: &str, text: &str) -> Truth<'static> {
        Pattern::literal(pattern).covers(&Pattern::literal(text), true)
    }

    #[test]
    fn wildcards_cover_what_they_stand_for() {
        for (pattern, text) in [
            ("*", "anything"),
            ("ecr:*", "ECR:BatchGetImage"),
            ("ecr:Get*Token", "ecr:GetAuthorizationToken"),
            ("arn:aws:s3:::prod-?/*", "arn:aws:s3:::prod-1/key"),
            ("arn:aws:s3:::prod-*", "arn:aws:s3:::prod-1-*"),
            ("prod-é?", "prod-éx"),
            ("", ""),
        ] {
            assert_eq!(covers(pattern, text), Truth::Yes, "{pattern} {text}");
        }
        for (pattern, text) in [("ecr:*", "ecs:RunTask"), ("a?", "a"), ("a", ""), ("", "a"), ("a*b", "a*c"), ("é", "è")]
        {
            assert_eq!(covers(pattern, text), Truth::No, "{pattern} {text}");
        }
    }

    #[test]
    fn a_part_and_what_is_not_known_may_be_covered() {
        assert_eq!(covers("arn:aws:s3:::prod-1", "arn:aws:s3:::prod-*"), Truth::Maybe(None));
        let because = Because::Pseudo("a policy variable");
        assert_eq!(covers("home/${aws:username}/x", "home/ann/x"), Truth::Maybe(Some(because)));
        assert_eq!(covers("home/${aws:username}/x", "root/ann/x"), Truth::No);
        assert_eq!(covers("home/${aws:username}/x", "home/${aws:username}/x"), Truth::Yes);
    }

    #[test]
    fn pseudo_parameters_stay_between_colons() {
        let pattern = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/audit";
        assert_eq!(
            covers(pattern, "arn:*:logs:*:*:log-group:/audit"),
            Truth::Maybe(Some(Because::Pseudo("AWS::Partition")))
        );
        assert_eq!(covers(pattern, "arn:aws:logs:eu-west-1:111122223333:log-group:/api*"), Truth::No);
        let group = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/api*";
        assert_eq!(covers(pattern, group), Truth::No);
    }

    #[test]
    fn generated_names_have_no_slash() {
        let attribute = Attribute { resource: ResourceId { template: 0, resource: 0 }, name: attributes::GENERATED };
        let mut named = Pattern::literal("secret:");
        named.pieces.push(Piece::Hole(Because::Attribute(attribute)));
        named.append("-AbCdEf");
        for (pattern, is_covered) in [("secret:till/*", false), ("secret:till-*", true), ("secret:*", true)] {
            assert_eq!(!Pattern::literal(pattern).covers(&named, true).is_no(), is_covered, "{pattern}");
        }
    }

    #[test]
    fn what_would_take_too_long_is_not_known() {
        let long = "a*".repeat(1000);
        assert_eq!(covers(&long, &long), Truth::Maybe(Some(Because::Limit)));
    }

    /// The plainest way to say it.
    fn oracle(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            ([b'*', rest @ ..], text) => (0..=text.len()).any(|taken| oracle(rest, &text[taken..])),
            ([b'?', rest @ ..], [_, text @ ..]) => oracle(rest, text),
            ([one, rest @ ..], [other, text @ ..]) if one == other => oracle(rest, text),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn a_text_without_wildcards_is_covered_as_the_oracle_says(pattern in "[ab*?]{0,7}", text in "[ab]{0,7}") {
            let expected = Truth::from(oracle(pattern.as_bytes(), text.as_bytes()));
            prop_assert_eq!(covers(&pattern, &text), expected);
        }

        #[test]
        fn what_is_covered_at_once_is_covered(pattern in "[a:$*?]{0,4}(\\$\\{AWS::Region\\})?[a:*?]{0,3}", text in "[a:*?]{0,3}(\\$\\{AWS::Region\\})?[a:*]{0,3}") {
            let (pattern, text) = (Pattern::literal(&pattern), Pattern::literal(&text));
            if pattern.covers_at_once(&text) {
                prop_assert_eq!(pattern.covers(&text, false), Truth::Yes);
            }
        }

        #[test]
        fn what_covers_a_pattern_covers_whatever_that_covers(
            outer in "[ab*?]{0,5}",
            inner in "[ab*?]{0,5}",
            text in "[ab]{0,5}",
        ) {
            let is_inside = covers(&inner, &text).is_yes();
            match covers(&outer, &inner) {
                Truth::Yes => prop_assert!(!is_inside || covers(&outer, &text).is_yes()),
                Truth::No => prop_assert!(!is_inside || covers(&outer, &text).is_no()),
                Truth::Maybe(_) => {}
            }
        }
    }
}
