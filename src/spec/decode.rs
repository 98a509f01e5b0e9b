//! From the values that a reader found to the types of the spec, with every mistake collected.

use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{Map, Value};
use crate::diagnostics::{Code, Pointer, codes};

use super::mending::{is_token, meant, mending, shown};
use super::shape::{Field, Shape, StructShape};

/// A type that stands in a spec.
pub trait SpecType: Sized {
    /// What its values look like.
    fn shape() -> Shape;

    /// Reads a value. What is wrong goes to `reader`; nothing comes back when no sensible value can be made of it.
    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self>;

    /// The value that reads as `self`.
    fn encode(&self) -> Value;
}

/// A place for a value that is read, whatever its type.
pub(super) trait Slot {
    /// What its values look like.
    fn shape(&self) -> Shape;

    /// Reads a value, and keeps what was there when no sense can be made of it.
    fn read(&mut self, value: &Value, reader: &mut Decoder);
}

impl<T: SpecType> Slot for T {
    fn shape(&self) -> Shape {
        T::shape()
    }

    fn read(&mut self, value: &Value, reader: &mut Decoder) {
        if let Some(decoded) = T::decode(value, reader) {
            *self = decoded;
        }
    }
}

/// A member of a map with known keys while it is read.
pub(super) struct Member<'a> {
    /// Whether it must be given.
    pub(super) required: bool,
    /// Where it goes.
    pub(super) slot: &'a mut dyn Slot,
}

/// A mistake in a spec and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// Which kind of mistake.
    pub code: Code,
    /// Where it is.
    pub pointer: Pointer,
    /// Whether the key at the pointer is meant, rather than its value.
    pub on_key: bool,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// The value that is meant, when there is no doubt about it.
    pub meant: Option<Value>,
    /// The key that is probably meant.
    pub meant_key: Option<&'static str>,
}

/// Where the reading is, and what was wrong so far.
#[derive(Debug, Default)]
pub struct Decoder {
    pointer: Pointer,
    mistakes: Vec<Mistake>,
    /// The members that were probably meant by unknown keys: they are not reported as missing too.
    meant: Vec<(Pointer, &'static str)>,
    /// Where values are that are known at deployment only.
    tokens: Vec<Pointer>,
}

impl Decoder {
    /// Reads `value` as a `T` and gives all mistakes with it.
    pub fn read<T: SpecType>(value: &Value) -> (Option<T>, Vec<Mistake>) {
        let mut decoder = Self::default();
        let decoded = T::decode(value, &mut decoder);
        (decoded, decoder.mistakes)
    }

    /// Reads `value` as a `T`, and says too where in it values are known at deployment only.
    pub fn read_with_tokens<T: SpecType>(value: &Value) -> (Option<T>, Vec<Mistake>, Vec<Pointer>) {
        let mut decoder = Self::default();
        let decoded = T::decode(value, &mut decoder);
        (decoded, decoder.mistakes, decoder.tokens)
    }

    /// Reads a map whose members belong to an `A`, apart from some more that belong to a `B`; says too where in it values are
    /// known at deployment only.
    pub fn read_both<A: SpecType, B: SpecType>(value: &Value) -> (Option<(A, B)>, Vec<Mistake>, Vec<Pointer>) {
        let mut decoder = Self::default();
        let (main, more) = parted(value, &A::shape(), &B::shape());
        let decoded = A::decode(&main, &mut decoder).zip(B::decode(&more, &mut decoder));
        (decoded, decoder.mistakes, decoder.tokens)
    }

    /// The value, when it is known at deployment only.
    pub(super) fn token(&mut self, value: &Value) -> Option<Value> {
        is_token(value).then(|| {
            self.tokens.push(self.pointer.clone());
            value.clone()
        })
    }

    /// Reports a mistake in the value that is being read.
    pub fn report(&mut self, code: Code, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.push(code, false, message.into(), help.into());
    }

    /// Reports a mistake in the key under which the value stands that is being read.
    pub fn report_key(&mut self, code: Code, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.push(code, true, message.into(), help.into());
    }

    fn push(&mut self, code: Code, on_key: bool, message: String, help: Option<String>) {
        let pointer = self.pointer.clone();
        self.mistakes.push(Mistake { code, pointer, on_key, message, help, meant: None, meant_key: None });
    }

    /// Whether an unknown key of the map that is being read probably means the member `key`.
    #[must_use]
    pub fn is_meant(&self, key: &str) -> bool {
        self.meant.iter().any(|(pointer, meant)| *meant == key && *pointer == self.pointer)
    }

