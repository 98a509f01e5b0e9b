//! A consumer of the service: the stack that connects a VPC of another account or Region to it.

use crate::aws::Region;
use crate::aws::load_balancer::Protocol;
use crate::aws::partition::Partition;
use crate::aws::private_link::service_name_prefix;
use crate::cfn::Gather as _;
use crate::cfn::{Function, LogicalId, Map, Text, Value};
use crate::resources::Builder as _;
use crate::resources::ec2::{self, vpc_endpoint};
use crate::resources::route53::{self, hosted_zone, record_set};
use crate::spec::text::DnsName;
use crate::spec::{self, ConsumerIpType, Environment, Input, ServiceNameSource};

use super::endpoint_service::{SERVICE_NAME_OUTPUT, supported_types};
use super::load_balancer_rules::{peer, traffic};
use super::location::Location;
use super::network::Network;
use super::security_group::{Peer, SecurityGroup};
use super::{
    LoadBalancer, ParameterBinding, Scope, Stack, StackProps, consumer_checks, consumer_policy, output_reader,
    principals,
};

/// The parameter of a consumer stack that takes the name of the endpoint service.
pub const SERVICE_NAME_PARAMETER: &str = "EndpointServiceName";

/// What a consumer has to know about the provider.
#[derive(Clone, Copy, Debug)]
pub struct Provider<'a> {
    /// Its stack, which may be in another account or Region.
    pub stack: &'a Stack,
    /// What it shares with whom.
    pub settings: &'a spec::PrivateLink,
    /// What consumers connect to.
    pub load_balancer: &'a LoadBalancer,
    /// The name of the endpoint service, where it is known without asking the provider's stack.
    pub service_name: Option<&'a Value>,
    /// The Region of the service, where it is told and known at deployment only.
    pub service_region: Option<&'a Value>,
}

impl<'a> Provider<'a> {
    /// Where the provider is.
    pub(super) fn place(&self) -> Location<'a> {
        Location::of(&self.stack.props().env)
    }

    /// The ports on which consumers connect. One that is known at deployment only cannot leave its stack.
    pub(super) fn ports(&self) -> impl Iterator<Item = (Protocol, &'a Value)> {
        let is_told = self.service_name.is_some();
        let listeners = self.load_balancer.listeners.iter();
        let known = listeners.filter(move |listener| is_told || listener.port.as_int().is_some());
        known.filter_map(|listener| Some((Protocol::from_name(listener.protocol)?, &listener.port)))
    }

    /// Where the Region of the consumer, or of the service when that alone is told, stands below the consumer.
    pub(super) fn region_at(&self) -> &'static str {
        if self.service_name.is_some() { "serviceRegion" } else { "region" }
    }

    /// What decides what the service offers: a member of the sharing in the same spec, or what the consumer is told.
    pub(super) fn setting(&self, shared: &'static str, told: &'static str) -> String {
        if self.service_name.is_some() { told.to_owned() } else { format!("privateLink.{shared}") }
    }

    /// The private DNS name, when consumers can use it already.
    pub(super) fn verified_name(&self) -> Option<&'a spec::PrivateDns> {
        self.settings.private_dns.as_ref().filter(|dns| dns.verified)
    }
}

/// A consumer's connection to the service.
#[derive(Clone, Debug, PartialEq)]
pub struct Consumer {
    /// The endpoint.
    pub endpoint: LogicalId,
    /// The group that guards it.
    pub security_group: SecurityGroup,
    /// The DNS name of the endpoint.
    pub dns_name: Value,
    /// The policy that lets roles create this endpoint, when there are such roles.
    pub policy: Option<LogicalId>,
}

/// The outputs of a consumer stack: the endpoint, for whoever accepts it, and the name by which clients reach the service.
pub const ENDPOINT_ID_OUTPUT: &str = "EndpointId";
/// See [`ENDPOINT_ID_OUTPUT`].
pub const SERVICE_DNS_NAME_OUTPUT: &str = "ServiceDnsName";

