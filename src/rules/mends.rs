//! What mends findings of several rules.

use crate::diagnostics::{Mend, Root};
use crate::model::glob::Pattern;
use crate::model::{
    Function, Gather as _, Identity, LoadBalancer, Model, Relation, ResourceId, Role, SecurityGroup, TargetGroup,
    Value, View,
};
use crate::reach::{Blocker, End, Protocol};

/// A reference to another resource of the same template, or to an attribute of it.
pub(super) fn reference(model: &Model<'_>, from: ResourceId, to: ResourceId, attribute: &'static str) -> Option<Value> {
    let name = model.logical_id(to).to_owned();
    let value = if attribute.is_empty() { Value::reference(name) } else { Value::attribute(name, attribute) };
    (from.template == to.template).then_some(value)
}

/// A map of a few members.
#[inline(never)]
pub(super) fn map(members: Vec<(&'static str, Value)>) -> Value {
    Value::map(members)
}

/// The condition that somebody acts for the account of the stack.
pub(super) fn for_own_account() -> Value {
    let account = Value::call(Function::Ref, Value::from("AWS::AccountId"));
    map(vec![("StringEquals", map(vec![("aws:SourceAccount", account)]))])
}

/// Gives a load balancer an attribute that it does not have.
fn attribute(balancer: LoadBalancer<'_>, key: &str, value: &str) -> Mend {
    let entry = map(vec![("Key", Value::from(key.to_owned())), ("Value", Value::from(value.to_owned()))]);
    let mend = Mend::suggested(format!("set `{key}` to `{value}`")).on(balancer.id());
    mend.add("LoadBalancerAttributes", vec![entry])
}

/// Lets the nodes of a load balancer forward to targets in other zones, when nothing is said of it.
pub(super) fn across_zones(balancer: LoadBalancer<'_>, group: TargetGroup<'_>) -> Option<Mend> {
    const KEY: &str = "load_balancing.cross_zone.enabled";
    let is_unsaid = group.attribute(KEY).is_absent() && balancer.attribute(KEY).is_absent();
    is_unsaid.then(|| attribute(balancer, KEY, "true"))
}

/// Leaves out the entry of an attribute whose value stands at a path.
pub(super) fn without_attribute(path: &str) -> Option<Mend> {
    path.strip_suffix("/Value").map(|entry| Mend::leaving_out(false, entry))
}

/// Lets a service assume a role: in place of the only one that may, when all to whom the role is given are of one type, and
/// otherwise beside it.
pub(super) fn trust(role: Role<'_>, service: &'static str, given_to: &str) -> Option<Mend> {
    let model = role.model();
    let document = crate::model::policy::PolicyDocument::read(model, &role.trust());
    let [statement] = document.shared_statements() else { return None };
    let principals = statement.principals.clone().known()?;
    let [principal] = principals.as_slice() else { return None };
    let is_service = principal.kind == "Service" && statement.allows.is_yes() && !statement.excepts_principals;
    let place = |inner: &str| format!("AssumeRolePolicyDocument/{}/{inner}", statement.place);
    let mut dependents = model.dependencies().dependents(role.id()).filter(|id| !holds_policy(model.type_of(*id)));
    let mend = if dependents.all(|id| model.type_of(id) == given_to) {
        Mend::setting(false, &place(&principal.place), service.into())
    } else {
        Mend::suggested(format!("let `{service}` assume the role"))
            .add(&place("Principal/Service"), vec![service.into()])
    };
    is_service.then(|| mend.on(role.id()))
}

/// Whether resources of a type say what a role may do, and do not use it.
fn holds_policy(type_name: &str) -> bool {
    matches!(type_name, "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" | "AWS::IAM::RolePolicy")
}

/// Who is at the other end of a rule that a security group lacks.
pub(super) enum Peer {
    /// The members of a security group.
    Group(ResourceId),
    /// The addresses of a VPC or subnet.
    Range(ResourceId),
    /// What is in a prefix list.
    List(&'static str),
}

/// Where network interfaces say in which security groups they are, by type.
const GROUPS: [(&str, &str); 5] = [
    ("AWS::EC2::VPCEndpoint", "SecurityGroupIds"),
    ("AWS::ECS::Service", "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups"),
    ("AWS::EFS::MountTarget", "SecurityGroups"),
    (LoadBalancer::TYPE, "SecurityGroups"),
    ("AWS::SecretsManager::RotationSchedule", "HostedRotationLambda/VpcSecurityGroupIds"),
];

/// What something is to the security groups of others: a member of its own group, or without one some addresses.
pub(super) fn peers<'a>(model: &'a Model<'a>, id: ResourceId) -> Vec<Peer> {
    let type_name = model.type_of(id);
    let Some((_, path)) = GROUPS.iter().find(|(known, _)| *known == type_name) else { return Vec::new() };
    let groups = model.property(id, path);
    let is_group = |id: &ResourceId| model.type_of(*id) == SecurityGroup::TYPE;
    let first = groups.known_items().iter().find_map(|group| group.resource().filter(is_group));
    match (first, model.view::<LoadBalancer<'a>>(id)) {
        (Some(group), _) => vec![Peer::Group(group)],
        (None, Some(balancer)) if groups.is_absent() => ranges(balancer),
        _ => Vec::new(),
    }
}

/// The addresses of the nodes of a load balancer, when all of its subnets are of the app.
pub(super) fn ranges(balancer: LoadBalancer<'_>) -> Vec<Peer> {
    let subnets = balancer.node_subnets().known().unwrap_or_default();
    let range = |subnet: &Identity<'_>| match subnet {
        Identity::Resource(id) => Some(Peer::Range(*id)),
        _ => None,
    };
    subnets.iter().map(range).gather::<Option<Vec<Peer>>>().unwrap_or_default()
}