    /// Reports that the value is of the wrong kind.
    pub fn wrong_kind(&mut self, value: &Value, shape: &Shape) {
        let message = format!("expected {}, found {}", shape.describe(), shown(value));
        self.report(codes::WRONG_KIND, message, mending(value, shape));
        if let Some(mistake) = self.mistakes.last_mut() {
            mistake.meant = meant(value, shape);
        }
    }

    /// Reads the member `step` of the value at hand.
    pub fn within<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.pointer.push(step);
        let result = read(self);
        self.pointer.pop();
        result
    }

    /// The map in `value`, after reporting every key that `shape` does not have.
    pub fn map<'a>(&mut self, value: &'a Value, shape: &'static StructShape) -> Option<&'a Map> {
        let Some(map) = value.as_map() else {
            self.wrong_kind(value, &Shape::Struct(shape));
            return None;
        };
        for key in map.keys().filter(|key| !shape.keys.contains(&key.as_ref())) {
            self.unknown_key(key, shape.keys);
        }
        Some(map)
    }

    /// The map in `value`, whatever its keys are.
    pub(super) fn any_map<'a>(&mut self, value: &'a Value, shape: fn() -> Shape) -> Option<&'a Map> {
        let map = value.as_map();
        if map.is_none() {
            self.wrong_kind(value, &shape());
        }
        map
    }

    fn unknown_key(&mut self, key: &str, known: &[&'static str]) {
        let near = closest(key, known.iter().copied());
        self.meant.gather_more(near.map(|near| (self.pointer.clone(), near)));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys here are {}", quoted(known)),
        };
        self.within(key, |reader| reader.report_key(codes::UNKNOWN_KEY, format!("unknown key `{key}`"), help));
        if let Some(mistake) = self.mistakes.last_mut() {
            mistake.meant_key = near;
        }
    }

    /// Reads the members of a map into `slots`, which stand in the order of the keys of `shape`. A slot holds the default and
    /// keeps it when the member is left out (or `null`), or when no sense can be made of it: the rest of the spec is judged
    /// all the same. Says whether there was a map at all.
    ///
    /// One loop over slots, rather than code per member, keeps the code of large types small.
    pub(super) fn fill(&mut self, value: &Value, shape: &'static StructShape, slots: &mut [Member<'_>]) -> bool {
        let Some(map) = self.map(value, shape) else { return false };
        for (key, member) in shape.keys.iter().zip(slots) {
            let Some(value) = self.member(map, key, member) else { continue };
            self.pointer.push(*key);
            member.slot.read(value, self);
            self.pointer.pop();
        }
        true
    }

    /// The value of the member `key`, unless it is left out (or `null`), which is a mistake when it is required.
    fn member<'a>(&mut self, map: &'a Map, key: &'static str, member: &Member<'_>) -> Option<&'a Value> {
        let value = map.get(key).filter(|value| **value != Value::Null);
        if value.is_none() && member.required && !self.is_meant(key) {
            let help = format!("add `{key}`: {}", member.slot.shape().describe());
            self.report(codes::MISSING_KEY, format!("`{key}` is missing"), Some(help));
        }
        value
    }
}

/// The members of a map that belong to one type, and those that belong to another: by their keys, or by what the keys are
/// nearest to.
fn parted(value: &Value, main: &Shape, more: &Shape) -> (Value, Value) {
    let (Value::Map(members), Shape::Struct(main), Shape::Struct(more)) = (value, main, more) else {
        return (value.clone(), Map::new().into());
    };
    let (mut ours, mut theirs) = (Map::new(), Map::new());
    for (key, member) in members.iter() {
        let near = |shape: &StructShape| closest(key, shape.keys.iter().copied()).is_some();
        let is_more = more.keys.contains(&key.as_ref()) || !near(main) && near(more);
        let part = if is_more { &mut theirs } else { &mut ours };
        part.push(key.clone(), member.clone());
    }
    (ours.into(), theirs.into())
}

/// Adds a member to a map, unless there is nothing to say about it.
pub(crate) fn push_member(map: &mut Map, key: &'static str, value: Value) {
    if value != Value::Null {
        map.push(key, value);
    }
}

/// The known word that is nearest to `word`, when one is near enough to be meant.
#[must_use]
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR_ENOUGH: f64 = 0.8;
    let lower = word.to_ascii_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&lower, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(score, _)| *score >= NEAR_ENOUGH)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}

/// Words in backticks with commas between them.
#[must_use]
pub fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).gather();
    words.join(", ")
}

impl Field {
    /// Describes a member for the schema: the default is what leaving it out gives.
    #[must_use]
    pub fn new<T: SpecType>(key: &'static str, doc: &'static str, default: Option<fn() -> T>) -> Self {
        Self { key, doc, shape: T::shape(), default: default.map(|default| default().encode()) }
    }
}