impl Consumer {
    /// A stack of its own for a consumer, in the consumer's account and Region. `name` is its name in the spec.
    ///
    /// No reference of CloudFormation reaches into another account, so the stack takes the name of the service as a
    /// parameter without a default; which output of the provider stack that is stands in [`Stack::bindings`].
    #[must_use]
    pub fn stack(id: impl Into<String>, name: &str, settings: &spec::Consumer, provider: &Provider<'_>) -> Stack {
        let theirs = provider.stack.props();
        let env = Environment {
            account: settings.account.clone(),
            region: settings.region.clone().or_else(|| theirs.env.region.clone()),
        };
        let description = format!("Connects the consumer {name} to the service of the stack {}", provider.stack.name());
        let props = StackProps {
            stack_name: settings.stack_name.clone(),
            description: Some(description.into()),
            env,
            tags: theirs.tags.clone(),
            synthesizer: theirs.synthesizer,
            qualifier: theirs.qualifier.clone(),
            // Nothing else is the provider's to say in another account.
            ..StackProps::default()
        };
        let mut stack = Stack::new(id, props);
        stack.add_dependency(provider.stack.id());
        Self::new(&mut stack.scope(), name, settings, provider);
        stack
    }

    /// Adds the endpoint with its security group, its names, and the policy of those who may create it. The origin of
    /// `scope` is the spec: mistakes are reported in its member `consumers`.
    pub fn new(scope: &mut Scope<'_>, name: &str, settings: &spec::Consumer, provider: &Provider<'_>) -> Self {
        Self::connect(&mut scope.made_from(&format!("consumers/{name}")), name, settings, provider)
    }

    /// As [`Consumer::new`]; the origin of `scope` is the consumer.
    pub fn connect(scope: &mut Scope<'_>, name: &str, settings: &spec::Consumer, provider: &Provider<'_>) -> Self {
        let mut scope = scope.construct("Consumer", "ringfence.Consumer");
        let scope = &mut scope;
        consumer_checks::check(scope, settings, provider);
        let service_name = service_name(scope, name, settings, provider);
        let place = VpcPlace::of(scope, settings, provider);
        let security_group = add_group(scope, settings, provider, &place);
        let endpoint = add_endpoint(scope, settings, provider, &place, &security_group, &service_name);
        let dns = DnsEntry::of(&endpoint);
        if let Some(alias) = &settings.alias {
            add_alias(scope, &alias.to_value(), ip_type(settings, provider), &place, &dns);
        }
        let policy = consumer_policy::add(scope, settings, provider, &place, &security_group, &service_name);
        let stack = scope.stack_mut();
        stack.add_output(ENDPOINT_ID_OUTPUT, endpoint.reference(), "The endpoint, for the provider to accept");
        let reached_by = usable_name(settings, provider).map_or(dns.name.clone(), Input::to_value);
        stack.add_output(SERVICE_DNS_NAME_OUTPUT, reached_by, "The name by which clients reach the service");
        Self { endpoint, security_group, dns_name: dns.name, policy }
    }
}

/// The name by which clients are to call the service, when it is another than that of the endpoint. One that is known at
/// deployment only cannot leave the provider's stack.
fn usable_name<'a>(settings: &'a spec::Consumer, provider: &Provider<'a>) -> Option<&'a Input<DnsName>> {
    let is_told = provider.service_name.is_some();
    let verified = provider.verified_name().map(|dns| &dns.name);
    settings.alias.as_ref().or_else(|| verified.filter(|name| is_told || name.known().is_some()))
}

/// The kind of addresses of the endpoint, when it must be said: AWS takes IPv4 otherwise.
pub(super) fn ip_type(settings: &spec::Consumer, provider: &Provider<'_>) -> Option<ConsumerIpType> {
    let supported = supported_types(provider.settings, provider.load_balancer.dualstack);
    settings.ip_type.or_else(|| (supported == ["ipv6"]).then_some(ConsumerIpType::Ipv6))
}

/// The Region of the service, when it is another than that of the consumer, or may be.
pub(super) fn remote_region<'a>(settings: &spec::Consumer, provider: &Provider<'a>) -> Option<&'a str> {
    let Some(ours) = settings.region.as_ref() else {
        return provider.place().region.filter(|_| provider.service_name.is_some());
    };
    provider.place().region.filter(|theirs| *theirs != ours.as_str())
}

/// The Region of the service as a template has it, when it is another than that of the consumer, or may be.
pub(super) fn service_region(settings: &spec::Consumer, provider: &Provider<'_>) -> Option<Value> {
    let known = || remote_region(settings, provider).map(|region| Value::from(region.to_owned()));
    provider.service_region.cloned().or_else(known)
}

