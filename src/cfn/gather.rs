//! Collecting from iterators in little code.

/// What an iterator gives, put into a collection as [`Iterator::collect`] does it.
///
/// The standard library makes a copy of the code that collects for each chain of adapters. In the WASM module a collection
/// is filled by one piece of code per type of element instead, which asks the chain through a pointer.
pub trait Gather: Iterator + Sized {
    /// The collection.
    fn gather<C: FromIterator<Self::Item>>(mut self) -> C {
        if cfg!(target_family = "wasm") { Pulled(&mut self).collect() } else { self.collect() }
    }
}

impl<I: Iterator> Gather for I {}

/// Putting what an iterator gives behind what a list has, as [`Vec::extend`] does it and in as little code as [`Gather`].
pub trait GatherMore<T> {
    /// Adds the elements.
    fn gather_more(&mut self, elements: impl IntoIterator<Item = T>);
}

impl<T> GatherMore<T> for Vec<T> {
    #[inline]
    fn gather_more(&mut self, elements: impl IntoIterator<Item = T>) {
        if cfg!(target_family = "wasm") {
            pull_all(self, &mut elements.into_iter());
        } else {
            self.extend(elements);
        }
    }
}

#[inline(never)]
fn pull_all<T>(list: &mut Vec<T>, source: &mut dyn Source<T>) {
    while let Some(element) = source.pull() {
        list.push(element);
    }
}

/// Where elements come from, whatever chain of adapters it is.
trait Source<T> {
    fn pull(&mut self) -> Option<T>;
}

impl<T, I: Iterator<Item = T>> Source<T> for I {
    fn pull(&mut self) -> Option<T> {
        self.next()
    }
}

struct Pulled<'a, T>(&'a mut dyn Source<T>);

impl<T> Iterator for Pulled<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.pull()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pulled_is_what_is_collected() {
        let mut numbers = (0..9).filter(|number| number % 2 == 0).map(|number| number * 3);
        assert_eq!(Pulled(&mut numbers).collect::<Vec<i32>>(), [0, 6, 12, 18, 24]);
        assert_eq!((0..3).gather::<Vec<i32>>(), [0, 1, 2]);
        let mut all = vec![1];
        pull_all(&mut all, &mut [2, 3].into_iter());
        all.gather_more(Some(4));
        assert_eq!(all, [1, 2, 3, 4]);
        let mut failing = ["1", "x", "3"].iter().map(|text| text.parse::<i32>().ok());
        assert_eq!(Pulled(&mut failing).collect::<Option<Vec<i32>>>(), None);
    }
}
