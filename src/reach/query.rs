//! Questions about the things that make up a private service, worked out once.

use std::cell::{OnceCell, RefCell};

use super::load_balancers::Registration;
use super::parties::{Interfaces, Known};
use super::{Answer, Doubt, Groups, Party, Reach, StaticLeg, Traffic};
use crate::model::{
    Because, Destination, Field, Identity, Need, Node, OrderedMap, Piece, Purpose, ResourceId, RotationSchedule,
    SecurityGroup, Service, Subnet, View, needs_of,
};
use crate::model::{Gather as _, GatherMore as _};

/// What decides whether something that is needed is reached: subnet, groups, public address, service and purpose.
type Asked<'a> = (Identity<'a>, Vec<Identity<'a>>, Option<bool>, &'static str, Purpose);

/// An answer that was worked out for one party, as that of another.
fn for_party<'a>(answer: &Answer<'a>, one: Option<ResourceId>, other: Option<ResourceId>) -> Answer<'a> {
    let mut answer = answer.clone();
    if let Answer::Blocked(blockers) = &mut answer {
        for blocker in blockers.iter_mut() {
            for place in [&mut blocker.party, &mut blocker.other] {
                if one.is_some() && *place == one {
                    *place = other;
                }
            }
        }
    }
    answer
}

/// What was asked already.
#[derive(Debug, Default)]
pub(super) struct Kept<'a> {
    /// For whom it was worked out, and the answer.
    needs: RefCell<OrderedMap<Asked<'a>, (Option<ResourceId>, Answer<'a>)>>,
    tasks: OnceCell<Vec<TaskLeg<'a>>>,
    balancers: OnceCell<Vec<BalancerLeg<'a>>>,
    pub(super) static_targets: OnceCell<Vec<StaticLeg<'a>>>,
}

/// Something that the tasks of a service need, and whether they reach it from one of their subnets.
#[derive(Clone, Debug)]
pub struct TaskLeg<'a> {
    /// The service.
    pub service: Service<'a>,
    /// What they need.
    pub need: Need<'a>,
    /// The tasks in one subnet.
    pub from: Party<'a>,
    /// Whether they reach it.
    pub answer: Answer<'a>,
}

/// Whether a load balancer reaches the tasks of a service.
#[derive(Clone, Debug)]
pub struct BalancerLeg<'a> {
    /// From which load balancer through which target group to which service.
    pub registration: Registration<'a>,
    /// What it sends.
    pub carries: TargetTraffic,
    /// Whether it reaches them.
    pub answer: Answer<'a>,
}

/// What a load balancer sends to targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetTraffic {
    /// What clients send.
    Clients,
    /// Checks of their health.
    HealthChecks,
}

impl<'a> Reach<'a> {
    /// Everything that the tasks of services need, subnet by subnet.
    pub fn task_legs(&self) -> &[TaskLeg<'a>] {
        self.legs.tasks.get_or_init(|| {
            let services = self.model.all::<Service<'a>>();
            services.flat_map(|service| self.legs_of(service)).gather()
        })
    }

    fn legs_of(&self, service: Service<'a>) -> Vec<TaskLeg<'a>> {
        let Some(definition) = service.definition() else { return Vec::new() };
        let mut needs = needs_of(definition, service);
        // One container's need stands for that of the others.
        let mut seen: Vec<Need<'a>> = Vec::new();
        needs.retain(|need| {
            let is_new = !seen.iter().any(|known| known.what == need.what && known.purpose == need.purpose);
            if is_new {
                seen.push(need.clone());
            }
            is_new
        });
        let Ok(parties) = self.tasks(service) else { return Vec::new() };
        let mut legs = Vec::with_capacity(needs.len() * parties.len());
        for need in &needs {
            for from in parties.iter() {
                let answer = self.to_need(from, need);
                legs.push(TaskLeg { service, need: need.clone(), from: from.clone(), answer });
            }
        }
        legs
    }

    /// Whether something reaches what a task needs. What has the same groups in the same subnet has the same answer.
    #[must_use]
    pub fn to_need(&self, from: &Party<'a>, need: &Need<'a>) -> Answer<'a> {
        let what = match &need.what {
            Destination::Service(key) => *key,
            Destination::Registry(_) | Destination::OtherRegion { .. } => "",
            Destination::Unknown(because) => {
                return Answer::Unknown(vec![Doubt::value(need.resource, need.property.clone(), *because)]);
            }
        };
        let groups = match &from.groups {
            Groups::Of(groups) => Some(groups.clone()),
            Groups::None | Groups::Unknown(_) => None,
        };
        let (Some(subnet), Some(groups)) = (from.subnet.clone(), groups) else {
            return self.work_out_need(from, what, need.purpose);
        };
        let key = (subnet, groups, from.is_public, what, need.purpose);
        if let Some((other, answer)) = self.legs.needs.borrow().get(&key) {
            return for_party(answer, *other, from.resource);
        }
        let answer = self.work_out_need(from, what, need.purpose);
        self.legs.needs.borrow_mut().insert(key, (from.resource, answer.clone()));
        answer
    }