fn service_name(scope: &mut Scope<'_>, name: &str, settings: &spec::Consumer, provider: &Provider<'_>) -> Value {
    if let Some(name) = provider.service_name {
        return name.clone();
    }
    match settings.service_name {
        ServiceNameSource::Parameter => {
            let parameter = scope.stack_mut().add_parameter(SERVICE_NAME_PARAMETER, name_parameter(provider));
            scope.stack_mut().bind_parameter(ParameterBinding {
                parameter: SERVICE_NAME_PARAMETER.to_owned(),
                producer: provider.stack.id().to_owned(),
                output: SERVICE_NAME_OUTPUT.to_owned(),
            });
            parameter.reference()
        }
        ServiceNameSource::StackOutput => {
            let mut argument = Map::new();
            argument.push("StackName", provider.stack.name().to_owned());
            argument.push("OutputName", SERVICE_NAME_OUTPUT);
            if let Some(region) = provider.place().region {
                argument.push("Region", region.to_owned());
            }
            if let Some(role) = output_reader::role_to_assume(name, settings, provider) {
                argument.push("RoleArn", role);
            }
            Value::call(Function::GetStackOutput, argument.into())
        }
    }
}

/// A parameter without a default, since nobody knows the name before the provider stack is there.
fn name_parameter(provider: &Provider<'_>) -> Map {
    let partition = provider.place().partition().unwrap_or(Partition::Aws);
    let prefix = service_name_prefix(partition).replace('.', "\\.");
    let region = provider.place().region.unwrap_or("[a-z0-9-]+").to_owned();
    let mut parameter = Map::new();
    parameter.push("Type", "String");
    parameter.push("Description", format!("Output {SERVICE_NAME_OUTPUT} of the stack {}", provider.stack.name()));
    parameter.push("AllowedPattern", format!("^{prefix}\\.{region}\\.vpce-svc-[0-9a-f]{{8,17}}$"));
    parameter.push("ConstraintDescription", "must be the name of an endpoint service, not its ID");
    parameter
}

/// Where the endpoint goes: values of the spec, or parameters.
#[derive(Debug)]
pub(super) struct VpcPlace {
    /// The VPC.
    pub(super) vpc: Value,
    /// The subnets: a list of values, or one value that is a list.
    pub(super) subnets: Value,
    /// The ranges of the clients.
    pub(super) clients: Vec<Peer>,
}

impl VpcPlace {
    fn of(scope: &mut Scope<'_>, settings: &spec::Consumer, provider: &Provider<'_>) -> Self {
        let named: Vec<Peer> = settings.clients.iter().map(peer).gather();
        let Some(vpc) = &settings.vpc else { return Self::by_parameters(scope, settings, provider, named) };
        let whole = || vpc.cidrs.0.iter().map(|range| Peer::Ipv4(range.to_value())).gather();
        Self {
            vpc: vpc.id.to_value(),
            subnets: Value::list(vpc.subnets.iter().map(Input::to_value)),
            clients: if named.is_empty() { whole() } else { named },
        }
    }

    fn by_parameters(
        scope: &mut Scope<'_>,
        settings: &spec::Consumer,
        provider: &Provider<'_>,
        named: Vec<Peer>,
    ) -> Self {
        let mut vpc =
            parameter("AWS::EC2::VPC::Id", "The VPC from which clients connect, with DNS support and hostnames on");
        if let Some(allowed) = allowed_vpcs(settings, provider) {
            vpc.push("AllowedValues", allowed);
        }
        let subnets = parameter("List<AWS::EC2::Subnet::Id>", "Subnets for the endpoint, one per Availability Zone");
        let stack = scope.stack_mut();
        let vpc = stack.add_parameter("VpcId", vpc).reference();
        let subnets = stack.add_parameter("SubnetIds", subnets).reference();
        if !named.is_empty() {
            return Self { vpc, subnets, clients: named };
        }
        let mut range = parameter("String", "The IPv4 range from which clients connect, such as 10.0.0.0/16");
        range.push("AllowedPattern", "^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$");
        let range = stack.add_parameter("ClientCidr", range).reference();
        Self { vpc, subnets, clients: vec![Peer::Ipv4(range)] }
    }
}

fn parameter(kind: &'static str, description: &'static str) -> Map {
    let mut parameter = Map::new();
    parameter.push("Type", kind);
    parameter.push("Description", description);
    parameter
}

