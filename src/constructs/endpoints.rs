//! The endpoints through which tasks reach AWS services.

use crate::aws::Region;
use crate::aws::endpoints::{EndpointKind, EndpointService as AwsService, did_you_mean};
use crate::aws::prefix_lists::{self, PrefixList, is_prefix_list_id, look_up_command};
use crate::aws::private_link::quotas::POLICY_CHARACTERS;
use crate::cfn::Gather as _;
use crate::cfn::{Function, LogicalId, Map, OrderedMap, OrderedSet, Text, Value};
use crate::diagnostics::Finding;
use crate::diagnostics::codes::network as codes;
use crate::resources::{Builder as _, Tag, ec2};
use crate::spec::{self, Input};

use super::Scope;
use super::endpoint_policies::{add_image_layers, least_length, policy};
pub use super::needs::Needs;
use super::network::Network;
use super::security_group::{Peer, SecurityGroup, Traffic};

/// The endpoints of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoints {
    /// The group in which the interface endpoints are; nothing when there are none.
    pub security_group: Option<SecurityGroup>,
    /// The prefix lists of the gateway endpoints that tasks must be let out to, by endpoint name (`s3`, `dynamodb`).
    pub prefix_lists: OrderedMap<Text, Value>,
    /// Where the interface endpoints are that exist already: their group, or the ranges of the VPC.
    pub elsewhere: Vec<Peer>,
    /// The ports on which the interface endpoints listen.
    pub ports: OrderedSet<u16>,
    /// How many interface endpoints were made: each takes an address in every subnet.
    pub interface_count: usize,
    /// The endpoints that were made, by the names of their services.
    pub made: OrderedMap<Text, LogicalId>,
}

/// How many interface endpoints a VPC can have unless AWS raises its quota. Source:
/// `vpc/latest/privatelink/vpc-limits-endpoints`.
const MOST_INTERFACE_ENDPOINTS: usize = 50;

/// The endpoints of ECS. Whoever uses one of them in a newer Region needs all. Source:
/// `AmazonECS/latest/developerguide/vpc-endpoints`.
const ECS_ENDPOINTS: &[&str] = &["ecs", "ecs-agent", "ecs-telemetry"];

/// What all endpoints of a network are made from.
struct Plan<'a> {
    network: &'a Network,
    props: &'a spec::Endpoints,
    needs: Needs,
    region: Option<&'a str>,
}

/// A service that is needed, with what its endpoint is called by.
struct Needed<'a> {
    key: &'a Text,
    service: &'static AwsService,
    is_fips: bool,
}

impl Endpoints {
    /// Makes exactly the endpoints that `needs` names and that do not exist already.
    ///
    /// Interface endpoints are in every subnet of the network and answer to the services' own names; nobody reaches them
    /// until [`Endpoints::admit`] lets a task in. Gateway endpoints add their routes to every route table. Without a
    /// `region` the template can go to any Region of the partition `aws` whose prefix lists are known.
    ///
    /// The scope's origin is the member `network/endpoints` of the spec.
    pub fn new(
        scope: &mut Scope<'_>,
        network: &Network,
        props: &spec::Endpoints,
        needs: &Needs,
        region: Option<&str>,
    ) -> Self {
        let mut scope = scope.construct("Endpoints", "ringfence.Endpoints");
        let plan = Plan { network, props, needs: completed(needs, region), region };
        for (index, key) in props.existing.iter().enumerate() {
            check_endpoint(&mut scope, &format!("existing/{index}"), key);
        }
        let mut endpoints = Self::default();
        for key in plan.needs.by_endpoint.keys() {
            check_endpoint(&mut scope, "", key);
            let Some((service, is_fips)) = look_up(key) else { continue };
            endpoints.add(&mut scope, &plan, &Needed { key, service, is_fips });
        }
        endpoints.check_quota(&mut scope);
        endpoints
    }

    /// What must exist before a task starts: all endpoints that were made.
    pub fn ready(&self) -> impl Iterator<Item = &LogicalId> {
        self.made.values()
    }

    /// Lets the members of `task` connect to the endpoints, and nobody else: by a rule of its own at `id` in the group of
    /// the endpoints, and by inline rules in the group of the tasks. Gives what must exist before a task starts.
    pub fn admit(&self, scope: &mut Scope<'_>, id: &str, task: &SecurityGroup) -> Vec<LogicalId> {
        let mut rules = Vec::new();
        for port in &self.ports {
            let traffic = Traffic::tcp(*port);
            if let Some(group) = &self.security_group {
                let peer = Peer::Group(group.group_id.clone());
                task.allow_to(scope, &peer, &traffic, "to the endpoints of AWS services");
                let id = if *port == HTTPS { id.to_owned() } else { format!("{id}{port}") };
                rules.push(group.allow_from_group(scope, &id, task, &traffic, "from tasks"));
            }
            for peer in &self.elsewhere {
                task.allow_to(scope, peer, &traffic, "to endpoints of AWS services that exist already");
            }
        }
        for (service, list) in &self.prefix_lists {
            let peer = Peer::PrefixList(list.clone());
            task.allow_to(scope, &peer, &Traffic::tcp(HTTPS), format!("to {service} through its gateway endpoint"));
        }
        rules
    }

