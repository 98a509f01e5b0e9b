//! The things of the model as ends of traffic.

use std::rc::Rc;

use super::headers::{Addresses, Family};
use super::{Doubt, Groups, Party, Reach, Reason, client_ports, kept};
use crate::model::{
    Attribute, Because, Endpoint, Field, Identity, LoadBalancer, MountTarget, Relation, ResourceId, Service, Subnet,
    View, Vpc, VpcCidrBlock, number_of,
};
use crate::model::{Gather as _, GatherMore as _};

/// Network interfaces, or why they are not known.
pub type Known<'a> = Result<Rc<[Party<'a>]>, Doubt<'a>>;

/// What the network interfaces of something have in common.
pub(super) struct Interfaces<'a> {
    pub(super) resource: ResourceId,
    /// Their subnets.
    pub(super) subnets: Field<'a, Vec<Identity<'a>>>,
    /// The VPC, when something else than the subnets says it.
    pub(super) vpc: Option<Identity<'a>>,
    pub(super) groups: Field<'a, Vec<Identity<'a>>>,
    /// Whether they are in the default group of the VPC when no group is named.
    pub(super) has_default_group: bool,
}

impl<'a> Reach<'a> {
    /// The tasks of a service, subnet by subnet (F1).
    ///
    /// # Errors
    ///
    /// Why the subnets are not known.
    pub fn tasks(&self, service: Service<'a>) -> Known<'a> {
        self.parties.get_or(number_of(service.id()), || self.work_out_tasks(service))
    }

    fn work_out_tasks(&self, service: Service<'a>) -> Known<'a> {
        let is_public = match service.assign_public_ip() {
            Field::Known(text) if text == "ENABLED" => Some(true),
            Field::Known(_) => Some(false),
            _ => None,
        };
        let interfaces = Interfaces {
            resource: service.id(),
            subnets: service.subnets(),
            vpc: None,
            groups: service.security_groups(),
            has_default_group: true,
        };
        let ports = client_ports::LINUX;
        let parties = self.interfaces(&interfaces)?;
        Ok(parties.iter().map(|party| Party { is_public, client_ports: ports, ..party.clone() }).collect())
    }

    /// The nodes of a load balancer, subnet by subnet. L2: a Network Load Balancer without security groups has none.
    ///
    /// # Errors
    ///
    /// Why the subnets are not known.
    pub fn nodes(&self, balancer: LoadBalancer<'a>) -> Known<'a> {
        self.parties.get_or(number_of(balancer.id()), || self.work_out_nodes(balancer))
    }

    fn work_out_nodes(&self, balancer: LoadBalancer<'a>) -> Known<'a> {
        let interfaces = Interfaces {
            resource: balancer.id(),
            subnets: subnets_of(balancer),
            vpc: None,
            groups: balancer.security_groups(),
            has_default_group: !balancer.is_network(),
        };
        let is_public = balancer.scheme().known().map(|scheme| scheme != "internal");
        let parties = self.interfaces(&interfaces)?;
        Ok(parties.iter().map(|party| Party { is_public, ..party.clone() }).collect())
    }

    /// The network interfaces of an interface endpoint, subnet by subnet (P1).
    ///
    /// # Errors
    ///
    /// Why the subnets are not known.
    pub fn endpoint(&self, endpoint: Endpoint<'a>) -> Known<'a> {
        let work_out = || {
            self.interfaces(&Interfaces {
                resource: endpoint.id(),
                subnets: endpoint.subnets(),
                vpc: endpoint.vpc().known(),
                groups: endpoint.security_groups(),
                has_default_group: true,
            })
        };
        self.parties.get_or(number_of(endpoint.id()), work_out)
    }

    /// The network interface of a mount target of a file system.
    ///
    /// # Errors
    ///
    /// Why its subnet is not known.
    pub fn mount_target(&self, target: MountTarget<'a>) -> Known<'a> {
        let work_out = || {
            self.interfaces(&Interfaces {
                resource: target.id(),
                subnets: target.subnet().map(|subnet| vec![subnet]),
                vpc: None,
                groups: target.security_groups(),
                has_default_group: true,
            })
        };
        self.parties.get_or(number_of(target.id()), work_out)
    }

    /// Network interfaces, subnet by subnet.
    pub(super) fn interfaces(&self, interfaces: &Interfaces<'a>) -> Known<'a> {
        let subnets = match &interfaces.subnets {
            Field::Known(subnets) if !subnets.is_empty() => subnets,
            Field::Unknown(because) => return Err(Doubt::value(interfaces.resource, "", *because)),
            _ => return Err(Doubt::of(interfaces.resource, Reason::Outside)),
        };
        Ok(subnets.iter().map(|subnet| self.interface(interfaces, subnet)).gather())
    }

    fn interface(&self, interfaces: &Interfaces<'a>, subnet: &Identity<'a>) -> Party<'a> {
        let mut party = self.in_subnet(subnet);
        party.resource = Some(interfaces.resource);
        party.vpc = party.vpc.or_else(|| interfaces.vpc.clone());
        party.groups = match &interfaces.groups {
            Field::Known(groups) if !groups.is_empty() => Groups::Of(groups.clone()),
            Field::Unknown(because) => Groups::Unknown(*because),
            _ if !interfaces.has_default_group => Groups::None,
            _ => match &party.vpc {
                // G6: without groups it is in the default one of the VPC.
                Some(Identity::Resource(resource)) => Groups::Of(vec![Identity::Attribute(Attribute {
                    resource: *resource,
                    name: "DefaultSecurityGroup",
                })]),
                _ => Groups::Unknown(Because::Import("")),
            },
        };
        party
    }

    /// Anything in a subnet.
    #[must_use]
    pub fn in_subnet(&self, subnet: &Identity<'a>) -> Party<'a> {
        Party::clone(&kept(&self.subnets, subnet, || self.work_out_subnet(subnet)))
    }

    fn work_out_subnet(&self, subnet: &Identity<'a>) -> Party<'a> {
        let view = self.model.find::<Subnet<'a>>(subnet);
        let vpc = view.and_then(|view| view.vpc().known());
        let mut party = Party { subnet: Some(subnet.clone()), ..Party::at(Vec::new()) };
        match view.map(Subnet::cidr_block) {
            Some(Field::Known(text)) => party.addresses.gather_more(Addresses::of_cidr(&text)),
            Some(Field::Unknown(because)) => {
                party.doubt = view.map(|view| Doubt::value(view.id(), "CidrBlock", because));
            }
            _ => {}
        }
        if party.addresses.is_empty() {
            party.addresses = self.addresses_of_vpc(vpc.as_ref(), Family::V4);
            party.doubt = party.doubt.or_else(|| Some(Doubt::about(Reason::Outside)));
        }
        match view.map(Subnet::ipv6_cidr_block) {
            Some(Field::Known(text)) => party.addresses.gather_more(Addresses::of_cidr(&text)),
            Some(Field::Unknown(_)) => party.addresses.push(Addresses::all(Family::V6)),
            _ => {}
        }
        party.vpc = vpc;
        party
    }

    /// The addresses that things in a VPC may have: all of a family when its ranges are not known.
    #[must_use]
    pub fn addresses_of_vpc(&self, vpc: Option<&Identity<'a>>, family: Family) -> Vec<Addresses> {
        let all = || vec![Addresses::all(family)];
        let Some(identity) = vpc else { return all() };
        let Some(view) = self.model.find::<Vpc<'a>>(identity) else { return all() };
        let further = self.model.related::<VpcCidrBlock<'a>>(Relation::VpcCidr, identity);
        let mut texts = vec![view.cidr_block()];
        texts.gather_more(further.map(VpcCidrBlock::cidr_block).filter(|text| !text.is_absent()));
        let ranges: Option<Vec<_>> = texts.into_iter().map(|text| Addresses::of_cidr(&text.known()?)).gather();
        let ranges = ranges.map(|ranges| ranges.into_iter().filter(|range| range.family == family).gather::<Vec<_>>());
        ranges.filter(|ranges| !ranges.is_empty()).unwrap_or_else(all)
    }
}

/// The subnets of a load balancer, however they are written.
pub(super) fn subnets_of<'a>(balancer: LoadBalancer<'a>) -> Field<'a, Vec<Identity<'a>>> {
    let mappings = match balancer.property("SubnetMappings").items() {
        Field::Absent => return balancer.subnets(),
        Field::Unknown(because) => return Field::Unknown(because),
        Field::Known(mappings) => mappings,
    };
    let mut subnets = Vec::new();
    for mapping in mappings {
        match mapping.get("SubnetId").identity() {
            Field::Known(identity) => subnets.push(identity),
            Field::Unknown(because) => return Field::Unknown(because),
            Field::Absent => {}
        }
    }
    Field::Known(subnets)
}
