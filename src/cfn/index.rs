//! Where things are in a list, by a hash: for lists that are long or asked often. Nobody goes through an index, so that no
//! answer depends on the order in it.

/// The places of things in a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// A power of two of slots, at most half of them used: hash and place.
    slots: Vec<Option<(u32, u32)>>,
    used: usize,
}

impl Index {
    /// The place of the thing with this hash for which `is_it` is true of its place.
    pub(crate) fn find(&self, hash: u32, is_it: &mut dyn FnMut(u32) -> bool) -> Option<u32> {
        let (before, after) = self.slots.split_at_checked(self.slot(hash))?;
        let mut slots = after.iter().chain(before).map_while(|slot| *slot);
        slots.find(|(known, place)| *known == hash && is_it(*place)).map(|(_, place)| place)
    }

    /// Adds a thing at a place.
    pub(crate) fn insert(&mut self, hash: u32, place: u32) {
        if (self.used + 1) * 2 > self.slots.len() {
            let longer = vec![None; (self.slots.len() * 2).max(16)];
            for (hash, place) in std::mem::replace(&mut self.slots, longer).into_iter().flatten() {
                self.put(hash, place);
            }
        }
        self.used += 1;
        self.put(hash, place);
    }

    fn slot(&self, hash: u32) -> usize {
        (hash as usize) & self.slots.len().wrapping_sub(1)
    }

    fn put(&mut self, hash: u32, place: u32) {
        let first = self.slot(hash);
        let Some((before, after)) = self.slots.split_at_mut_checked(first) else { return };
        if let Some(slot) = after.iter_mut().chain(before).find(|slot| slot.is_none()) {
            *slot = Some((hash, place));
        }
    }
}

/// A hash of a text: quick, and the same everywhere.
#[inline]
pub(crate) const fn hash(text: &str) -> u32 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let bytes = text.as_bytes();
    let mut state = bytes.len() as u64;
    let mut rest = bytes;
    while let Some((chunk, behind)) = rest.split_first_chunk::<8>() {
        state = (state.rotate_left(5) ^ u64::from_le_bytes(*chunk)).wrapping_mul(MULTIPLIER);
        rest = behind;
    }
    state = (state.rotate_left(5) ^ end_of(bytes)).wrapping_mul(MULTIPLIER);
    (state >> 32) as u32
}

/// The last eight bytes, or all of fewer. Some of them may be in it twice: taking several at once is what counts.
#[inline]
const fn end_of(bytes: &[u8]) -> u64 {
    match (bytes.last_chunk::<8>(), bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(last), ..) => u64::from_le_bytes(*last),
        (_, Some(first), Some(last)) => (u32::from_le_bytes(*first) as u64) << 32 | u32::from_le_bytes(*last) as u64,
        _ => match *bytes {
            [one] => one as u64,
            [one, two] => (one as u64) << 8 | two as u64,
            [one, two, three] => (one as u64) << 16 | (two as u64) << 8 | three as u64,
            _ => 0,
        },
    }
}

/// A hash of a number.
pub(crate) const fn hash_of_number(number: u64) -> u32 {
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_at_its_place_even_where_hashes_are_equal() {
        let mut index = Index::default();
        let hashes: Vec<u32> = (0..1_000).map(|number| hash_of_number(number % 700)).collect();
        for (place, hash) in (0..).zip(&hashes) {
            assert_eq!(index.find(*hash, &mut |known| known == place), None);
            index.insert(*hash, place);
        }
        for (place, hash) in (0..).zip(&hashes) {
            assert_eq!(index.find(*hash, &mut |known| known == place), Some(place));
        }
        assert_eq!(index.find(hash("nowhere"), &mut |_| false), None);
    }
}
