//! A security group whose rules are exactly those that were asked for.

use crate::cfn::{LogicalId, Value};
use crate::resources::ec2;

use super::Scope;
use super::network::Network;

/// A security group. It lets nothing in and nothing out until a rule says so.
///
/// Rules for what goes out are inline, because CloudFormation opens a group without inline egress rules to everything.
/// Rules for what comes in may be resources of their own, so that two groups can name each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SecurityGroup {
    /// The resource.
    pub logical_id: LogicalId,
    /// `Fn::GetAtt … GroupId`.
    pub group_id: Value,
}

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Peer {
    /// The members of a security group, by group ID.
    Group(Value),
    /// A range of IPv4 addresses.
    Ipv4(Value),
    /// A range of IPv6 addresses.
    Ipv6(Value),
    /// A managed prefix list, by ID.
    PrefixList(Value),
}

/// What a rule lets through.
#[derive(Clone, Debug, PartialEq)]
pub struct Traffic {
    /// `tcp` or `udp`.
    pub protocol: &'static str,
    /// The port.
    pub port: Value,
}

impl Traffic {
    /// TCP to a port.
    #[must_use]
    pub fn tcp(port: impl Into<Value>) -> Self {
        Self { protocol: "tcp", port: port.into() }
    }

    /// UDP to a port.
    #[must_use]
    pub fn udp(port: impl Into<Value>) -> Self {
        Self { protocol: "udp", port: port.into() }
    }
}

/// An inline rule that no packet ever meets: it keeps CloudFormation from opening the group.
/// Source: AWS::EC2::SecurityGroup, "SecurityGroupEgress", in the CloudFormation template reference.
const NOWHERE: &str = "127.0.0.1/32";

impl SecurityGroup {
    /// Adds a group that lets nothing in and nothing out. `description` says what it is for: letters, digits, spaces and
    /// `._-:/()#,@[]+=&;{}!$*`, at most 255.
    pub fn new(scope: &mut Scope<'_>, id: &str, network: &Network, description: impl Into<Value>) -> Self {
        let nowhere = ec2::security_group::Egress::new()
            .ip_protocol("-1")
            .cidr_ip(NOWHERE)
            .description("nothing leaves unless a rule says so");
        let group = ec2::SecurityGroup::new()
            .group_description(description.into())
            .vpc_id(network.vpc_id.clone())
            .security_group_egress([nowhere]);
        let logical_id = scope.add(id, group);
        Self { group_id: logical_id.attribute(ec2::SecurityGroup::ATTR_GROUP_ID), logical_id }
    }

    /// Lets members of the group connect to `peer`, by an inline rule.
    pub fn allow_to(&self, scope: &mut Scope<'_>, peer: &Peer, traffic: &Traffic, description: impl Into<Value>) {
        let rule = ec2::security_group::Egress::new()
            .ip_protocol(traffic.protocol)
            .from_port(traffic.port.clone())
            .to_port(traffic.port.clone())
            .description(description.into());
        let rule = match peer.clone() {
            Peer::Group(group) => rule.destination_security_group_id(group),
            Peer::Ipv4(range) => rule.cidr_ip(range),
            Peer::Ipv6(range) => rule.cidr_ipv6(range),
            Peer::PrefixList(list) => rule.destination_prefix_list_id(list),
        };
        self.push_egress(scope, rule.into());
    }

    /// The rule that stands for "nothing" goes when the first real one comes.
    fn push_egress(&self, scope: &mut Scope<'_>, rule: Value) {
        let Some(group) = scope.stack_mut().resource_mut(&self.logical_id) else { return };
        let Some(Value::List(rules)) = group.resource.properties_mut().get_mut("SecurityGroupEgress") else { return };
        rules.retain(|rule| rule.get("CidrIp").and_then(Value::as_str) != Some(NOWHERE));
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }

    /// Lets `peer` connect to members of the group, by an inline rule. The peer must not be a group that names this one
    /// inline: use [`SecurityGroup::allow_from_group`].
    pub fn allow_from(&self, scope: &mut Scope<'_>, peer: &Peer, traffic: &Traffic, description: impl Into<Value>) {
        let rule = ec2::security_group::Ingress::new()
            .ip_protocol(traffic.protocol)
            .from_port(traffic.port.clone())
            .to_port(traffic.port.clone())
            .description(description.into());
        let rule: Value = match peer.clone() {
            Peer::Group(group) => rule.source_security_group_id(group),
            Peer::Ipv4(range) => rule.cidr_ip(range),
            Peer::Ipv6(range) => rule.cidr_ipv6(range),
            Peer::PrefixList(list) => rule.source_prefix_list_id(list),
        }
        .into();
        let Some(group) = scope.stack_mut().resource_mut(&self.logical_id) else { return };
        let properties = group.resource.properties_mut();
        match properties.get_mut("SecurityGroupIngress") {
            Some(Value::List(rules)) if rules.contains(&rule) => {}
            Some(Value::List(rules)) => rules.push(rule),
            _ => properties.insert("SecurityGroupIngress", vec![rule]),
        }
    }

    /// Lets members of another group connect to members of this one, by a rule of its own at `id`.
    pub fn allow_from_group(
        &self,
        scope: &mut Scope<'_>,
        id: &str,
        source: &Self,
        traffic: &Traffic,
        description: impl Into<Value>,
    ) -> LogicalId {
        let rule = ec2::SecurityGroupIngress::new()
            .group_id(self.group_id.clone())
            .source_security_group_id(source.group_id.clone())
            .ip_protocol(traffic.protocol)
            .from_port(traffic.port.clone())
            .to_port(traffic.port.clone())
            .description(description.into());
        scope.add(id, rule)
    }
}
