//! Load balancers, listeners and target groups.

use std::borrow::Cow;

use super::private_link::region_of_subnets;
use super::views::views;
use super::{Because, EndpointService, Field, Identity, Node, Relation, Service, View, sort_by};
use crate::aws::load_balancer::Protocol;
use crate::cfn::Gather as _;

views! {
    /// A load balancer of the newer kind: application, network or gateway.
    LoadBalancer = "AWS::ElasticLoadBalancingV2::LoadBalancer" {
        name: text "Name",
        kind: text "Type" or "application",
        scheme: text "Scheme" or "internet-facing",
        ip_address_type: text "IpAddressType" or "ipv4",
        ipv6_source_nat: text "EnablePrefixForIpv6SourceNat" or "off",
        enforces_private_link: text "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic" or "on",
        subnets: many "Subnets",
        subnet_mappings: list "SubnetMappings",
        security_groups: many "SecurityGroups",
    }
    /// A listener.
    Listener = "AWS::ElasticLoadBalancingV2::Listener" {
        load_balancer: one "LoadBalancerArn",
        port: int "Port",
        protocol: text "Protocol",
        certificates: list "Certificates",
        policy: text "SslPolicy",
        alpn_policy: node "AlpnPolicy",
        mutual_authentication: node "MutualAuthentication",
        actions: list "DefaultActions",
    }
    /// A further certificate of a listener.
    ListenerCertificate = "AWS::ElasticLoadBalancingV2::ListenerCertificate" { listener: one "ListenerArn", }
    /// A rule of a listener.
    ListenerRule = "AWS::ElasticLoadBalancingV2::ListenerRule" {
        listener: one "ListenerArn",
        actions: list "Actions",
    }
    /// A target group.
    TargetGroup = "AWS::ElasticLoadBalancingV2::TargetGroup" {
        name: text "Name",
        port: int "Port",
        protocol: text "Protocol",
        target_type: text "TargetType" or "instance",
        ip_address_type: text "IpAddressType" or "ipv4",
        vpc: one "VpcId",
        targets: list "Targets",
        health_check_enabled: bool "HealthCheckEnabled" or true,
        health_check_port: text "HealthCheckPort" or "traffic-port",
        health_check_protocol: text "HealthCheckProtocol",
        health_check_path: text "HealthCheckPath",
        health_check_interval: int "HealthCheckIntervalSeconds",
        health_check_timeout: int "HealthCheckTimeoutSeconds",
        healthy_threshold: int "HealthyThresholdCount",
        unhealthy_threshold: int "UnhealthyThresholdCount",
    }
}

/// The value of an attribute, by its key, in a list of `Key` and `Value`.
fn attribute<'a>(list: &Node<'a>, key: &str) -> Field<'a, Cow<'a, str>> {
    let items = match list.items() {
        Field::Known(items) => items,
        Field::Absent => return Field::Absent,
        Field::Unknown(because) => return Field::Unknown(because),
    };
    let mut unknown = Field::Absent;
    for item in items {
        match item.get("Key").text() {
            Field::Known(found) if found == key => return item.get("Value").text(),
            Field::Unknown(because) => unknown = Field::Unknown(because),
            _ => {}
        }
    }
    unknown
}

impl<'a> LoadBalancer<'a> {
    /// Whether it is a Network Load Balancer.
    #[must_use]
    pub fn is_network(self) -> bool {
        self.kind().is_known_and(|kind| kind == "network")
    }

    /// An attribute, by its key, such as `load_balancing.cross_zone.enabled`.
    #[must_use]
    pub fn attribute(self, key: &str) -> Field<'a, Cow<'a, str>> {
        attribute(&self.property("LoadBalancerAttributes"), key)
    }

    /// Its listeners.
    pub fn listeners(self) -> impl Iterator<Item = Listener<'a>> {
        self.model().related(Relation::ListenerLoadBalancer, &self.identity())
    }

    /// The endpoint services through which it is shared.
    pub fn endpoint_services(self) -> impl Iterator<Item = EndpointService<'a>> {
        self.model().related(Relation::EndpointServiceLoadBalancer, &self.identity())
    }

    /// Whether an endpoint service of the app shares it.
    #[must_use]
    pub fn is_shared(self) -> bool {
        self.endpoint_services().next().is_some()
    }

    /// The subnets of its nodes, from `Subnets` or `SubnetMappings`.
    #[must_use]
    pub fn node_subnets(self) -> Field<'a, Vec<Identity<'a>>> {
        let subnets = self.subnets();
        if !subnets.is_absent() {
            // A list that is not known, such as that of a parameter, is no list of one.
            let list = self.property("Subnets");
            return if list.because().is_some() { Field::Unknown(Because::Malformed) } else { subnets };
        }
        let items = match self.property("SubnetMappings").items() {
            Field::Absent => return Field::Absent,
            Field::Unknown(because) => return Field::Unknown(because),
            Field::Known(items) => items,
        };
        let found: Option<Vec<_>> = items.iter().map(|item| item.get("SubnetId").identity().known()).gather();
        found.map_or(Field::Unknown(Because::Malformed), Field::Known)
    }

    /// The Region in which it is, when it is known: from the stack, or from the zones of its nodes.
    #[must_use]
    pub fn home_region(self) -> Option<Cow<'a, str>> {
        let known = self.model().region_of(self.id()).map(Cow::Borrowed);
        known.or_else(|| region_of_subnets(self.model(), self.node_subnets()))
    }

    /// Whether it balances across zones, when that is known: its own attribute only.
    #[must_use]
    pub fn is_cross_zone(self) -> Option<bool> {
        let default = if self.is_network() { "false" } else { "true" };
        let value = self.attribute("load_balancing.cross_zone.enabled").or(Cow::Borrowed(default));
        value.known().map(|value| value == "true")
    }
}

