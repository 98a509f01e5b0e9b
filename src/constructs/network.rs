//! The network in which tasks run.

use crate::cfn::{LogicalId, Value};

/// A network, new or existing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// The VPC.
    pub vpc_id: Value,
    /// The IPv4 ranges of the VPC.
    pub cidrs: Vec<Value>,
    /// The IPv6 range of the VPC, when it has one.
    pub ipv6_cidr: Option<Value>,
    /// The subnets, one per Availability Zone.
    pub subnets: Vec<Subnet>,
    /// Whether the VPC was made by this construct.
    pub is_new: bool,
}

/// A subnet of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subnet {
    /// The subnet.
    pub id: Value,
    /// Its IPv4 range, when it is known.
    pub cidr: Option<Value>,
    /// Its IPv6 range, when it has one.
    pub ipv6_cidr: Option<Value>,
    /// Its Availability Zone, when it is known.
    pub availability_zone: Option<Value>,
    /// Its route table.
    pub route_table: Value,
    /// What must exist before anything in the subnet can reach anything: the association with the route table.
    pub ready: Vec<LogicalId>,
}

impl Network {
    /// The subnets' IDs.
    #[must_use]
    pub fn subnet_ids(&self) -> Vec<Value> {
        self.subnets.iter().map(|subnet| subnet.id.clone()).collect()
    }

    /// What must exist before anything in the network can reach anything.
    pub fn ready(&self) -> impl Iterator<Item = &LogicalId> {
        self.subnets.iter().flat_map(|subnet| &subnet.ready)
    }
}
