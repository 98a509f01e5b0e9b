//! A map that keeps the order in which its keys were written.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Text, Value};

/// Keys and values in the order in which they were written, so that what is read is written back alike.
///
/// Look-ups are linear: the maps of a template are small. Whoever looks many keys up in a big one (the resources of
/// a template) builds an index of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    entries: Vec<(Text, Value)>,
}

impl Map {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// An empty map with room for `capacity` entries.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { entries: Vec::with_capacity(capacity) }
    }

    /// A map of these entries, in their order, for readers that have refused duplicates themselves.
    pub(crate) const fn from_entries(entries: Vec<(Text, Value)>) -> Self {
        Self { entries }
    }

    /// Appends an entry without looking whether the key is there already: for readers that refuse duplicates
    /// themselves and for builders that write each key once.
    #[inline]
    pub fn push(&mut self, key: impl Into<Text>, value: impl Into<Value>) {
        self.append(key.into(), value.into());
    }

    #[inline(never)]
    fn append(&mut self, key: Text, value: Value) {
        self.entries.push((key, value));
    }

    /// Sets the value of `key`: in its place when it is there already, otherwise at the end.
    #[inline]
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Value>) {
        self.put(key.into(), value.into());
    }

    #[inline(never)]
    fn put(&mut self, key: Text, value: Value) {
        match self.get_mut(&key) {
            Some(place) => *place = value,
            None => self.append(key, value),
        }
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value of `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Takes `key` out and gives its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let index = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.remove(index).1)
    }

    /// Whether `key` is there.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Value)> + DoubleEndedIterator {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// The entries in order, values to change.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&Text, &mut Value)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Text> {
        self.entries.iter().map(|(key, _)| key)
    }
}

impl FromIterator<(Text, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.put(key, value);
        }
        map
    }
}

impl IntoIterator for Map {
    type Item = (Text, Value);
    type IntoIter = std::vec::IntoIter<(Text, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