    fn work_out_need(&self, from: &Party<'a>, what: &'static str, purpose: Purpose) -> Answer<'a> {
        if what.is_empty() {
            return self.to_elsewhere(from, Traffic::tcp(443));
        }
        match self.to_aws_service(from, what) {
            Answer::Blocked(blockers) => Answer::Blocked(blockers),
            other => other.and(self.is_allowed_by_endpoints(from, what, purpose)),
        }
    }

    /// Whether the tasks of a service reach a service of AWS from all their subnets, by the key of its endpoints.
    #[must_use]
    pub fn task_to_aws_service(&self, service: Service<'a>, key: &'static str) -> Answer<'a> {
        match self.tasks(service) {
            Err(doubt) => Answer::Unknown(vec![doubt]),
            Ok(parties) => {
                let answers = parties.iter().map(|party| self.to_aws_service(party, key));
                answers.reduce(Answer::and).unwrap_or_else(|| Answer::Unknown(vec![Doubt::partly()]))
            }
        }
    }

    /// Whether load balancers reach the tasks that are registered with them, for traffic and for health checks.
    pub fn balancer_legs(&self) -> &[BalancerLeg<'a>] {
        self.legs.balancers.get_or_init(|| {
            let mut legs = Vec::new();
            for registration in self.registrations() {
                let traffic = self.traffic_to_targets(&registration);
                let checks = self.checks_of_targets(&registration);
                for (carries, answer) in [(TargetTraffic::Clients, traffic), (TargetTraffic::HealthChecks, checks)] {
                    legs.push(BalancerLeg { registration: registration.clone(), carries, answer });
                }
            }
            legs
        })
    }

    /// Whether the function that rotates a secret, which a template asks Secrets Manager to make in a VPC, reaches Secrets
    /// Manager; nothing when it is not put into a VPC.
    #[must_use]
    pub fn rotation_to_secrets_manager(&self, schedule: RotationSchedule<'a>) -> Option<Answer<'a>> {
        let answer = match self.rotation_parties(schedule)? {
            Err(doubt) => Answer::Unknown(vec![doubt]),
            Ok(parties) => {
                let answers = parties.iter().map(|party| self.to_aws_service(party, "secretsmanager"));
                answers.reduce(Answer::and).unwrap_or_else(|| Answer::Unknown(vec![Doubt::partly()]))
            }
        };
        Some(answer)
    }

    /// Whether a function that answers CloudFormation reaches the bucket in which it waits; nothing when the function is not put
    /// into a VPC.
    #[must_use]
    pub fn function_to_response(&self, function: ResourceId) -> Option<Answer<'a>> {
        let list = |name: &str| self.model.property(function, name);
        let subnets = list("VpcConfig/SubnetIds");
        let identities = |node: Node<'a>| match node.items() {
            Field::Known(items) => {
                let found: Option<Vec<_>> = items.iter().map(|item| item.identity().known()).gather();
                found.map_or(Field::Unknown(Because::Malformed), Field::Known)
            }
            Field::Absent => Field::Absent,
            Field::Unknown(because) => Field::Unknown(because),
        };
        if subnets.is_absent() {
            return None;
        }
        let groups = identities(list("VpcConfig/SecurityGroupIds"));
        let subnets = identities(subnets);
        let interfaces = Interfaces { resource: function, subnets, vpc: None, groups, has_default_group: true };
        let parties = self.interfaces(&interfaces).ok()?;
        let answers = parties.iter().map(|from| self.work_out_need(from, "s3", Purpose::Response));
        answers.reduce(Answer::and)
    }

    /// The network interfaces of the function that rotates a secret; nothing when it is not put into a VPC.
    pub(super) fn rotation_parties(&self, schedule: RotationSchedule<'a>) -> Option<Known<'a>> {
        let hosted = schedule.hosted();
        // Lists of IDs are written as one text with commas here.
        let subnets = hosted.get("VpcSubnetIds");
        if subnets.is_absent() {
            return None;
        }
        let subnets = self.referred(&subnets, |id| self.model.view::<Subnet<'a>>(id).is_some());
        let groups =
            self.referred(&hosted.get("VpcSecurityGroupIds"), |id| self.model.view::<SecurityGroup<'a>>(id).is_some());
        let interfaces = Interfaces { resource: schedule.id(), subnets, vpc: None, groups, has_default_group: true };
        Some(self.interfaces(&interfaces))
    }

    /// The resources whose IDs a text with commas is made of.
    fn referred(&self, node: &Node<'a>, is_wanted: impl Fn(ResourceId) -> bool) -> Field<'a, Vec<Identity<'a>>> {
        if let Some(identity) = node.attribute().map(|_| node.identity()) {
            return identity.map(|identity| vec![identity]);
        }
        let mut found = Vec::new();
        for piece in node.pieces() {
            match piece {
                Piece::Text(text) => {
                    let ids = text.split(',').map(str::trim).filter(|id| !id.is_empty());
                    found.gather_more(ids.map(|id| Identity::Outside(id.to_owned().into())));
                }
                Piece::Hole(Because::Attribute(attribute)) if is_wanted(attribute.resource) => {
                    found.push(Identity::Resource(attribute.resource));
                }
                Piece::Hole(because) => return Field::Unknown(because),
            }
        }
        if found.is_empty() { Field::Absent } else { Field::Known(found) }
    }
}
