//! The ways that were found open last.

use super::{Party, Traffic};

/// How many are remembered: from the zones of one service to all zones of what stands in the same groups.
const MAX_WAYS: usize = 16;

/// Ways between two parties of a VPC that let everything pass. Who is at the ends does not matter to that, only where they are
/// and in which groups: the endpoints of a VPC are mostly in the same ones, and health checks go the way of what clients send.
#[derive(Debug, Default)]
pub(super) struct OpenWays<'a> {
    ways: Vec<(Traffic, Party<'a>, Party<'a>)>,
    /// The place of the oldest one, when there is no room for more.
    oldest: usize,
}

impl<'a> OpenWays<'a> {
    /// Whether the way is known to be open.
    pub(super) fn has(&self, from: &Party<'a>, to: &Party<'a>, traffic: Traffic) -> bool {
        self.ways.iter().any(|(known, one, other)| *known == traffic && one.is_like(from) && other.is_like(to))
    }

    /// Remembers an open way in place of the oldest.
    pub(super) fn add(&mut self, from: &Party<'a>, to: &Party<'a>, traffic: Traffic) {
        let way = (traffic, from.clone(), to.clone());
        match self.ways.get_mut(self.oldest) {
            Some(place) => *place = way,
            None => self.ways.push(way),
        }
        self.oldest = (self.oldest + 1) % MAX_WAYS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ways_are_remembered_whoever_goes_them() {
        let mut ways = OpenWays::default();
        let to = Party::elsewhere();
        let traffic = |number: usize| Traffic::tcp(u16::try_from(number).unwrap());
        for number in 0..3 * MAX_WAYS {
            ways.add(&Party::internet(), &to, traffic(number));
            for earlier in 0..=number {
                let is_kept = ways.has(&Party::internet(), &to, traffic(earlier));
                assert_eq!(is_kept, earlier + MAX_WAYS > number, "{earlier} of {number}");
            }
        }
        let last = traffic(3 * MAX_WAYS - 1);
        let somebody = crate::model::ResourceId { template: 0, resource: 7 };
        assert!(ways.has(&Party { resource: Some(somebody), ..Party::internet() }, &to, last));
        assert!(!ways.has(&Party::internet(), &Party::internet(), last));
        assert!(!ways.has(&to, &to, last));
    }
}