    /// Lets `clients` connect to the interface endpoints that were made.
    pub fn admit_ranges(&self, scope: &mut Scope<'_>, clients: &[Peer]) {
        let Some(group) = &self.security_group else { return };
        for port in &self.ports {
            for client in clients {
                group.allow_from(scope, client, &Traffic::tcp(*port), "clients");
            }
        }
    }

    fn add(&mut self, scope: &mut Scope<'_>, plan: &Plan<'_>, needed: &Needed<'_>) {
        let kind = needed.service.usual_kind();
        let exists = !plan.props.create || plan.props.existing.contains(needed.key);
        match kind {
            EndpointKind::Gateway => self.note_prefix_list(scope, plan, needed),
            EndpointKind::Interface => self.note_port(plan, needed, exists),
        }
        if exists {
            return;
        }
        let endpoint = ec2::VpcEndpoint::new().vpc_id(plan.network.vpc_id.clone()).service_name(service_name(
            needed,
            plan.region,
            kind,
        ));
        let endpoint = match kind {
            EndpointKind::Gateway => endpoint.vpc_endpoint_type("Gateway").route_table_ids(plan.network.route_tables()),
            EndpointKind::Interface => self.interface(scope, plan, endpoint),
        };
        let made = add(scope, plan, needed, endpoint);
        self.made.insert(needed.key.clone(), made);
    }

    fn interface(&mut self, scope: &mut Scope<'_>, plan: &Plan<'_>, endpoint: ec2::VpcEndpoint) -> ec2::VpcEndpoint {
        self.interface_count += 1;
        let group = self.security_group.get_or_insert_with(|| {
            SecurityGroup::new(
                scope,
                "SecurityGroup",
                plan.network,
                "endpoints of AWS services: reached by tasks alone",
            )
        });
        endpoint
            .vpc_endpoint_type("Interface")
            .subnet_ids(plan.network.subnet_ids())
            .security_group_ids([group.group_id.clone()])
            .private_dns_enabled(true)
    }

    fn note_prefix_list(&mut self, scope: &mut Scope<'_>, plan: &Plan<'_>, needed: &Needed<'_>) {
        if let Some(list) = prefix_list(scope, plan.props, needed.service.key, plan.region) {
            self.prefix_lists.insert(needed.key.clone(), list);
        }
    }

    /// Remembers where tasks must get to: on which port, and to whom when the endpoint exists already.
    fn note_port(&mut self, plan: &Plan<'_>, needed: &Needed<'_>, exists: bool) {
        self.ports.insert(needed.service.port());
        if exists && self.elsewhere.is_empty() {
            self.elsewhere = match &plan.props.existing_security_group {
                Some(group) => vec![Peer::Group(group.to_value())],
                None => plan.network.cidrs.iter().cloned().map(Peer::Ipv4).gather(),
            };
        }
    }

    fn check_quota(&self, scope: &mut Scope<'_>) {
        if self.interface_count > MOST_INTERFACE_ENDPOINTS {
            let message = format!("{} interface endpoints are needed in one VPC", self.interface_count);
            let help = format!(
                "a VPC has at most {MOST_INTERFACE_ENDPOINTS} unless AWS raises its quota: move services into networks \
                 of their own"
            );
            scope.error(codes::TOO_MANY_ENDPOINTS, "", message, help);
        }
    }
}

/// The port of every endpoint but a few.
const HTTPS: u16 = 443;

/// Reports an endpoint that is not known, once for each name, and says whether it is known.
pub fn check_endpoint(scope: &mut Scope<'_>, at: &str, key: &str) -> bool {
    if look_up(key).is_some() {
        return true;
    }
    let help = match did_you_mean(key) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name it as its endpoint service does after the Region, such as `sqs` or `ecr.api`".to_owned(),
    };
    let message = format!("no endpoint `{key}` of an AWS service is known");
    // Whoever needs it may have said so already, at the place where it is written.
    let said = |finding: &Finding| finding.code == codes::UNKNOWN_ENDPOINT && finding.message == message;
    if !scope.stack().findings().iter().any(said) {
        scope.error(codes::UNKNOWN_ENDPOINT, at, message, help);
    }
    false
}