/// The VPCs from which the consumer may connect, when it may not from all of its account and all are known.
fn allowed_vpcs(settings: &spec::Consumer, provider: &Provider<'_>) -> Option<Vec<Text>> {
    let account = settings.account.as_ref()?;
    let principals::Coverage::From(vpcs) = principals::coverage(provider.settings, account.as_str()) else {
        return None;
    };
    let known: Vec<Text> = vpcs.iter().filter_map(|vpc| vpc.known().cloned()).gather();
    (!known.is_empty() && known.len() == vpcs.len()).then_some(known)
}

/// A group that admits the clients to the ports of the service, and nothing else.
fn add_group(
    scope: &mut Scope<'_>,
    settings: &spec::Consumer,
    provider: &Provider<'_>,
    place: &VpcPlace,
) -> SecurityGroup {
    let network = Network { vpc_id: place.vpc.clone(), ..Network::default() };
    let group =
        SecurityGroup::new(scope, "SecurityGroup", &network, "Endpoint: clients in on the ports of the service");
    let source = if settings.clients.is_empty() { "clients in the VPC" } else { "clients" };
    for (protocol, port) in provider.ports() {
        for traffic in traffic(protocol, port) {
            for client in &place.clients {
                group.allow_from(scope, client, &traffic, source);
            }
        }
    }
    group
}

fn add_endpoint(
    scope: &mut Scope<'_>,
    settings: &spec::Consumer,
    provider: &Provider<'_>,
    place: &VpcPlace,
    group: &SecurityGroup,
    service_name: &Value,
) -> LogicalId {
    let ip_type = ip_type(settings, provider).map(ConsumerIpType::word);
    let records = ip_type.map(|ip_type| vpc_endpoint::DnsOptionsSpecification::new().dns_record_ip_type(ip_type));
    let endpoint = ec2::VpcEndpoint::new()
        .vpc_endpoint_type("Interface")
        .service_name(service_name)
        .maybe(service_region(settings, provider), ec2::VpcEndpoint::service_region)
        .vpc_id(&place.vpc)
        .subnet_ids(&place.subnets)
        .security_group_ids([group.group_id.clone()])
        .private_dns_enabled(provider.verified_name().is_some())
        .maybe(ip_type, ec2::VpcEndpoint::ip_address_type)
        .maybe(records, ec2::VpcEndpoint::dns_options);
    scope.add("Endpoint", endpoint)
}

/// The name of an endpoint that is good in all its zones, and the hosted zone of that name.
struct DnsEntry {
    name: Value,
    zone: Value,
}

impl DnsEntry {
    /// Each entry is `ZONE:NAME`; the first is the one that is good in all zones. Source: CloudFormation template reference,
    /// AWS::EC2::VPCEndpoint, `DnsEntries`.
    fn of(endpoint: &LogicalId) -> Self {
        let first = Value::select(0, endpoint.attribute(ec2::VpcEndpoint::ATTR_DNS_ENTRIES));
        let parts = || Value::call(Function::Split, Value::list([Value::from(":"), first.clone()]));
        Self { zone: Value::select(0, parts()), name: Value::select(1, parts()) }
    }
}

/// A name of the consumer's own, in a hosted zone that only its VPC sees.
fn add_alias(scope: &mut Scope<'_>, alias: &Value, ip_type: Option<ConsumerIpType>, place: &VpcPlace, dns: &DnsEntry) {
    let mut scope = scope.child("Alias");
    let vpc = hosted_zone::Vpc::new().vpc_id(&place.vpc).vpc_region(Value::reference("AWS::Region"));
    let zone = scope.add("Zone", route53::HostedZone::new().name(alias).vpcs([vpc]));
    let (ipv4, ipv6) = match ip_type.unwrap_or(ConsumerIpType::Ipv4) {
        ConsumerIpType::Ipv4 => (true, false),
        ConsumerIpType::Ipv6 => (false, true),
        ConsumerIpType::Dualstack => (true, true),
    };
    for (kind, _) in [("A", ipv4), ("AAAA", ipv6)].into_iter().filter(|(_, wanted)| *wanted) {
        let target =
            record_set::AliasTarget::new().dns_name(&dns.name).hosted_zone_id(&dns.zone).evaluate_target_health(false);
        let record =
            route53::RecordSet::new().hosted_zone_id(zone.reference()).name(alias).r#type(kind).alias_target(target);
        scope.add(&format!("Record{kind}"), record);
    }
}

/// Whether an account must enable a Region before it can use it.
pub(super) fn needs_opt_in(region: &str) -> bool {
    Region::find(region).is_some_and(|region| region.opt_in)
}