impl<'a> Listener<'a> {
    /// The load balancer, when it is one of the app.
    #[must_use]
    pub fn balancer(self) -> Option<LoadBalancer<'a>> {
        self.model().find(&self.load_balancer().known()?)
    }

    /// Its protocol, when it is one of a Network Load Balancer.
    #[must_use]
    pub fn network_protocol(self) -> Option<Protocol> {
        Protocol::from_name(&self.protocol().known()?)
    }

    /// An attribute, by its key, such as `tcp.idle_timeout.seconds`.
    #[must_use]
    pub fn attribute(self, key: &str) -> Field<'a, Cow<'a, str>> {
        attribute(&self.property("ListenerAttributes"), key)
    }

    /// What its default actions forward to: the values of `TargetGroupArn`.
    #[must_use]
    pub fn forwards_to(self) -> Vec<Node<'a>> {
        self.actions().iter().flat_map(target_groups_of).gather()
    }

    /// The target groups of the app to which its default actions forward.
    pub fn target_groups(self) -> impl Iterator<Item = TargetGroup<'a>> {
        let model = self.model();
        self.forwards_to().into_iter().filter_map(move |node| model.view(node.resource()?))
    }
}

/// The target groups of an action: the one, or those of `ForwardConfig`.
fn target_groups_of<'a>(action: &Node<'a>) -> Vec<Node<'a>> {
    let one = action.get("TargetGroupArn");
    if !one.is_absent() {
        return vec![one];
    }
    let several = action.at("ForwardConfig/TargetGroups").known_items();
    several.iter().map(|group| group.get("TargetGroupArn")).filter(|node| !node.is_absent()).gather()
}

impl<'a> TargetGroup<'a> {
    /// An attribute, by its key, such as `preserve_client_ip.enabled`.
    #[must_use]
    pub fn attribute(self, key: &str) -> Field<'a, Cow<'a, str>> {
        attribute(&self.property("TargetGroupAttributes"), key)
    }

    /// Its protocol, when it is one of a Network Load Balancer.
    #[must_use]
    pub fn network_protocol(self) -> Option<Protocol> {
        Protocol::from_name(&self.protocol().known()?)
    }

    /// The listeners that forward to it, in their default actions or by a rule.
    pub fn listeners(self) -> impl Iterator<Item = Listener<'a>> {
        let (model, identity) = (self.model(), self.identity());
        let direct = [Relation::ListenerTargetGroup, Relation::ListenerTargetGroups];
        let ruled = [Relation::RuleTargetGroup, Relation::RuleTargetGroups];
        let by_default = direct.into_iter().flat_map(move |relation| model.related(relation, &self.identity()));
        let rules = ruled.into_iter().flat_map(move |relation| model.related::<ListenerRule<'a>>(relation, &identity));
        by_default.chain(rules.filter_map(move |rule| model.find(&rule.listener().known()?)))
    }

    /// The load balancers of the app whose listeners forward to it, each once.
    #[must_use]
    pub fn balancers(self) -> Vec<LoadBalancer<'a>> {
        let mut all: Vec<_> = self.listeners().filter_map(Listener::balancer).gather();
        sort_by(&mut all, |one: &LoadBalancer<'_>, other| one.id().cmp(&other.id()));
        all.dedup_by_key(|balancer| balancer.id());
        all
    }

    /// The services that register their tasks in it.
    pub fn services(self) -> impl Iterator<Item = Service<'a>> {
        self.model().related(Relation::ServiceTargetGroup, &self.identity())
    }

    /// Whether an endpoint service of the app shares a load balancer that forwards to it.
    #[must_use]
    pub fn is_shared(self) -> bool {
        self.balancers().into_iter().any(LoadBalancer::is_shared)
    }

    /// Whether `balancer` sends to targets in all zones, when that is known.
    #[must_use]
    pub fn is_cross_zone(self, balancer: LoadBalancer<'a>) -> Option<bool> {
        match self.attribute("load_balancing.cross_zone.enabled") {
            Field::Unknown(_) => None,
            Field::Known(value) if value != "use_load_balancer_configuration" => Some(value == "true"),
            _ => balancer.is_cross_zone(),
        }
    }
}