/// Adds to the security group that is in the way a rule for a port, for each of those at the other end: among its own rules,
/// or, when that would make a circle of references, as a resource of its own.
pub(super) fn opening<'a>(
    model: &'a Model<'a>,
    blocker: &Blocker<'a>,
    protocol: Protocol,
    port: Option<u16>,
    peers: &[Peer],
) -> Option<Mend> {
    let group = blocker.resource.filter(|id| model.type_of(*id) == SecurityGroup::TYPE)?;
    let (port, is_in) = (port?, blocker.end == End::Destination);
    let list = if is_in { "SecurityGroupIngress" } else { "SecurityGroupEgress" };
    let name = if protocol == Protocol::UDP { "udp" } else { "tcp" };
    let rule = |peer: &Peer| {
        let number = || Value::from(i64::from(port));
        let mut rule = vec![("IpProtocol", Value::from(name)), ("FromPort", number()), ("ToPort", number())];
        rule.push(member(model, group, is_in, peer)?);
        Some(rule)
    };
    let rules: Vec<_> = peers.iter().map(rule).gather::<Option<_>>()?;
    let is_circle = peers.iter().any(|peer| match peer {
        Peer::Group(id) | Peer::Range(id) => *id == group || model.dependencies().reaches(*id, &[group]),
        Peer::List(_) => false,
    });
    let is_there = model.property(group, list).is_list();
    let stands_alone = if is_in { Relation::IngressOfGroup } else { Relation::EgressOfGroup };
    let has_others = model.referring(stands_alone, &Identity::Resource(group)).next().is_some();
    let mend = Mend::suggested(format!("add a rule for port {port} to `{}`", model.logical_id(group)));
    if !is_circle && (is_there || is_in && !has_others && model.property(group, list).is_absent()) {
        return (!rules.is_empty()).then(|| mend.on(group).add(list, rules.into_iter().map(map).gather()));
    }
    let type_name = if is_in { "AWS::EC2::SecurityGroupIngress" } else { "AWS::EC2::SecurityGroupEgress" };
    let mut mend = mend.at(Root::Template);
    for (index, mut rule) in rules.into_iter().enumerate() {
        let other = match peers.get(index)? {
            Peer::Group(id) | Peer::Range(id) => model.logical_id(*id),
            Peer::List(_) => "List",
        };
        let logical_id = format!("{}{}{other}{port}", model.logical_id(group), if is_in { "From" } else { "To" });
        if model.template_of(group)?.resource_index(&logical_id).is_some() {
            return None;
        }
        rule.insert(0, ("GroupId", reference(model, group, group, "GroupId")?));
        let made = map(vec![("Type", Value::from(type_name)), ("Properties", map(rule))]);
        mend = mend.set(format!("Resources/{logical_id}"), made);
    }
    (!peers.is_empty()).then_some(mend)
}

/// How a rule names who is at the other end.
fn member<'a>(model: &'a Model<'a>, group: ResourceId, is_in: bool, peer: &Peer) -> Option<(&'static str, Value)> {
    Some(match peer {
        Peer::Group(id) => (
            if is_in { "SourceSecurityGroupId" } else { "DestinationSecurityGroupId" },
            reference(model, group, *id, "GroupId")?,
        ),
        Peer::Range(id) => ("CidrIp", reference(model, group, *id, "CidrBlock")?),
        Peer::List(id) => (if is_in { "SourcePrefixListId" } else { "DestinationPrefixListId" }, Value::from(*id)),
    })
}

/// Adds actions to a statement of a role that allows others of the same service on the same thing.
pub(super) fn allow<'a>(role: Role<'a>, resource: &Pattern<'a>, actions: &[&'static str]) -> Option<Mend> {
    let (service, _) = actions.first()?.split_once(':')?;
    for placed in role.documents().iter() {
        for statement in placed.document.known_statements() {
            let mut listed = statement.actions.listed().iter().map(|(_, action)| action.shown());
            let is_of_service = |shown: String| shown.split_once(':').is_some_and(|(prefix, _)| prefix == service);
            let is_here = statement.allows.is_yes() && statement.is_unconditional() && listed.any(is_of_service);
            if is_here && statement.resources.covers(resource, false).is_yes() {
                let path = format!("{}/{}/Action", placed.place, statement.place);
                let names: Vec<String> = actions.iter().map(|action| format!("`{action}`")).gather();
                let mend = Mend::suggested(format!("allow {}", names.join(", "))).on(placed.resource);
                return Some(mend.add(&path, actions.iter().map(|action| Value::from(*action)).gather()));
            }
        }
    }
    None
}

/// A statement that allows a service actions on behalf of the account of the stack.
pub(super) fn statement(service: Value, actions: &[&'static str], resource: Value, condition: Value) -> Value {
    map(vec![
        ("Effect", Value::from("Allow")),
        ("Principal", map(vec![("Service", service)])),
        ("Action", Value::list(actions.iter().copied())),
        ("Resource", resource),
        ("Condition", condition),
    ])
}

/// The only role of the template of a resource that a service may assume.
pub(super) fn only_role<'a>(model: &'a Model<'a>, id: ResourceId, service: &str) -> Option<Value> {
    let mut roles = model.all::<Role<'a>>().filter(|role| role.is_trusted_by(service).is_yes());
    let role = roles.next().filter(|_| roles.next().is_none())?;
    reference(model, id, role.id(), "Arn")
}
