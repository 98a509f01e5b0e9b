//! Services of AWS: through an endpoint of the VPC, or by their public addresses (P1, P2, R6 to R10).

use std::rc::Rc;

use super::routes::{Next, Target};
use super::{
    Answer, Blocker, Cause, Direction, Doubt, End, Family, Groups, Party, Path, Reach, Reason, Step, Traffic, kept,
};
use crate::model::{Endpoint, Field, Identity, Model, Relation, ResourceId, View};
use crate::model::{Gather as _, GatherMore as _};

/// What a VPC has for reaching services of AWS.
#[derive(Debug)]
pub(super) struct Vpc<'a> {
    /// Its endpoints with the keys of their services.
    endpoints: Vec<(&'static str, Endpoint<'a>)>,
    /// Why it may have others.
    hidden: Option<Doubt<'a>>,
    /// Whether the private names of endpoints are resolved.
    dns: Option<bool>,
    /// Whether it is joined to networks that are not here.
    is_joined: bool,
}

impl<'a> Vpc<'a> {
    fn of(model: &'a Model<'a>, identity: &Identity<'a>) -> Self {
        let Some(view) = model.find::<crate::model::Vpc<'a>>(identity) else {
            let hidden = Some(Doubt::about(Reason::Outside));
            return Self { endpoints: endpoints_of(model, identity).0, hidden, dns: None, is_joined: true };
        };
        let (endpoints, unclear) = endpoints_of(model, identity);
        let dns = match (view.has_dns_support(), view.has_dns_hostnames()) {
            (Field::Known(support), Field::Known(hostnames)) => Some(support && hostnames),
            (Field::Known(false), _) | (_, Field::Known(false)) => Some(false),
            _ => None,
        };
        let dns = if has_own_resolvers(model) { dns.filter(|is_on| !is_on) } else { dns };
        let hidden = unclear.or_else(|| hidden_parts(model, identity));
        Self { endpoints, hidden, dns, is_joined: is_joined(model) }
    }
}

/// The endpoints of a VPC, and the doubt whether there are more of them.
fn endpoints_of<'a>(
    model: &'a Model<'a>,
    vpc: &Identity<'a>,
) -> (Vec<(&'static str, Endpoint<'a>)>, Option<Doubt<'a>>) {
    let mut unclear = None;
    let mut found = Vec::new();
    for endpoint in model.related::<Endpoint<'a>>(Relation::EndpointVpc, vpc) {
        match endpoint.aws_service() {
            Some(service) => found.push((service.key, endpoint)),
            // Without private names it answers to no name of AWS, whatever it is for.
            None if endpoint.is_service_known() || has_no_names(&endpoint) => {}
            None => {
                let because = endpoint.service_name().text().because();
                unclear = because.map(|because| Doubt::value(endpoint.id(), "ServiceName", because)).or(unclear);
            }
        }
    }
    (found, unclear)
}

/// Whether it is known to answer to the names of no service: those that AWS makes for it alone lead to it.
fn has_no_names(endpoint: &Endpoint<'_>) -> bool {
    endpoint.is_interface() && endpoint.private_dns().is_known_and(|has_names| !has_names)
}

/// Why things may belong to a VPC that are not here: parts of the app that were not given, and endpoints of VPCs that are
/// not known.
fn hidden_parts<'a>(model: &'a Model<'a>, vpc: &Identity<'a>) -> Option<Doubt<'a>> {
    let app = model.evaluation().app();
    if app.templates().iter().any(|template| template.has_macros()) {
        return Some(Doubt::about(Reason::MayBeElsewhere));
    }
    let nested = model.of_type("AWS::CloudFormation::Stack").find(|id| app.child_of(*id).is_none());
    let module = || model.types().any(|name| name.ends_with("::MODULE"));
    if nested.is_some() || module() {
        return Some(Doubt { resource: nested, ..Doubt::about(Reason::MayBeElsewhere) });
    }
    let Identity::Resource(vpc) = vpc else { return None };
    if app.templates().len() < 2 {
        return None;
    }
    let may_be_here = |endpoint: &Endpoint<'a>| match endpoint.vpc() {
        Field::Known(Identity::Unnamed(because)) => !super::identity::is_given_before(model, because, vpc.template),
        Field::Known(_) | Field::Absent => false,
        Field::Unknown(_) => true,
    };
    let loose = model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.id().template != vpc.template);
    loose.into_iter().find(may_be_here).map(|endpoint| Doubt::of(endpoint.id(), Reason::MayBeElsewhere))
}

