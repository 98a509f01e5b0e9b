//! What was worked out once, to be given again.

use std::cell::RefCell;

use super::ResourceId;
use crate::cfn::index::{Index, hash_of_number};

/// Values under numbers, each made when it is asked for first.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    index: RefCell<Index>,
    numbers: RefCell<Vec<u64>>,
    values: RefCell<Vec<T>>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { index: RefCell::default(), numbers: RefCell::default(), values: RefCell::default() }
    }
}

impl<T> Kept<T> {
    fn place(&self, number: u64) -> Option<usize> {
        let numbers = self.numbers.borrow();
        let mut is_it = |place| usize::try_from(place).is_ok_and(|place| numbers.get(place) == Some(&number));
        usize::try_from(self.index.borrow().find(hash_of_number(number), &mut is_it)?).ok()
    }
}

impl<T: Clone> Kept<T> {
    /// The value under a number. Making it may ask for others.
    pub(crate) fn get_or(&self, number: u64, make: impl FnOnce() -> T) -> T {
        let known = self.place(number).and_then(|place| self.values.borrow().get(place).cloned());
        known.unwrap_or_else(|| {
            let value = make();
            let mut numbers = self.numbers.borrow_mut();
            if let Ok(place) = u32::try_from(numbers.len()) {
                self.index.borrow_mut().insert(hash_of_number(number), place);
                numbers.push(number);
                self.values.borrow_mut().push(value.clone());
            }
            value
        })
    }
}

/// A resource as a number.
pub(crate) fn number_of(id: ResourceId) -> u64 {
    (u64::from(id.template) << 32) | u64::from(id.resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_made_once_and_found_again() {
        let kept = Kept::default();
        for round in 0..2 {
            for key in (0..1_000).chain([u64::MAX, 1 << 32, 1 << 63]) {
                let value = kept.get_or(key, || {
                    assert_eq!(round, 0, "{key} is known");
                    key.wrapping_add(1)
                });
                assert_eq!(value, key.wrapping_add(1));
            }
        }
    }

    #[test]
    fn making_a_value_may_ask_for_another() {
        let kept = Kept::default();
        assert_eq!(kept.get_or(1, || kept.get_or(2, || 20) + 1), 21);
        assert_eq!(kept.get_or(2, || 0), 20);
    }
}
