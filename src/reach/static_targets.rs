//! Targets that stand in the template: another load balancer, and instances (L9, L10).

use super::load_balancers::family_of;
use super::parties::Interfaces;
use super::{Answer, Doubt, Known, Reach, TargetTraffic, Traffic};
use crate::model::Gather as _;
use crate::model::{Field, Identity, LoadBalancer, Node, ResourceId, TargetGroup};

/// Whether a load balancer reaches a target that is written in its target group.
#[derive(Clone, Debug)]
pub struct StaticLeg<'a> {
    /// The load balancer.
    pub balancer: LoadBalancer<'a>,
    /// The target group.
    pub group: TargetGroup<'a>,
    /// The target: a load balancer, or an instance.
    pub target: ResourceId,
    /// The place of the target in the group's list.
    pub entry: usize,
    /// What it sends.
    pub carries: TargetTraffic,
    /// The port to which it sends that.
    pub port: u16,
    /// Whether it gets there.
    pub answer: Answer<'a>,
}

impl<'a> Reach<'a> {
    /// Everything that load balancers of the app send to targets that stand in its templates.
    pub fn static_legs(&self) -> &[StaticLeg<'a>] {
        self.legs.static_targets.get_or_init(|| self.work_out_static_legs())
    }

    fn work_out_static_legs(&self) -> Vec<StaticLeg<'a>> {
        let mut legs = Vec::new();
        for group in self.model().all::<TargetGroup<'a>>() {
            for (entry, node) in group.targets().iter().enumerate() {
                let Some(target) = node.get("Id").resource() else { continue };
                for balancer in group.balancers() {
                    self.add_legs(&mut legs, balancer, group, (entry, node, target));
                }
            }
        }
        legs
    }

    fn add_legs(
        &self,
        legs: &mut Vec<StaticLeg<'a>>,
        balancer: LoadBalancer<'a>,
        group: TargetGroup<'a>,
        (entry, node, target): (usize, &Node<'a>, ResourceId),
    ) {
        let as_port = |field: Field<'a, i64>| field.known().and_then(|port| u16::try_from(port).ok());
        let own = node.get("Port");
        let Some(port) = as_port(if own.is_absent() { group.port() } else { own.int() }) else { return };
        let check = match group.health_check_port().known() {
            Some(text) if text == "traffic-port" => Some(port),
            Some(text) => text.trim().parse().ok(),
            None => None,
        };
        let is_checked = group.health_check_enabled() == Field::Known(true);
        // L9: a load balancer behind another one sees the addresses of clients, and through PrivateLink those of the first.
        let keeps_clients = match (self.model().view::<LoadBalancer<'a>>(target), balancer.is_network()) {
            (Some(_), true) if !balancer.is_shared() => Some(true),
            (_, false) => Some(false),
            _ => None,
        };
        let mut push = |carries, port, keeps_clients| {
            let traffic = Traffic { family: family_of(group), ..Traffic::tcp(port) };
            let answer = self.to_static(balancer, target, traffic, keeps_clients);
            legs.push(StaticLeg { balancer, group, target, entry, carries, port, answer });
        };
        let is_tcp =
            group.protocol().is_known_and(|name| matches!(name.as_ref(), "TCP" | "TLS" | "HTTP" | "HTTPS" | "TCP_UDP"));
        if is_tcp {
            push(TargetTraffic::Clients, port, keeps_clients);
        }
        if let Some(port) = check.filter(|_| is_checked) {
            push(TargetTraffic::HealthChecks, port, Some(false));
        }
    }

    fn to_static(
        &self,
        balancer: LoadBalancer<'a>,
        target: ResourceId,
        traffic: Traffic,
        keeps_clients: Option<bool>,
    ) -> Answer<'a> {
        let (nodes, targets) = match (self.nodes(balancer), self.static_target(target)) {
            (Ok(nodes), Some(Ok(targets))) => (nodes, targets),
            (Err(doubt), _) | (_, Some(Err(doubt))) => return Answer::Unknown(vec![doubt]),
            (_, None) => return Answer::Unknown(vec![Doubt::partly()]),
        };
        let pairs = nodes.iter().flat_map(|node| targets.iter().map(move |target| (node, target)));
        let answers = pairs.map(|(node, target)| self.node_to_task(node, target, traffic, keeps_clients));
        answers.reduce(Answer::and).unwrap_or_else(|| Answer::Unknown(vec![Doubt::partly()]))
    }

    /// The network interfaces of a target; nothing when it is of another kind, or its interfaces are written elsewhere.
    fn static_target(&self, target: ResourceId) -> Option<Known<'a>> {
        let model = self.model();
        if let Some(balancer) = model.view::<LoadBalancer<'a>>(target) {
            return Some(self.nodes(balancer));
        }
        let property = |key: &str| model.property(target, key);
        let is_plain = property("NetworkInterfaces").is_absent() && property("LaunchTemplate").is_absent();
        if model.type_of(target) != "AWS::EC2::Instance" || !is_plain {
            return None;
        }
        let groups: Option<Vec<Identity<'a>>> = match property("SecurityGroupIds").items() {
            Field::Known(items) => items.iter().map(|item| item.identity().known()).gather(),
            Field::Absent => Some(Vec::new()),
            Field::Unknown(_) => None,
        };
        let subnet = property("SubnetId").identity().known()?;
        Some(self.interfaces(&Interfaces {
            resource: target,
            subnets: Field::Known(vec![subnet]),
            vpc: None,
            groups: Field::Known(groups?),
            has_default_group: true,
        }))
    }
}