/// Whether names may be resolved by others than AWS: other name servers, hosted zones for the names of AWS, resolver rules.
fn has_own_resolvers(model: &Model<'_>) -> bool {
    let is_amazon = |id: ResourceId| {
        let servers = model.property(id, "DomainNameServers").items().known().unwrap_or_default();
        servers.iter().all(|server| server.text().is_known_and(|name| name == "AmazonProvidedDNS"))
    };
    model.of_type("AWS::EC2::DHCPOptions").any(|id| !is_amazon(id))
}

/// Whether a hosted zone or a resolver rule may answer to the name of a service of AWS.
fn has_own_zones(model: &Model<'_>, key: &str) -> bool {
    let host = crate::aws::endpoints::EndpointService::find(key).map_or("", |service| service.host);
    let may_answer = |id: ResourceId| {
        let name = crate::model::text_with_holes(&model.property(id, "Name"));
        !model.property(id, "VPCs").is_absent() && may_be_zone_of(&name.to_ascii_lowercase(), host)
    };
    model.of_type("AWS::Route53::HostedZone").any(may_answer)
        || model.of_type("AWS::Route53Resolver::ResolverRuleAssociation").next().is_some()
        || model.of_type("AWS::Route53Profiles::ProfileAssociation").next().is_some()
}

