//! The generated resources: fresh, true to what is known about AWS, and faithful to what they are read from.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use ringfence::cfn::{self, Format, Function, Map, SourceText, Text, Value};
use ringfence::resources::Resource;
use ringfence::resources::schema::{Kind, Property, Replacement, ResourceType, Shape, resource_type, resource_types};
use sha2::{Digest, Sha256};

use crate::workspace::{files, read};

const GENERATED: &str = "src/resources/generated/";

/// The hash over files, by name, as `xtask/src/codegen/fingerprint.rs` computes it.
fn fingerprint(mut files: Vec<(String, String)>) -> String {
    files.sort();
    let mut hash = Sha256::new();
    for (name, text) in files {
        hash.update(format!("{name} {}\n", text.len()));
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn generated_code_is_fresh() {
    let is_input = |path: &String| {
        path.starts_with("xtask/src/codegen/")
            || path == "src/resources/types.txt"
            || path == "src/resources/judged.txt"
            || path == "xtask/codegen/package-lock.json"
            || path == "xtask/codegen/requirements.txt"
    };
    let inputs: Vec<_> = files().into_iter().filter(is_input).map(|path| (path.clone(), read(&path))).collect();
    assert!(inputs.len() > 3, "the generator was not found: {inputs:?}");
    let expected = format!("// inputs: sha256:{}", fingerprint(inputs));
    let list = read(&format!("{GENERATED}mod.rs"));
    assert!(list.lines().any(|line| line == expected), "`{GENERATED}` is stale: run `cargo xtask codegen`");
}

#[test]
fn generated_code_was_not_changed_by_hand() {
    let outputs: Vec<_> = files()
        .iter()
        .filter_map(|path| Some((path.strip_prefix(GENERATED)?.to_owned(), read(path))))
        .filter(|(name, _)| name != "mod.rs")
        .collect();
    assert!(outputs.len() > 3, "nothing is generated");
    let expected = format!("// outputs: sha256:{}", fingerprint(outputs));
    let list = read(&format!("{GENERATED}mod.rs"));
    assert!(list.lines().any(|line| line == expected), "`{GENERATED}` is not as generated: run `cargo xtask codegen`");
}

fn known(name: &str) -> ResourceType {
    resource_type(name).unwrap_or_else(|| panic!("`{name}` is not in the table"))
}

fn property(path: &str) -> Property {
    let (type_name, name) = path.rsplit_once('.').expect("a type and a property");
    match type_name.split_once('.') {
        None => known(type_name).property(name),
        Some((type_name, nested)) => {
            let nested = known(type_name).nested_types().find(|found| found.name() == nested);
            nested.and_then(|nested| nested.property(name))
        }
    }
    .unwrap_or_else(|| panic!("`{path}` is not in the table"))
}

fn names(type_name: &str, wanted: impl Fn(Property) -> bool) -> Vec<&'static str> {
    known(type_name).properties().filter(|property| wanted(*property)).map(Property::name).collect()
}

fn range(path: &str) -> (Option<f64>, Option<f64>) {
    let shape = property(path).shape();
    (shape.minimum(), shape.maximum())
}

fn allowed(path: &str) -> Vec<&'static str> {
    property(path).shape().allowed().collect()
}

#[test]
fn the_table_holds_exactly_the_types_of_the_list() {
    let list = read("src/resources/types.txt");
    let mut listed: Vec<&str> = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    listed.sort_unstable();
    let known: Vec<&str> = resource_types().map(ResourceType::name).collect();
    assert_eq!(known, listed);
    assert!(resource_type("AWS::EC2::Nonsense").is_none());
}

#[test]
fn every_line_of_the_table_can_be_read() {
    let table = read(&format!("{GENERATED}table.rs"));
    let (table, _) = table.split_once("static SHARED").expect("the table has a second part");
    let mut decoded = 0;
    for resource in resource_types() {
        assert!(resource.reference().count() > 0, "{resource:?}: nothing says what `Ref` gives");
        for attribute in resource.attributes() {
            decoded += 1;
            assert_complete(attribute.name(), attribute.shape());
        }
        let nested = resource.nested_types().flat_map(|nested| nested.properties().collect::<Vec<_>>());
        for property in resource.properties().chain(nested) {
            decoded += 1;
            assert_complete(property.name(), property.shape());
        }
    }
    let blocks = table.split("r#\"").skip(1).filter_map(|block| block.split_once("\"#"));
    let written: usize = blocks.map(|(block, _)| block.lines().skip(1).filter(|line| line.contains(' ')).count()).sum();
    assert_eq!(decoded, written);
}