fn look_up(key: &str) -> Option<(&'static AwsService, bool)> {
    let fips = || AwsService::find(key.strip_suffix("-fips")?).filter(|service| service.has_fips());
    AwsService::find(key).map(|service| (service, false)).or_else(|| fips().map(|service| (service, true)))
}

/// What is needed, with what follows from it.
fn completed(needs: &Needs, region: Option<&str>) -> Needs {
    let mut needs = needs.clone();
    add_image_layers(&mut needs, region);
    let all_or_none = region.and_then(Region::find).is_some_and(|region| region.needs_all_ecs_endpoints);
    if all_or_none && ECS_ENDPOINTS.iter().any(|key| needs.contains(key)) {
        for key in ECS_ENDPOINTS.iter().filter(|key| !needs.contains(key)).copied().gather::<Vec<_>>() {
            needs.need(key);
        }
    }
    needs
}

/// The name of the endpoint service, in one Region or in whichever the stack is deployed to.
fn service_name(needed: &Needed<'_>, region: Option<&str>, kind: EndpointKind) -> Value {
    let suffix = if needed.is_fips { "-fips" } else { "" };
    match region {
        Some(region) => Value::from(format!("{}{suffix}", needed.service.service_name(region, kind))),
        None => Value::join([
            Value::from("com.amazonaws."),
            Value::reference("AWS::Region"),
            Value::from(format!(".{}{suffix}", needed.service.key)),
        ]),
    }
}

/// Adds an endpoint with its policy.
fn add(scope: &mut Scope<'_>, plan: &Plan<'_>, needed: &Needed<'_>, endpoint: ec2::VpcEndpoint) -> LogicalId {
    let id = construct_id(needed.key);
    let takes_policy = plan.props.restrict && needed.service.takes_policy == Some(true);
    let policy = takes_policy.then(|| plan.needs.limits(needed.key)).flatten().map(policy);
    if policy.as_ref().is_some_and(|policy| least_length(policy) > POLICY_CHARACTERS) {
        let message =
            format!("the policy of the endpoint `{}` is longer than {POLICY_CHARACTERS} characters", needed.key);
        let help = "give resources in common patterns instead of one by one, or set `restrict: false`";
        scope.error(codes::ENDPOINT_POLICY_TOO_LONG, "restrict", message, help);
    }
    let name = format!("{}/{}/{id}", scope.stack().name(), scope.path());
    let endpoint = endpoint.maybe(policy, ec2::VpcEndpoint::policy_document).tags([Tag::new().key("Name").value(name)]);
    scope.add(&id, endpoint)
}

/// The construct ID of an endpoint: `EcrApi` for `ecr.api`.
fn construct_id(key: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).gather::<String>()
    };
    key.split(['.', '-']).map(word).gather()
}

/// The prefix list of a gateway endpoint: as the spec gives it, as it is known for the Region, or from a mapping of all
/// Regions for which it is known.
fn prefix_list(
    scope: &mut Scope<'_>,
    props: &spec::Endpoints,
    key: &'static str,
    region: Option<&str>,
) -> Option<Value> {
    let (given, member, known, mapping) = match key {
        "dynamodb" => {
            (&props.dynamodb_prefix_list, "dynamodbPrefixList", prefix_lists::DYNAMODB, "DynamodbPrefixLists")
        }
        _ => (&props.s3_prefix_list, "s3PrefixList", prefix_lists::S3, "S3PrefixLists"),
    };
    if let Some(given) = given {
        check_prefix_list(scope, member, given);
        return Some(given.to_value());
    }
    let Some(region) = region else {
        scope.stack_mut().add_mapping(mapping, || all_regions(known));
        let arguments = [Value::from(mapping), Value::reference("AWS::Region"), Value::from("id")];
        return Some(Value::call(Function::FindInMap, Value::list(arguments)));
    };
    let list = known.iter().find(|list| list.region == region);
    if list.is_none() {
        let message = format!("the prefix list of `{key}` in `{region}` is not known here");
        let help =
            format!("give its ID as `network.endpoints.{member}`; this finds it: `{}`", look_up_command(region, key));
        scope.error(codes::UNKNOWN_PREFIX_LIST, "", message, help);
    }
    list.map(|list| Value::from(list.id))
}

fn check_prefix_list(scope: &mut Scope<'_>, member: &str, given: &Input<Text>) {
    if let Some(text) = given.known()
        && !is_prefix_list_id(text)
        && !text.starts_with("{{resolve:")
    {
        let message = format!("`{text}` is not the ID of a prefix list");
        scope.error(codes::BAD_PREFIX_LIST, member, message, "write it like `pl-6da54004`");
    }
}

fn all_regions(lists: &[PrefixList]) -> Map {
    lists.iter().map(|list| (Text::from(list.region), Value::map([("id", Value::from(list.id))]))).gather()
}
