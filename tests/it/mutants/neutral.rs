//! Edits that change nothing that matters.

use ringfence::cfn::{Function, Value};

use super::tree::Tree;

/// An edit: its name, and what changes the template (or says that there is nothing to change).
type Edit = (&'static str, fn(&mut Tree) -> bool);

const GROUP: &str = "AWS::EC2::SecurityGroup";
const INGRESS: &str = "AWS::EC2::SecurityGroupIngress";
const EGRESS: &str = "AWS::EC2::SecurityGroupEgress";
const LISTENER: &str = "AWS::ElasticLoadBalancingV2::Listener";

pub(super) const EDITS: &[Edit] = &[
    ("an inline rule as a resource of its own", |tree| {
        let Some(group) = with_list(tree, GROUP, "SecurityGroupIngress") else { return false };
        let Some(Value::Map(rule)) = tree.get(&group, "SecurityGroupIngress/0").cloned() else { return false };
        tree.remove(&group, "SecurityGroupIngress/0");
        let mut properties = rule;
        properties.insert("GroupId", Value::attribute(group, "GroupId"));
        tree.add("Standalone", INGRESS, Value::Map(properties));
        true
    }),
    ("a way out as a resource of its own", |tree| {
        let groups = tree.all(GROUP);
        let group = groups.into_iter().find(|id| tree.get(id, "SecurityGroupEgress/1").is_some());
        let Some(group) = group else { return false };
        let Some(Value::Map(mut rule)) = tree.get(&group, "SecurityGroupEgress/0").cloned() else { return false };
        tree.remove(&group, "SecurityGroupEgress/0");
        rule.insert("GroupId", Value::attribute(group, "GroupId"));
        tree.add("StandaloneOut", EGRESS, Value::Map(rule));
        true
    }),
    ("a range split in halves", |tree| {
        let Some((group, index)) = ranged(tree, "10.20.0.0/16") else { return false };
        let Some(Value::Map(rule)) = tree.get(&group, &format!("SecurityGroupIngress/{index}")).cloned() else {
            return false;
        };
        let mut other = rule;
        other.insert("CidrIp", "10.20.128.0/17");
        tree.set(&group, &format!("SecurityGroupIngress/{index}/CidrIp"), "10.20.0.0/17");
        tree.push(&group, "SecurityGroupIngress", Value::Map(other));
        true
    }),
    ("a rule given twice, once with a narrower range", |tree| {
        let Some((group, index)) = ranged(tree, "10.20.0.0/16") else { return false };
        let Some(Value::Map(rule)) = tree.get(&group, &format!("SecurityGroupIngress/{index}")).cloned() else {
            return false;
        };
        let mut other = rule;
        other.insert("CidrIp", "10.20.4.0/24");
        tree.push(&group, "SecurityGroupIngress", Value::Map(other));
        true
    }),
    ("subnets in another order", |tree| {
        each_property(tree, |name, value| match value {
            Value::List(items) if matches!(name, "Subnets" | "SubnetIds" | "RouteTableIds") && items.len() > 1 => {
                items.reverse();
                true
            }
            _ => false,
        })
    }),
    ("resources in another order", |tree| {
        let section = tree.section("Resources");
        let mut entries: Vec<_> = std::mem::take(section).into_iter().collect();
        entries.reverse();
        *section = entries.into_iter().collect();
        true
    }),
    ("attributes in another order", |tree| {
        each_property(tree, |name, value| match value {
            Value::List(items) if name.ends_with("Attributes") && items.len() > 1 => {
                items.reverse();
                true
            }
            _ => false,
        })
    }),
    ("numbers as text", |tree| {
        each_property(tree, |name, value| match value.as_int() {
            Some(number) if matches!(name, "Port" | "FromPort" | "ToPort" | "ContainerPort" | "RetentionInDays") => {
                *value = Value::from(number.to_string());
                true
            }
            _ => false,
        })
    }),
    ("booleans as text", |tree| {
        each_property(tree, |_, value| match value.as_bool() {
            Some(held) => {
                *value = Value::from(held.to_string());
                true
            }
            None => false,
        })
    }),
    ("a parameter with the port as default", |tree| {
        tree.section("Parameters")
            .insert("ListenerPort", Value::map([("Type", Value::from("Number")), ("Default", Value::from(443))]));
        changed(tree, LISTENER, "Port", |value| (value.as_int() == Some(443)).then(|| Value::reference("ListenerPort")))
    }),
    ("a scheme by condition, the same in both branches", |tree| {
        tree.section("Parameters").insert("Stage", Value::map([("Type", "String"), ("Default", "test")]));
        let compared = Value::call(Function::Equals, Value::list([Value::reference("Stage"), Value::from("prod")]));
        tree.section("Conditions").insert("IsProd", compared);
        changed(tree, "AWS::ElasticLoadBalancingV2::LoadBalancer", "Scheme", |value| {
            Some(Value::call(Function::If, Value::list([Value::from("IsProd"), value.clone(), value])))
        })
    }),
    ("a protocol out of a mapping", |tree| {
        let row = Value::map([("Protocol", "tcp")]);
        tree.section("Mappings").insert("Names", Value::map([("Usual", row)]));
        changed(tree, GROUP, "SecurityGroupIngress/0/IpProtocol", |value| {
            let found = Value::call(Function::FindInMap, Value::list(["Names", "Usual", "Protocol"]));
            (value.as_str() == Some("tcp")).then_some(found)
        })
    }),
    ("a protocol by its number", |tree| {
        each_property(tree, |name, value| {
            if name == "IpProtocol" && value.as_str() == Some("tcp") {
                *value = Value::from("6");
                return true;
            }
            false
        })
    }),
    ("a service name put together", |tree| {
        changed(tree, "AWS::EC2::VPCEndpoint", "ServiceName", |value| {
            let suffix = value.as_str()?.strip_prefix("com.amazonaws.eu-west-1.")?.to_owned();
            Some(Value::sub(format!("com.amazonaws.${{AWS::Region}}.{suffix}")))
        })
    }),
    ("a dependency as text", |tree| {
        let resources: Vec<String> = tree.all("AWS::EC2::VPCEndpointConnectionNotification");
        let Some(id) = resources.first() else { return false };
        match tree.declaration(id).get_mut("DependsOn") {
            Some(value @ Value::List(_)) if value.as_list().is_some_and(|items| items.len() == 1) => {
                *value = value.as_list().and_then(|items| items.first().cloned()).unwrap_or_default();
                true
            }
            _ => false,
        }
    }),
    ("a topic that has nothing to do with it", |tree| {
        tree.add("Unrelated", "AWS::SNS::Topic", Value::map([("DisplayName", "news")]));
        tree.add(
            "UnrelatedPolicy",
            "AWS::SNS::TopicPolicy",
            Value::map([("Topics", Value::list([Value::reference("Unrelated")])), ("PolicyDocument", plain_policy())]),
        );
        true
    }),
    ("a forward with one weighted group", |tree| {
        changed(tree, LISTENER, "DefaultActions/0", |value| {
            let group = value.get("TargetGroupArn")?.clone();
            let entry = Value::map([("TargetGroupArn", group), ("Weight", Value::from(1))]);
            let config = Value::map([("TargetGroups", Value::list([entry]))]);
            Some(Value::map([("Type", Value::from("forward")), ("ForwardConfig", config)]))
        })
    }),
    ("security groups by Ref", |tree| {
        each_property(tree, |name, value| {
            let Some(intrinsic) = value.as_intrinsic() else { return false };
            let is_group = matches!(intrinsic.function, Function::GetAtt)
                && intrinsic.argument.as_list().and_then(|parts| parts.get(1)?.as_str()) == Some("GroupId");
            let id = intrinsic.argument.as_list().and_then(|parts| parts.first()?.as_str()).map(str::to_owned);
            match id {
                Some(id) if is_group && name != "GroupId" => {
                    *value = Value::reference(id);
                    true
                }
                _ => false,
            }
        })
    }),
];

fn plain_policy() -> Value {
    let statement = Value::map([
        ("Effect", Value::from("Allow")),
        ("Principal", Value::map([("Service", "events.amazonaws.com")])),
        ("Action", Value::from("sns:Publish")),
        ("Resource", Value::reference("Unrelated")),
    ]);
    Value::map([("Version", Value::from("2012-10-17")), ("Statement", Value::list([statement]))])
}

/// The first resource of a type that has a list with something in it.
fn with_list(tree: &Tree, type_name: &str, path: &str) -> Option<String> {
    tree.all(type_name).into_iter().find(|id| tree.get(id, &format!("{path}/0")).is_some())
}

/// The first security group with an inline rule for a range, and the place of the rule.
fn ranged(tree: &Tree, range: &str) -> Option<(String, usize)> {
    tree.all(GROUP).into_iter().find_map(|id| {
        let rules = tree.get(&id, "SecurityGroupIngress").and_then(Value::as_list)?;
        let index = rules.iter().position(|rule| rule.get("CidrIp").and_then(Value::as_str) == Some(range))?;
        Some((id, index))
    })
}

/// Changes a property of every resource of a type, and says whether any was changed.
fn changed(tree: &mut Tree, type_name: &str, path: &str, change: impl Fn(Value) -> Option<Value>) -> bool {
    let mut any = false;
    for id in tree.all(type_name) {
        let Some(value) = tree.get(&id, path).cloned() else { continue };
        if let Some(changed) = change(value) {
            tree.set(&id, path, changed);
            any = true;
        }
    }
    any
}

/// Changes what is in properties, by the key under which it stands, and says whether anything was changed.
fn each_property(tree: &mut Tree, change: impl Fn(&str, &mut Value) -> bool) -> bool {
    let mut any = false;
    for (_, resource) in tree.section("Resources").iter_mut() {
        if let Value::Map(resource) = resource
            && let Some(properties) = resource.get_mut("Properties")
        {
            any |= walk("", properties, &change);
        }
    }
    any
}

fn walk(name: &str, value: &mut Value, change: &impl Fn(&str, &mut Value) -> bool) -> bool {
    if change(name, value) {
        return true;
    }
    let mut any = false;
    match value {
        Value::List(items) => items.iter_mut().for_each(|item| any |= walk(name, item, change)),
        Value::Map(map) => map.iter_mut().for_each(|(key, value)| any |= walk(key, value, change)),
        _ => {}
    }
    any
}