fn assert_complete(name: &str, shape: Shape) {
    match shape.kind() {
        Kind::Nested => {
            let nested = shape.nested().unwrap_or_else(|| panic!("{name}: its nested type is not there"));
            assert!(nested.properties().count() > 0, "{nested:?} has no properties");
        }
        Kind::List | Kind::Map => assert_complete(name, shape.element().expect("a list has elements")),
        _ => {}
    }
    assert!(shape.allowed().all(|value| !value.contains('^')), "{name}: a shared list is missing");
}

// Sources: the API models of Elastic Load Balancing, CloudWatch Logs and EC2, and the user guides that name the limits.

#[test]
fn what_a_target_group_is_made_with_replaces_it() {
    let replacing =
        names("AWS::ElasticLoadBalancingV2::TargetGroup", |property| property.replacement() == Replacement::Always);
    assert_eq!(replacing, ["IpAddressType", "Name", "Port", "Protocol", "ProtocolVersion", "TargetType", "VpcId"]);
}

#[test]
fn health_checks_have_the_limits_of_elastic_load_balancing() {
    let group = |name: &str| range(&format!("AWS::ElasticLoadBalancingV2::TargetGroup.{name}"));
    assert_eq!(group("HealthCheckIntervalSeconds"), (Some(5.0), Some(300.0)));
    assert_eq!(group("HealthCheckTimeoutSeconds"), (Some(2.0), Some(120.0)));
    assert_eq!(group("HealthyThresholdCount"), (Some(2.0), Some(10.0)));
    assert_eq!(group("UnhealthyThresholdCount"), (Some(2.0), Some(10.0)));
    assert_eq!(group("HealthCheckPath"), (Some(1.0), Some(1024.0)));
    assert_eq!(group("Port"), (Some(1.0), Some(65535.0)));
}

#[test]
fn a_load_balancer_cannot_change_its_name_type_or_scheme() {
    let replacing =
        names("AWS::ElasticLoadBalancingV2::LoadBalancer", |property| property.replacement() == Replacement::Always);
    assert_eq!(replacing, ["Name", "Scheme", "Type"]);
    assert_eq!(allowed("AWS::ElasticLoadBalancingV2::LoadBalancer.Type"), ["application", "gateway", "network"]);
}

#[test]
fn logs_are_kept_for_the_days_that_cloudwatch_offers() {
    let days = "1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653";
    assert_eq!(allowed("AWS::Logs::LogGroup.RetentionInDays"), days.split(' ').collect::<Vec<_>>());
    assert_eq!(allowed("AWS::Logs::LogGroup.LogGroupClass"), ["DELIVERY", "INFREQUENT_ACCESS", "STANDARD"]);
    assert_eq!(range("AWS::Logs::LogGroup.LogGroupName"), (Some(1.0), Some(512.0)));
    assert_eq!(property("AWS::Logs::LogGroup.LogGroupClass").default(), Some(Value::from("STANDARD")));
    assert_eq!(property("AWS::Logs::LogGroup.DeletionProtectionEnabled").default(), Some(Value::from(false)));
}

#[test]
fn endpoints_have_the_types_that_ec2_knows() {
    let types = ["Gateway", "GatewayLoadBalancer", "Interface", "Resource", "ServiceNetwork", "Tunnel"];
    assert_eq!(allowed("AWS::EC2::VPCEndpoint.VpcEndpointType"), types);
    assert_eq!(names("AWS::EC2::VPCEndpoint", Property::is_required), ["VpcId"]);
    let groups: Vec<_> = property("AWS::EC2::VPCEndpoint.SecurityGroupIds").refers_to().collect();
    assert!(groups.contains(&("AWS::EC2::SecurityGroup", "GroupId")), "{groups:?}");
}

