//! From the internet to tasks (R5 to R7, F1).

use super::routes::Target;
use super::{Answer, Blocker, Cause, Direction, Doubt, End, Family, Party, Path, Reach, Reason, Traffic};

impl<'a> Reach<'a> {
    /// Whether anybody on the internet reaches something on its own public address: admitted when somebody surely does.
    /// Both ways count: what arrives and is never answered is unknown.
    #[must_use]
    pub fn from_internet(&self, to: &Party<'a>, traffic: Traffic) -> Answer<'a> {
        let from = Party::internet();
        let asked = traffic.headers(&from, to);
        let mut path = Path::new(asked.clone());
        self.acl_steps(&from, to, &asked).into_iter().for_each(|step| path.step(step));
        path.step(self.groups_step(to, Direction::In, &asked, &from));
        path.leak().and(self.is_addressed(to, traffic.family))
    }

    /// Whether somebody on the internet surely reaches something on its own public address.
    #[must_use]
    pub fn is_open_to_internet(&self, to: &Party<'a>, traffic: Traffic) -> bool {
        self.is_addressed(to, traffic.family).is_admitted() && self.from_internet(to, traffic).is_admitted()
    }

    /// Whether packets from the internet are delivered to something, and its replies go back the same way.
    fn is_addressed(&self, to: &Party<'a>, family: Family) -> Answer<'a> {
        let unknown = |reason| Answer::Unknown(vec![Doubt { resource: to.resource, ..Doubt::about(reason) }]);
        match (to.is_public, family) {
            (Some(false), Family::V4) => {
                return Answer::Blocked(vec![Blocker {
                    party: to.resource,
                    ..Blocker::new(Cause::NotAddressable, End::Destination, to.resource)
                }]);
            }
            (None, Family::V4) => return unknown(Reason::Outside),
            _ => {}
        }
        let (Some(subnet), Some(vpc)) = (&to.subnet, &to.vpc) else { return unknown(Reason::Outside) };
        let (_, nexts) = match self.next_hops(subnet, &Party::internet(), family) {
            Ok(found) => found,
            Err(doubt) => return Answer::Unknown(vec![doubt]),
        };
        let goes_back = |target: &Option<Target<'a>>| match target {
            Some(Target::InternetGateway(gateway)) => self.is_attached(gateway, vpc) == Some(true),
            _ => false,
        };
        if !nexts.is_empty() && nexts.iter().all(|next| goes_back(&next.target)) {
            return Answer::Admitted;
        }
        let has_gateway = self.model().of_type("AWS::EC2::VPCGatewayAttachment").next().is_some();
        if has_gateway || nexts.iter().any(|next| next.target.is_some()) {
            return unknown(Reason::Undocumented);
        }
        Answer::Blocked(vec![Blocker { party: to.resource, ..Blocker::new(Cause::NoRoute, End::Between, None) }])
    }
}
