//! Load balancers: from clients to their nodes, and from their nodes to targets (L1 to L8).

use std::borrow::Cow;

use super::{Answer, Direction, Doubt, Family, Groups, Headers, Known, Party, Path, Protocol, Reach, Reason, Traffic};
use crate::model::Gather as _;
use crate::model::{
    Because, Field, Listener, ListenerRule, LoadBalancer, Node, OrderedMap, ResourceId, Service, TargetGroup, View,
};

/// Who forwards to whom.
#[derive(Debug, Default)]
pub(super) struct Forwards {
    /// The load balancers of each target group, with what their listeners carry to it.
    balancers: OrderedMap<ResourceId, Vec<(ResourceId, Vec<Protocol>)>>,
}

/// One connection from a load balancer to the tasks of a service.
#[derive(Clone, Debug)]
pub struct Registration<'a> {
    /// The load balancer.
    pub balancer: LoadBalancer<'a>,
    /// The target group.
    pub group: TargetGroup<'a>,
    /// The service whose tasks are its targets.
    pub service: Service<'a>,
    /// The place of the target group in the service's list.
    pub entry: usize,
    /// The port on which the tasks take traffic.
    pub port: Field<'a, u16>,
    /// What the listeners carry that forward to the target group.
    pub carries: Vec<Protocol>,
    /// Whether nodes forward to targets in other zones; nothing when it is not known.
    pub crosses_zones: Option<bool>,
}

impl Forwards {
    fn of<'a>(reach: &Reach<'a>) -> Self {
        let model = reach.model;
        let mut forwards = Self::default();
        let mut add = |listener: Option<Listener<'a>>, groups: Vec<Node<'a>>| {
            let Some(balancer) = listener.and_then(Listener::balancer).map(View::id) else { return };
            let protocols = listener.map_or(&[][..], protocols_of);
            for group in groups.iter().filter_map(Node::resource) {
                let known = forwards.balancers.or_default(group);
                match known.iter_mut().find(|(other, _)| *other == balancer) {
                    Some((_, carried)) => carried.extend(protocols),
                    None => known.push((balancer, protocols.to_vec())),
                }
            }
        };
        for listener in model.all::<Listener<'a>>() {
            add(Some(listener), listener.forwards_to());
        }
        for rule in model.all::<ListenerRule<'a>>() {
            let listener = rule.listener().known().and_then(|identity| model.find::<Listener<'a>>(&identity));
            add(listener, rule.actions().iter().flat_map(groups_of).gather());
        }
        forwards
    }
}

fn groups_of<'a>(action: &Node<'a>) -> Vec<Node<'a>> {
    let several = action.at("ForwardConfig/TargetGroups").known_items();
    let nodes = several.iter().map(|group| group.get("TargetGroupArn"));
    std::iter::once(action.get("TargetGroupArn")).chain(nodes).filter(|node| !node.is_absent()).gather()
}