#[test]
fn an_endpoint_service_requires_nothing_and_promises_no_default() {
    let service = "AWS::EC2::VPCEndpointService";
    assert!(names(service, Property::is_required).is_empty());
    assert!(names(service, |property| property.default().is_some()).is_empty());
    assert_eq!(known(service).reference().collect::<Vec<_>>(), ["ServiceId"]);
    assert!(known(service).attribute("PrivateDnsNameConfiguration.Value").is_some());
}

#[test]
fn a_flow_log_changes_only_its_tags_in_place() {
    let in_place = names("AWS::EC2::FlowLog", |property| property.replacement() == Replacement::Never);
    assert_eq!(in_place, ["Tags"]);
    assert_eq!(allowed("AWS::EC2::FlowLog.DestinationOptions.FileFormat"), ["parquet", "plain-text"]);
}

#[test]
fn a_service_changes_its_launch_type_in_place_only_sometimes() {
    assert_eq!(property("AWS::ECS::Service.LaunchType").replacement(), Replacement::Sometimes);
    assert_eq!(property("AWS::ECS::Service.ServiceName").replacement(), Replacement::Always);
    assert_eq!(property("AWS::ECS::Service.DesiredCount").replacement(), Replacement::Never);
}

#[test]
fn tags_stand_where_each_type_has_them() {
    assert_eq!(known("AWS::EC2::VPC").tag_property(), Some("Tags"));
    assert_eq!(known("AWS::EFS::FileSystem").tag_property(), Some("FileSystemTags"));
    assert_eq!(known("AWS::EC2::Route").tag_property(), None);
}

#[test]
fn a_shape_leads_through_lists_to_nested_types() {
    let shape = property("AWS::ECS::TaskDefinition.ContainerDefinitions").shape();
    let container = shape.element().and_then(Shape::nested).expect("containers are described");
    assert_eq!(container.name(), "ContainerDefinition");
    assert_eq!(container.owner().name(), "AWS::ECS::TaskDefinition");
    let labels = container.property("DockerLabels").expect("containers have labels").shape();
    assert_eq!(labels.kind(), Kind::Map);
    assert_eq!(labels.element().map(Shape::kind), Some(Kind::Text));
    assert!(container.property("Image").is_some_and(Property::is_required));
}

/// Anything that may stand in place of a value that the schema describes: what fits it, a function, a CDK token.
fn value(shape: Shape, depth: u32) -> BoxedStrategy<Value> {
    let odd = prop_oneof![
        Just(Value::reference("Parameter")),
        Just(Value::attribute("Resource", "Arn")),
        Just(Value::from("${Token[TOKEN.42]}")),
        Just(Value::list(["#{Token[TOKEN.43]}"])),
        Just(Value::from(-1.888_154_589_708_784_6e289)),
        Just(Value::map([("Fn::Transform", Value::from("x")), ("More", Value::Null)])),
    ];
    prop_oneof![6 => fitting(shape, depth), 1 => odd].boxed()
}

fn fitting(shape: Shape, depth: u32) -> BoxedStrategy<Value> {
    let allowed: Vec<&'static str> = shape.allowed().collect();
    if !allowed.is_empty() && shape.kind() == Kind::Text {
        return prop::sample::select(allowed).prop_map(Value::from).boxed();
    }
    match shape.kind() {
        Kind::Text | Kind::Timestamp => any::<String>().prop_map(Value::from).boxed(),
        Kind::Integer => any::<i64>().prop_map(Value::from).boxed(),
        Kind::Number => any::<f64>().prop_map(Value::from).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Tag => (any::<String>(), any::<String>())
            .prop_map(|(key, value)| Value::map([("Key", key), ("Value", value)]))
            .boxed(),
        Kind::Nested if depth > 0 => match shape.nested() {
            Some(nested) => map(nested.properties().collect(), depth - 1).prop_map(Value::Map).boxed(),
            None => Just(Value::Null).boxed(),
        },
        Kind::List if depth > 0 => match shape.element() {
            Some(element) => prop::collection::vec(value(element, depth - 1), 0..3).prop_map(Value::List).boxed(),
            None => Just(Value::Null).boxed(),
        },
        _ => Just(Value::map([("Any", Value::list([1, 2]))])).boxed(),
    }
}

