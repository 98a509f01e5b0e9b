//! Load balancers, listeners and target groups.

use std::borrow::Cow;

use super::views::views;
use super::{Field, Node, Relation, View};

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
}

impl<'a> Listener<'a> {
    /// The load balancer, when it is one of the app.
    #[must_use]
    pub fn balancer(self) -> Option<LoadBalancer<'a>> {
        self.model().find(&self.load_balancer().known()?)
    }

    /// An attribute, by its key, such as `tcp.idle_timeout.seconds`.
    #[must_use]
    pub fn attribute(self, key: &str) -> Field<'a, Cow<'a, str>> {
        attribute(&self.property("ListenerAttributes"), key)
    }

    /// What its default actions forward to: the values of `TargetGroupArn`.
    #[must_use]
    pub fn forwards_to(self) -> Vec<Node<'a>> {
        self.actions().iter().flat_map(target_groups_of).collect()
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
    several.iter().map(|group| group.get("TargetGroupArn")).filter(|node| !node.is_absent()).collect()
}

impl<'a> TargetGroup<'a> {
    /// An attribute, by its key, such as `preserve_client_ip.enabled`.
    #[must_use]
    pub fn attribute(self, key: &str) -> Field<'a, Cow<'a, str>> {
        attribute(&self.property("TargetGroupAttributes"), key)
    }

    /// The listeners whose default actions forward to it.
    pub fn listeners(self) -> impl Iterator<Item = Listener<'a>> {
        let all = self.model().all::<Listener<'a>>();
        all.filter(move |listener| listener.target_groups().any(|group| group.id() == self.id()))
    }
}