impl<'a> Reach<'a> {
    /// The tasks that are registered with load balancers of the app.
    #[must_use]
    pub fn registrations(&self) -> Vec<Registration<'a>> {
        let forwards = Forwards::of(self);
        let mut found = Vec::new();
        for service in self.model.all::<Service<'a>>().filter(|service| service.has_own_addresses()) {
            for (entry, node) in service.load_balancers().iter().enumerate() {
                let group = node.get("TargetGroupArn").resource().and_then(|id| self.model.view::<TargetGroup<'a>>(id));
                let Some(group) = group else { continue };
                // L8: what is registered is the port of the container, whatever the target group's own is.
                let port = node.get("ContainerPort").int().parse(|port| u16::try_from(port).ok());
                for (balancer, carried) in forwards.balancers.get(&group.id()).into_iter().flatten() {
                    let Some(balancer) = self.model.view::<LoadBalancer<'a>>(*balancer) else { continue };
                    let carries = carried_to(group, carried);
                    let crosses_zones = crosses_zones(balancer, group);
                    found.push(Registration { balancer, group, service, entry, port, carries, crosses_zones });
                }
            }
        }
        found
    }

    /// Whether the traffic of a registration reaches the tasks.
    #[must_use]
    pub fn traffic_to_targets(&self, registration: &Registration<'a>) -> Answer<'a> {
        let Field::Known(port) = registration.port else { return Answer::Unknown(vec![Doubt::partly()]) };
        let keeps_clients = keeps_client_addresses(registration.group);
        let family = family_of(registration.group);
        let answers = registration.carries.iter().map(|protocol| {
            let traffic = Traffic { family, ..Traffic::new(*protocol, port) };
            self.to_targets(registration, traffic, keeps_clients)
        });
        answers.reduce(Answer::and).unwrap_or_else(|| Answer::Unknown(vec![Doubt::partly()]))
    }

    /// The traffic with which the health of the targets of a registration is checked (L6): nothing without checks.
    #[must_use]
    pub fn health_checks(registration: &Registration<'a>) -> Option<Field<'a, Traffic>> {
        if registration.group.health_check_enabled() == Field::Known(false) {
            return None;
        }
        let port = match registration.group.health_check_port() {
            Field::Known(text) if text == "traffic-port" => registration.port,
            Field::Known(text) => Field::Known(text).parse(|text| text.trim().parse().ok()),
            Field::Absent => registration.port,
            Field::Unknown(because) => Field::Unknown(because),
        };
        let family = family_of(registration.group);
        Some(port.map(|port| Traffic { family, ..Traffic::tcp(port) }))
    }

    /// Whether the health checks of a registration reach the tasks: always from the addresses of the nodes (L6).
    #[must_use]
    pub fn checks_of_targets(&self, registration: &Registration<'a>) -> Answer<'a> {
        match Self::health_checks(registration) {
            None => Answer::Admitted,
            Some(Field::Known(traffic)) => self.to_targets(registration, traffic, Some(false)),
            Some(_) => Answer::Unknown(vec![Doubt::of(registration.group.id(), Reason::Partly)]),
        }
    }

    /// Whether traffic from the nodes of a load balancer reaches the tasks of a service, from every zone.
    fn to_targets(&self, registration: &Registration<'a>, traffic: Traffic, keeps_clients: Option<bool>) -> Answer<'a> {
        let (nodes, tasks) = match (self.nodes(registration.balancer), self.tasks(registration.service)) {
            (Ok(nodes), Ok(tasks)) => (nodes, tasks),
            (nodes, tasks) => return self.to_targets_somewhere(registration, traffic, nodes, tasks),
        };
        let mut answer: Option<Answer<'a>> = None;
        for node in nodes.iter() {
            let has_own =
                registration.crosses_zones == Some(false) && tasks.iter().any(|task| task.shares_subnet_with(node));
            for task in tasks.iter().filter(|task| !has_own || task.shares_subnet_with(node)) {
                let found = self.node_to_task(node, task, traffic, keeps_clients);
                answer = Some(answer.map_or_else(|| found.clone(), |before| before.and(found.clone())));
            }
        }
        answer.unwrap_or_else(|| Answer::Unknown(vec![Doubt::partly()]))
    }

    /// The same when subnets are not known: the groups decide, if they can.
    fn to_targets_somewhere(
        &self,
        registration: &Registration<'a>,
        traffic: Traffic,
        nodes: Known<'a>,
        tasks: Known<'a>,
    ) -> Answer<'a> {
        let doubt = nodes.as_ref().err().or(tasks.as_ref().err()).cloned().unwrap_or_else(Doubt::partly);
        let anywhere = self.addresses_of_vpc(registration.group.vpc().known().as_ref(), traffic.family);
        let party = |resource, groups: Field<'a, Vec<_>>, is_open: bool| Party {
            resource: Some(resource),
            groups: match groups {
                Field::Known(groups) if !groups.is_empty() => Groups::Of(groups),
                Field::Unknown(because) => Groups::Unknown(because),
                _ if is_open => Groups::None,
                _ => Groups::Unknown(Because::Import("")),
            },
            ..Party::at(anywhere.clone())
        };
        let (balancer, service) = (registration.balancer, registration.service);
        let node = party(balancer.id(), balancer.security_groups(), balancer.is_network());
        let task = party(service.id(), service.security_groups(), false);
        match self.node_to_task(&node, &task, traffic, keeps_client_addresses(registration.group)) {
            Answer::Admitted => Answer::Unknown(vec![doubt]),
            other => other,
        }
    }

    /// Whether traffic from a node reaches a task. L4, L5: where client addresses are kept, rules that name ranges see those,
    /// and rules that name the groups of the load balancer still hold.
    pub(super) fn node_to_task(
        &self,
        node: &Party<'a>,
        task: &Party<'a>,
        traffic: Traffic,
        keeps_clients: Option<bool>,
    ) -> Answer<'a> {
        if keeps_clients == Some(false) {
            return self.between(node, task, traffic);
        }
        let client = Party { addresses: vec![super::Addresses::all(traffic.family)], subnet: None, ..node.clone() };
        let asked = traffic.headers(&client, task);
        let mut path = Path::new(asked.clone());
        path.step(self.groups_step(&client, Direction::Out, &asked, task));
        path.step(self.groups_step(task, Direction::In, &asked, &client));
        match (self.answer_of(&path), keeps_clients) {
            (Answer::Admitted, _) => Answer::Admitted,
            (other, Some(true)) => other,
            (other, _) => other.or(self.between(node, task, traffic)),
        }
    }

    /// Whether a load balancer could send anything of a protocol, or to one port, to anybody, as far as its own groups decide.
    #[must_use]
    pub fn from_balancer(&self, balancer: LoadBalancer<'a>, protocol: Protocol, port: Option<u16>) -> Answer<'a> {
        let groups = match balancer.security_groups() {
            Field::Known(groups) if !groups.is_empty() => Groups::Of(groups),
            _ => return Answer::Admitted,
        };
        let families = [Family::V4, Family::V6].map(|family| {
            let anywhere = vec![super::Addresses::all(family)];
            let node = Party { resource: Some(balancer.id()), groups: groups.clone(), ..Party::at(anywhere.clone()) };
            let anybody = Party { groups: Groups::Unknown(Because::Import("")), ..Party::at(anywhere) };
            let traffic = Traffic::any(family, protocol);
            let traffic = port.map_or(traffic, |port| Traffic { family, ..Traffic::new(protocol, port) });
            let asked = traffic.headers(&node, &anybody);
            let mut path = Path::new(asked.clone());
            path.step(self.groups_step(&node, Direction::Out, &asked, &anybody));
            path.leak()
        });
        let [four, six] = families;
        if six.is_blocked() { four } else { six }
    }

    /// Whether tasks would still be reached for what comes through PrivateLink if its source did not count as a member of the
    /// groups of the load balancer, which no source promises while inbound rules are off for it (L4).
    #[must_use]
    pub fn private_link_to_targets(&self, registration: &Registration<'a>) -> Answer<'a> {
        let (Field::Known(port), Ok(nodes), Ok(tasks)) =
            (registration.port, self.nodes(registration.balancer), self.tasks(registration.service))
        else {
            return Answer::Unknown(vec![Doubt::partly()]);
        };
        if !registration.group.protocol().is_known_and(|protocol| protocol == "TCP" || protocol == "TLS") {
            return Answer::Unknown(vec![Doubt::partly()]);
        }
        let traffic = Traffic::tcp(port);
        let pairs = nodes.iter().flat_map(|node| tasks.iter().map(move |task| (node, task)));
        let answers = pairs.map(|(node, task)| {
            let node = Party { groups: Groups::None, ..node.clone() };
            let asked = traffic.headers(&node, task);
            let mut path = Path::new(asked.clone());
            path.step(self.groups_step(task, Direction::In, &asked, &node));
            self.answer_of(&path)
        });
        answers.reduce(Answer::and).unwrap_or_else(|| Answer::Unknown(vec![Doubt::partly()]))
    }

    /// Whether clients reach the listener of a load balancer, as far as the load balancer itself decides: its groups (L2), and
    /// the network ACLs of its subnets.
    #[must_use]
    pub fn to_listener(&self, client: &Party<'a>, balancer: LoadBalancer<'a>, traffic: Traffic) -> Answer<'a> {
        let groups = match (balancer.security_groups(), balancer.is_network()) {
            (Field::Known(groups), _) if !groups.is_empty() => Groups::Of(groups),
            (Field::Unknown(because), _) => Groups::Unknown(because),
            (_, true) => Groups::None,
            (_, false) => Groups::Unknown(Because::Import("")),
        };
        let node = Party {
            resource: Some(balancer.id()),
            groups,
            ..Party::at(vec![super::Addresses::all(Family::V4), super::Addresses::all(Family::V6)])
        };
        let asked: Headers = traffic.headers(client, &node);
        let mut path = Path::new(asked.clone());
        path.step(self.groups_step(&node, Direction::In, &asked, client));
        self.answer_of(&path)
    }
}

/// The protocols of a listener.
#[must_use]
pub fn protocols_of(listener: Listener<'_>) -> &'static [Protocol] {
    carried_by(listener.protocol())
}

/// What carries the protocol of a listener or a target group.
fn carried_by(protocol: Field<'_, Cow<'_, str>>) -> &'static [Protocol] {
    match protocol {
        Field::Known(protocol) => match protocol.as_ref() {
            "UDP" | "QUIC" => &[Protocol::UDP],
            "TCP_UDP" | "TCP_QUIC" => &[Protocol::TCP, Protocol::UDP],
            "TCP" | "TLS" | "HTTP" | "HTTPS" => &[Protocol::TCP],
            _ => &[],
        },
        _ => &[],
    }
}

/// What reaches a target group of all that its listeners carry: a group for TCP and UDP gets only TCP from a listener for TCP.
fn carried_to(group: TargetGroup<'_>, carried: &[Protocol]) -> Vec<Protocol> {
    let taken = carried_by(group.protocol());
    let both: Vec<Protocol> = taken.iter().copied().filter(|protocol| carried.contains(protocol)).gather();
    if both.is_empty() { taken.to_vec() } else { both }
}

/// The family of the addresses of a group's targets, which is that of all that is sent to them.
pub(super) fn family_of(group: TargetGroup<'_>) -> Family {
    if group.ip_address_type().is_known_and(|kind| kind == "ipv6") { Family::V6 } else { Family::V4 }
}

/// L5: whether targets see the addresses of clients. For targets by address they do with UDP, and with TCP only when it is
/// asked for.
fn keeps_client_addresses(group: TargetGroup<'_>) -> Option<bool> {
    let protocol = group.protocol().known()?;
    if matches!(protocol.as_ref(), "HTTP" | "HTTPS") {
        return Some(false);
    }
    if matches!(protocol.as_ref(), "UDP" | "TCP_UDP" | "QUIC" | "TCP_QUIC") {
        return Some(true);
    }
    match group.attribute("preserve_client_ip.enabled") {
        Field::Known(text) => Some(text == "true"),
        Field::Absent => group.target_type().known().map(|kind| kind != "ip"),
        Field::Unknown(_) => None,
    }
}

/// L7: whether a node forwards to targets in other zones. Load balancers of the kind `application` always do unless the
/// target group says otherwise.
fn crosses_zones(balancer: LoadBalancer<'_>, group: TargetGroup<'_>) -> Option<bool> {
    const KEY: &str = "load_balancing.cross_zone.enabled";
    let own = match group.attribute(KEY) {
        Field::Absent => None,
        Field::Known(text) if text == "use_load_balancer_configuration" => None,
        Field::Known(text) => return Some(text == "true"),
        Field::Unknown(_) => return None,
    };
    own.or_else(|| match (balancer.kind(), balancer.attribute(KEY)) {
        (Field::Known(kind), _) if kind == "application" => Some(true),
        (Field::Known(_), Field::Known(text)) => Some(text == "true"),
        (Field::Known(_), Field::Absent) => Some(false),
        _ => None,
    })
}