/// Some of the properties in any order, and one that no schema knows.
fn map(properties: Vec<Property>, depth: u32) -> BoxedStrategy<Map> {
    let count = properties.len().min(6);
    let entry = move |property: Property| {
        value(property.shape(), depth).prop_map(move |value| (Text::from(property.name()), value))
    };
    let some = prop::sample::subsequence(properties, 0..=count).prop_shuffle();
    let known = some.prop_flat_map(move |chosen| chosen.into_iter().map(entry).collect::<Vec<_>>());
    (known, any::<Option<bool>>())
        .prop_map(|(mut entries, unknown)| {
            entries.extend(unknown.map(|value| (Text::from("NobodyKnowsThis"), Value::from(value))));
            entries.into_iter().collect()
        })
        .boxed()
}

/// An entry of a template's `Resources`, its members in any order.
fn entry(resource: ResourceType) -> BoxedStrategy<Value> {
    let members = vec![
        (Text::from("DependsOn"), Value::list(["Other"])),
        (Text::from("DeletionPolicy"), Value::from("Retain")),
        (Text::from("Metadata"), Value::map([("aws:cdk:path", "stack/resource")])),
    ];
    let others = prop::sample::subsequence(members, 0..=3);
    let properties = prop::option::of(map(resource.properties().collect(), 3));
    (others, properties)
        .prop_map(move |(mut members, properties)| {
            members.push((Text::from("Type"), Value::from(resource.name())));
            members.extend(properties.map(|properties| (Text::from("Properties"), Value::Map(properties))));
            members
        })
        .prop_shuffle()
        .prop_map(|members| Value::Map(members.into_iter().collect()))
        .boxed()
}

#[test]
fn reading_a_resource_of_any_type_and_writing_it_back_changes_nothing() {
    for resource in resource_types() {
        let mut runner = TestRunner::new(Config { cases: 8, failure_persistence: None, ..Config::default() });
        let read_and_write = |value: Value| {
            let text = written(&value);
            let read = read_text(&text);
            prop_assert_eq!(read.type_name(), resource.name());
            prop_assert_eq!(written(&read.into_value()), text);
            prop_assert_eq!(Resource::from_value(value.clone()).map(Resource::into_value), Ok(value));
            Ok(())
        };
        if let Err(error) = runner.run(&entry(resource), read_and_write) {
            panic!("{resource:?}: {error}");
        }
    }
}

fn written(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("values can be written")
}

fn read_text(text: &str) -> Resource {
    let document = cfn::read(&SourceText::new("resource.json", text), Format::Json).expect("it was written by us");
    Resource::from_value(document.value).expect("an entry with a type is a resource")
}

#[test]
fn what_is_no_resource_is_given_back() {
    let wrong = [
        Value::from("AWS::EC2::VPC"),
        Value::map([("Properties", Value::Map(Map::new()))]),
        Value::map([("Type", Value::reference("Kind"))]),
        Value::map([("Type", Value::from("AWS::EC2::VPC")), ("Properties", Value::Null)]),
        Value::map([("Type", Value::from("AWS::EC2::VPC")), ("Properties", Value::list(["a"]))]),
    ];
    for value in wrong {
        assert_eq!(Resource::from_value(value.clone()), Err(value));
    }
}

#[test]
fn a_transform_in_place_of_properties_is_written_back() {
    let include = Value::call(Function::Transform, Value::map([("Name", "AWS::Include")]));
    let value = Value::map([("Type", Value::from("AWS::EC2::VPC")), ("Properties", include)]);
    let text = written(&value);
    let read = read_text(&text);
    assert!(read.property("Fn::Transform").is_some());
    assert_eq!(written(&read.into_value()), text);
}

#[test]
fn what_is_read_can_be_changed() {
    let mut read =
        read_text(r#"{"DependsOn": "A", "Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}"#);
    read.set("CidrBlock", "10.1.0.0/16");
    read.set("EnableDnsSupport", true);
    assert_eq!(read.member("DependsOn"), Some(&Value::from("A")));
    assert_eq!(read.member("Type"), None);
    let changed = serde_json::json!({
        "DependsOn": "A",
        "Type": "AWS::EC2::VPC",
        "Properties": { "CidrBlock": "10.1.0.0/16", "EnableDnsSupport": true }
    });
    assert_eq!(serde_json::to_value(read.into_value()).expect("values can be written"), changed);
}