/// Whether the name of a service of AWS may be in the hosted zone `zone`, in which `${}` stands for what is not known: the zone
/// is of the service itself, of something in it, or of several services.
fn may_be_zone_of(zone: &str, host: &str) -> bool {
    let zone = zone.trim_end_matches('.');
    let before = [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"].iter().find_map(|end| zone.strip_suffix(end));
    let Some(before) = before else {
        return zone.contains("amazonaws") || zone.contains("api.aws") || zone.contains("${}");
    };
    // What stands before the Region.
    let Some((own, _)) = before.rsplit_once('.') else { return true };
    let host = host.trim_start_matches("*.");
    let is_in =
        |inner: &str, outer: &str| inner.strip_suffix(outer).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    host.is_empty() || own.contains("${}") || is_in(own, host) || is_in(host, own)
}

/// Whether routes may come to a VPC that no template names: those that a VPN propagates. Others, such as those to a transit
/// gateway, are written down even where the attachment is.
fn is_joined(model: &Model<'_>) -> bool {
    model.of_type("AWS::EC2::VPNGatewayRoutePropagation").next().is_some()
}

impl<'a> Reach<'a> {
    fn vpc(&self, identity: &Identity<'a>) -> Rc<Vpc<'a>> {
        kept(&self.vpcs, identity, || Vpc::of(self.model, identity))
    }

    /// Whether `from` reaches a service of AWS in its Region by the name that SDKs call, on the port of its endpoints.
    #[must_use]
    pub fn to_aws_service(&self, from: &Party<'a>, key: &'static str) -> Answer<'a> {
        let Some(identity) = &from.vpc else { return Answer::Unknown(vec![Doubt::about(Reason::Outside)]) };
        let vpc = self.vpc(identity);
        let of_key = || vpc.endpoints.iter().filter(|(known, _)| *known == key).map(|(_, endpoint)| *endpoint);
        let mut private: Option<Answer<'a>> = None;
        let mut is_sure = false;
        for endpoint in of_key().filter(|endpoint| !endpoint.is_gateway()) {
            let Some(answers) = answers_to_name(endpoint, &vpc, key) else { continue };
            is_sure |= answers;
            let answer = self.to_endpoint(from, endpoint, key);
            private = Some(match private {
                None => answer,
                Some(other) => other.or(answer),
            });
        }
        if let (Some(answer), true) = (&private, is_sure) {
            return answer.clone();
        }
        let public = self.to_public_service(from, &vpc, key);
        let public = match public {
            Answer::Blocked(blockers) => self.without_endpoint(from, &vpc, key, blockers),
            other => other,
        };
        match private {
            None => public,
            Some(answer) => answer.or(public),
        }
    }

    /// The endpoints through which `from` surely reaches a service, if through any.
    #[must_use]
    pub fn endpoints_taken(&self, from: &Party<'a>, key: &'static str) -> Vec<Endpoint<'a>> {
        let (Some(identity), Some(subnet)) = (&from.vpc, &from.subnet) else { return Vec::new() };
        let vpc = self.vpc(identity);
        let of_key = vpc.endpoints.iter().filter(|(known, _)| *known == key).map(|(_, endpoint)| *endpoint);
        let taken: Vec<_> = of_key.filter(|one| answers_to_name(*one, &vpc, key) == Some(true)).gather();
        if !taken.is_empty() {
            return taken;
        }
        let to = Party::public_service(key);
        let nexts = self.next_hops(subnet, &to, Family::V4).map(|(_, nexts)| nexts).unwrap_or_default();
        let gateway = |next: &Next<'a>| match next.target {
            Some(Target::GatewayEndpoint(id)) if next.is_sure => self.model.view(id),
            _ => None,
        };
        nexts.iter().filter_map(gateway).gather()
    }

    /// What blocks a service that has no working endpoint: that, and what is in the way to its public addresses.
    fn without_endpoint(
        &self,
        from: &Party<'a>,
        vpc: &Vpc<'a>,
        key: &'static str,
        way: Vec<Blocker<'a>>,
    ) -> Answer<'a> {
        let is_about_the_way = |blocker: &Blocker<'a>| {
            !matches!(
                blocker.cause,
                Cause::GroupRules
                    | Cause::GroupWithoutRules
                    | Cause::NetworkAcl
                    | Cause::NetworkAclReplies
                    | Cause::DefaultGroup
            )
        };
        let others = || way.iter().filter(|blocker| !is_about_the_way(blocker)).cloned();
        let doubt = vpc.hidden.clone().or_else(|| {
            (vpc.is_joined || has_own_zones(self.model, key)).then(|| Doubt::about(Reason::ForeignNetwork))
        });
        if let Some(doubt) = doubt {
            return Answer::Unknown(vec![doubt]);
        }
        if !way.iter().any(is_about_the_way) {
            return Answer::Blocked(way);
        }
        let endpoints: Vec<_> = vpc.endpoints.iter().filter(|(known, _)| *known == key).gather();
        let subnet = from.subnet.as_ref().and_then(resource_of);
        let about = |cause, resource| Blocker {
            party: from.resource,
            subnet,
            service: key,
            ..Blocker::new(cause, End::Between, resource)
        };
        let mut blockers: Vec<_> = endpoints
            .iter()
            .map(|(_, endpoint)| match (endpoint.is_gateway(), vpc.dns) {
                (true, _) => about(Cause::GatewayNotInTable, Some(endpoint.id())),
                (false, Some(false)) if endpoint.private_dns().is_known_and(|is_on| is_on) => {
                    let vpc = from.vpc.as_ref().and_then(resource_of);
                    Blocker { other: Some(endpoint.id()), ..about(Cause::DnsOff, vpc) }
                }
                (false, _) => about(Cause::PrivateDnsOff, Some(endpoint.id())),
            })
            .gather();
        if blockers.is_empty() {
            blockers.push(about(Cause::NoEndpoint, None));
        }
        // What the rules of groups say of public addresses does not matter when an endpoint is what is meant.
        if endpoints.iter().all(|(_, endpoint)| endpoint.is_gateway()) && !endpoints.is_empty() {
            blockers.gather_more(others());
        }
        let routes = way.into_iter().filter(is_about_the_way);
        blockers.gather_more(routes.map(|blocker| Blocker { party: from.resource, service: key, ..blocker }));
        Answer::Blocked(blockers)
    }

    /// Whether `from` reaches the network interfaces of an endpoint on the port of its service, whichever it is given.
    fn to_endpoint(&self, from: &Party<'a>, endpoint: Endpoint<'a>, key: &'static str) -> Answer<'a> {
        let port = crate::aws::endpoints::EndpointService::find(key).map_or(443, |service| service.port());
        let answer = self.to_interfaces(from, endpoint, Traffic::tcp(port));
        match answer {
            Answer::Blocked(blockers) => {
                Answer::Blocked(blockers.into_iter().map(|blocker| Blocker { service: key, ..blocker }).gather())
            }
            other => other,
        }
    }

    /// Whether `from` reaches every network interface of an endpoint.
    #[must_use]
    pub fn to_interfaces(&self, from: &Party<'a>, endpoint: Endpoint<'a>, traffic: Traffic) -> Answer<'a> {
        let parties = match self.endpoint(endpoint) {
            Ok(parties) => parties,
            Err(doubt) => return self.to_somewhere(from, endpoint, traffic, doubt),
        };
        let answers = parties.iter().map(|party| self.between(from, party, traffic));
        answers.reduce(Answer::and).unwrap_or(Answer::Admitted)
    }

    /// Whether `from` reaches an endpoint whose subnets are not known: blocked when its groups say so.
    fn to_somewhere(&self, from: &Party<'a>, endpoint: Endpoint<'a>, traffic: Traffic, doubt: Doubt<'a>) -> Answer<'a> {
        let groups = match endpoint.security_groups() {
            Field::Known(groups) if !groups.is_empty() => Groups::Of(groups),
            _ => return Answer::Unknown(vec![doubt]),
        };
        let addresses = self.addresses_of_vpc(from.vpc.as_ref(), Family::V4);
        let to = Party { resource: Some(endpoint.id()), vpc: from.vpc.clone(), groups, ..Party::at(addresses) };
        match self.between(from, &to, traffic) {
            Answer::Blocked(blockers) => Answer::Blocked(blockers),
            Answer::Unknown(doubts) => Answer::Unknown(doubts),
            Answer::Admitted => Answer::Unknown(vec![doubt]),
        }
    }

    /// Whether traffic passes between two parties of one VPC: the groups of both and the network ACLs between them.
    #[must_use]
    pub fn between(&self, from: &Party<'a>, to: &Party<'a>, traffic: Traffic) -> Answer<'a> {
        if self.open_ways.borrow().has(from, to, traffic) {
            return Answer::Admitted;
        }
        let answer = self.answer_of(&self.path(from, to, traffic));
        if answer.is_admitted() {
            self.open_ways.borrow_mut().add(from, to, traffic);
        }
        answer
    }

    /// The path between two parties of one VPC.
    #[must_use]
    pub fn path(&self, from: &Party<'a>, to: &Party<'a>, traffic: Traffic) -> Path<'a> {
        let asked = traffic.headers(from, to);
        let mut path = Path::new(asked.clone());
        path.step(self.groups_step(from, Direction::Out, &asked, to));
        if let Some(step) = self.diverted(from, to, &asked) {
            path.step(step);
        }
        self.acl_steps(from, to, &asked).into_iter().for_each(|step| path.step(step));
        path.step(self.groups_step(to, Direction::In, &asked, from));
        path
    }

    /// Whether `from` reaches the public addresses of a service.
    fn to_public_service(&self, from: &Party<'a>, vpc: &Vpc<'a>, key: &'static str) -> Answer<'a> {
        let to = Party::public_service(key);
        let port = crate::aws::endpoints::EndpointService::find(key).map_or(443, |service| service.port());
        let way = self.way_out(from, &to, Family::V4);
        let way = match way {
            Answer::Blocked(blockers) if vpc.is_joined => Answer::Unknown(vec![Doubt {
                resource: blockers.first().and_then(|blocker| blocker.resource),
                ..Doubt::about(Reason::ForeignNetwork)
            }]),
            other => other,
        };
        self.between(from, &to, Traffic::tcp(port)).and(way)
    }

    /// Whether `from` reaches public addresses on a port.
    #[must_use]
    pub fn to_internet(&self, from: &Party<'a>, traffic: Traffic) -> Answer<'a> {
        self.to_public(from, &Party::internet(), traffic)
    }

    /// Whether `from` reaches public addresses that are not those of a service of AWS in the Region.
    #[must_use]
    pub fn to_elsewhere(&self, from: &Party<'a>, traffic: Traffic) -> Answer<'a> {
        self.to_public(from, &Party::elsewhere(), traffic)
    }

    fn to_public(&self, from: &Party<'a>, to: &Party<'a>, traffic: Traffic) -> Answer<'a> {
        self.between(from, to, traffic).and(self.way_out(from, to, traffic.family))
    }

    /// Where the routes of a subnet lead that go to public addresses.
    fn way_out(&self, from: &Party<'a>, to: &Party<'a>, family: Family) -> Answer<'a> {
        let Some(subnet) = &from.subnet else { return Answer::Unknown(vec![Doubt::about(Reason::Outside)]) };
        let (table, nexts) = match self.next_hops(subnet, to, family) {
            Ok(found) => found,
            Err(doubt) => {
                self.is_exhausted.set(self.is_exhausted.get() || doubt.reason == Reason::Limit);
                return Answer::Unknown(vec![doubt]);
            }
        };
        let leads_elsewhere = table.as_ref().is_some_and(|table| self.leads_elsewhere(table));
        let answers = nexts.iter().map(|next| match &next.target {
            None if leads_elsewhere => Answer::Unknown(vec![Doubt::about(Reason::ForeignNetwork)]),
            None => {
                let table = table.as_ref().and_then(resource_of);
                let blocker = Blocker::new(Cause::NoRoute, End::Between, table);
                Answer::Blocked(vec![Blocker { subnet: resource_of(subnet), ..blocker }])
            }
            Some(target) => self.through(from, to, family, next, target),
        });
        answers.reduce(Answer::or).unwrap_or(Answer::Unknown(vec![Doubt::partly()]))
    }

    /// What becomes of traffic to public addresses that a route sends somewhere.
    fn through(
        &self,
        from: &Party<'a>,
        to: &Party<'a>,
        family: Family,
        next: &Next<'a>,
        target: &Target<'a>,
    ) -> Answer<'a> {
        let unknown = |reason| Answer::Unknown(vec![Doubt { resource: next.route, ..Doubt::about(reason) }]);
        let blocked = |cause| Answer::Blocked(vec![Blocker::new(cause, End::Between, next.route)]);
        match target {
            Target::GatewayEndpoint(_) if to.service.is_some() && next.is_sure => Answer::Admitted,
            Target::GatewayEndpoint(_) => unknown(Reason::Opaque),
            Target::InternetGateway(gateway) => {
                let attached = from.vpc.as_ref().and_then(|vpc| self.is_attached(gateway, vpc));
                match (attached, family, from.is_public) {
                    (Some(false), ..) => blocked(Cause::GatewayNotAttached),
                    (_, Family::V4, Some(false)) => blocked(Cause::NoPublicAddress),
                    (Some(true), Family::V4, Some(true)) | (Some(true), Family::V6, _) => self.unless_blocked(),
                    _ => unknown(Reason::Outside),
                }
            }
            Target::Nat(identity) => self.through_nat(from, to, identity, next.route),
            Target::EgressOnly => self.unless_blocked(),
            Target::TransitGateway(gateway) => self.through_transit_gateway(from, to, gateway, next.route),
            Target::Peering | Target::Foreign => unknown(Reason::ForeignNetwork),
            Target::Appliance => unknown(Reason::Inspected),
            Target::Unknown(because) => unknown(Reason::Value(*because)),
        }
    }

    /// R16: public access to VPCs may be blocked as a whole.
    fn unless_blocked(&self) -> Answer<'a> {
        match self.model.of_type("AWS::EC2::VPCBlockPublicAccessOptions").next() {
            Some(id) => Answer::Unknown(vec![Doubt::of(id, Reason::Undocumented)]),
            None => Answer::Admitted,
        }
    }

    /// R8: a NAT gateway needs a way to the internet from its own subnet, whose network ACL sees both of its sides.
    fn through_nat(
        &self,
        from: &Party<'a>,
        to: &Party<'a>,
        identity: &Identity<'a>,
        route: Option<ResourceId>,
    ) -> Answer<'a> {
        let unknown = |reason| Answer::Unknown(vec![Doubt { resource: route, ..Doubt::about(reason) }]);
        let Some(gateway) = self.nat_gateway(identity) else { return unknown(Reason::Outside) };
        match gateway.connectivity() {
            Field::Known(kind) if kind == "private" => {
                return Answer::Blocked(vec![Blocker::new(Cause::PrivateNat, End::Between, Some(gateway.id()))]);
            }
            Field::Unknown(because) => return unknown(Reason::Value(because)),
            _ => {}
        }
        let Field::Known(subnet) = gateway.subnet() else { return unknown(Reason::Outside) };
        let own = Party { is_public: Some(true), resource: Some(gateway.id()), ..self.in_subnet(&subnet) };
        let Ok((_, nexts)) = self.next_hops(&subnet, to, Family::V4) else { return unknown(Reason::Outside) };
        let is_out = nexts.iter().map(|next| match &next.target {
            Some(Target::InternetGateway(gateway)) => own.vpc.as_ref().and_then(|vpc| self.is_attached(gateway, vpc)),
            None => Some(false),
            // It would send everything to itself.
            Some(Target::Nat(next)) if next == identity => Some(false),
            Some(_) => None,
        });
        let is_out = is_out.reduce(|one, other| if one == other { one } else { None }).flatten();
        match is_out {
            Some(true) => self.nat_acls(from, to, &own).and(self.unless_blocked()),
            Some(false) => {
                Answer::Blocked(vec![Blocker::new(Cause::NatWithoutWayOut, End::Between, Some(gateway.id()))])
            }
            None => unknown(Reason::ForeignNetwork),
        }
    }

    /// The network ACL of the subnet of a NAT gateway, on its way in and on its way out.
    fn nat_acls(&self, from: &Party<'a>, to: &Party<'a>, gateway: &Party<'a>) -> Answer<'a> {
        let traffic = Traffic::tcp(443);
        let inner = Party { addresses: to.addresses.clone(), ..gateway.clone() };
        let from = Party { groups: Groups::None, ..from.clone() };
        let legs = [(&from, &inner), (gateway, to)];
        let answers = legs.into_iter().map(|(one, other)| {
            let asked = traffic.headers(one, other);
            let mut path = Path::new(asked.clone());
            path.step(Step::open(&asked));
            self.acl_steps(one, other, &asked).into_iter().for_each(|step| path.step(step));
            self.answer_of(&path)
        });
        answers.reduce(Answer::and).unwrap_or(Answer::Admitted)
    }
}

/// Whether an interface endpoint answers to the public name of its service (P2): nothing when it surely does not.
fn answers_to_name<'a>(endpoint: Endpoint<'a>, vpc: &Vpc<'a>, key: &str) -> Option<bool> {
    let is_on = match (endpoint.private_dns(), vpc.dns) {
        (Field::Known(false) | Field::Absent, _) | (_, Some(false)) => return None,
        (Field::Known(true), Some(true)) => endpoint.is_interface(),
        _ => false,
    };
    let inbound_only = endpoint.property("DnsOptions/PrivateDnsOnlyForInboundResolverEndpoint");
    match (key, inbound_only.text()) {
        // That of S3 may leave names within the VPC to the gateway endpoint.
        ("s3", Field::Known(text)) if text == "OnlyInboundResolver" => None,
        ("s3", Field::Known(text)) if text == "AllResolvers" => Some(is_on),
        ("s3", _) => Some(false),
        _ => Some(is_on),
    }
}

/// The resource that an identity is.
pub(super) fn resource_of(identity: &Identity<'_>) -> Option<ResourceId> {
    match identity {
        Identity::Resource(id) => Some(*id),
        _ => None,
    }
}
