//! Who may do what: the two roles of a task, and the endpoints, which let the same through and no more.

use ringfence::aws::iam::takes_resources;
use ringfence::cfn::Value;
use ringfence::constructs::{StackResource, iam::Statement};

use crate::building::{at, errors, findings, of_type, property};

use super::tasks::{api, flat};
use super::{Built, build};

/// What a role may do: one line for each action and what it is allowed on.
fn allowed(role: &StackResource) -> Vec<String> {
    let policies = role.resource.property("Policies").and_then(Value::as_list).unwrap_or_default();
    policies.iter().flat_map(|policy| document_lines(policy.get("PolicyDocument").expect("a document"))).collect()
}

fn document_lines(document: &Value) -> Vec<String> {
    document.get("Statement").and_then(Value::as_list).unwrap_or_default().iter().flat_map(lines).collect()
}

fn each(value: &Value) -> Vec<&Value> {
    value.as_list().map_or_else(|| vec![value], |items| items.iter().collect())
}

fn lines(statement: &Value) -> Vec<String> {
    let part = |name: &str| statement.get(name).unwrap_or_else(|| panic!("no {name} in {statement:?}"));
    let resources: Vec<String> = each(part("Resource")).into_iter().map(flat).collect();
    each(part("Action")).into_iter().map(|action| format!("{} on {}", flat(action), resources.join(" "))).collect()
}

fn execution_role(built: &Built) -> Vec<String> {
    allowed(at(&built.stack, "api/Task/ExecutionRole"))
}

fn task_role(built: &Built) -> Vec<String> {
    allowed(at(&built.stack, "api/Task/TaskRole"))
}

/// What the policy of an endpoint lets through, without who it is.
fn endpoint(built: &Built, key: &str) -> Vec<String> {
    let statements = built.needs.limits(key).unwrap_or_else(|| panic!("{key} has no limits: {:?}", built.needs));
    statements.iter().map(|one: &Statement| Value::from(one.clone())).flat_map(|one| lines(&one)).collect()
}

const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000";

#[test]
fn a_task_that_needs_nothing_may_do_nothing() {
    assert_eq!(task_role(&build("{}")), [] as [&str; 0]);
}

#[test]
fn the_agent_may_pull_the_image_and_write_the_log_and_nothing_else() {
    insta::assert_snapshot!(execution_role(&build("{}")).join("\n"));
}

#[test]
fn exactly_the_endpoints_that_are_needed_are_asked_for() {
    let keys = |spec: &str| build(spec).needs.by_endpoint.keys().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(keys("{}"), "ecr.api ecr.dkr logs");
    assert_eq!(keys(&api("secrets: { A: prod/a }")), "ecr.api ecr.dkr logs secretsmanager");
    assert_eq!(keys(&api("parameters: { A: /a }")), "ecr.api ecr.dkr logs ssm");
    assert_eq!(keys(&api("exec: true")), "ecr.api ecr.dkr logs ssmmessages");
    assert_eq!(
        keys(&format!("cluster: {{ execKey: \"{KEY}\" }}\n{}", api("exec: true"))),
        "ecr.api ecr.dkr kms logs ssmmessages"
    );
    assert_eq!(keys(&format!("cluster: {{ execKey: \"{KEY}\" }}\n{}", api(""))), "ecr.api ecr.dkr logs");
    assert_eq!(keys(&api("tracing: true")), "ecr.api ecr.dkr logs xray");
    assert_eq!(keys(&api("aws: [sqs, dynamodb]")), "dynamodb ecr.api ecr.dkr logs sqs");
}

#[test]
fn a_key_of_ones_own_takes_a_permission_and_no_endpoint() {
    // Secrets Manager decrypts in the caller's name; the task itself never calls KMS.
    let built = build(&api(&format!("secrets: {{ A: {{ secret: \"{SECRET}\", kmsKey: \"{KEY}\" }} }}")));
    let key = KEY.replace("111122223333", "<AWS::AccountId>");
    assert!(execution_role(&built).contains(&format!("kms:Decrypt on {key}")));
    assert!(!built.needs.contains("kms"));
}

#[test]
fn whatever_a_role_may_do_an_endpoint_lets_through_and_the_other_way_round() {
    let built = build(include_str!("everything.yaml"));
    let of_roles: std::collections::BTreeSet<String> = ["orders/Task/ExecutionRole", "orders/Task/TaskRole"]
        .iter()
        .flat_map(|path| allowed(at(&built.stack, path)))
        // Made by another service in the role's name, hence without an endpoint: two keys of secrets.
        .filter(|line| !line.starts_with("kms:Decrypt") || line.ends_with("000000000002"))
        .collect();
    let of_endpoints: std::collections::BTreeSet<String> = built
        .needs
        .by_endpoint
        .keys()
        .flat_map(|key| endpoint(&built, key))
        // Declared without a permission: everything of the account goes through.
        .filter(|line| line != "events:* on *")
        .collect();
    assert_eq!(of_roles, of_endpoints);
}

#[test]
fn endpoints_let_only_credentials_of_the_account_through() {
    let built = build(include_str!("everything.yaml"));
    for (key, statements) in &built.needs.by_endpoint {
        for statement in statements.iter().cloned().map(Value::from) {
            assert_eq!(statement.get("Principal"), Some(&Value::from("*")), "{key}");
            let account = statement.get("Condition").and_then(|condition| condition.get("StringEquals"));
            let account = account.and_then(|keys| keys.get("aws:PrincipalAccount"));
            assert_eq!(account, Some(&Value::reference("AWS::AccountId")), "{key}");
        }
    }
}

#[test]
fn no_role_may_do_on_everything_what_can_be_limited() {
    let built = build(include_str!("everything.yaml"));
    for role in of_type(&built.stack, "AWS::IAM::Role") {
        for line in allowed(role) {
            if let Some(action) = line.strip_suffix(" on *") {
                assert_eq!(takes_resources(action), Some(false), "{} may {line}", role.path);
            }
        }
    }
}

#[test]
fn every_role_is_limited_to_this_account() {
    let built = build(include_str!("everything.yaml"));
    let roles = of_type(&built.stack, "AWS::IAM::Role");
    assert_eq!(roles.len(), 3, "of the containers, of the agent, of the function");
    for role in roles {
        let statement = property(role, "AssumeRolePolicyDocument/Statement/0/Condition/StringEquals/aws:SourceAccount");
        assert_eq!(statement, &Value::reference("AWS::AccountId"), "{}", role.path);
    }
}

#[test]
fn sessions_take_channels_a_key_and_a_log() {
    let spec =
        |cluster: &str| format!("cluster: {{ {cluster} }}\n{}", api("exec: true, readOnlyRootFilesystem: false"));
    let own = build(&spec(""));
    let separate = build(&spec(&format!("execKey: \"{KEY}\", execLog: separate")));
    let off = build(&spec("execLog: \"off\""));
    insta::assert_snapshot!(format!(
        "log of the service:\n{}\n\nlog of its own, with a key:\n{}\n\nno log:\n{}",
        task_role(&own).join("\n"),
        task_role(&separate).join("\n"),
        task_role(&off).join("\n")
    ));
}

#[test]
fn a_read_only_root_is_made_writable_where_sessions_need_it_and_warned_of() {
    let built = build(&api("exec: true"));
    assert_eq!(errors(&built.stack), [] as [&str; 0]);
    insta::assert_snapshot!(findings(&built.stack).join("\n"));
    let mounts = super::tasks::main_container(&built, "MountPoints").as_list().expect("mounts");
    let paths: Vec<&str> = mounts.iter().filter_map(|mount| mount.get("ContainerPath")?.as_str()).collect();
    assert_eq!(paths, ["/tmp", "/var/lib/amazon", "/var/log/amazon"]);
}

#[test]
fn permissions_go_to_the_task_role_and_to_the_endpoint_of_their_service() {
    let queue = "arn:aws:sqs:eu-west-1:111122223333:orders";
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    let built = build(&api(&format!(
        "aws: [sqs, dynamodb], permissions: [
           {{ actions: [\"sqs:SendMessage\", \"dynamodb:GetItem\"], resources: [\"{queue}\", \"{table}\"] }},
           {{ actions: \"dynamodb:PutItem\", resources: \"{table}\", conditions: {{ Bool: {{ \"aws:SecureTransport\": \"true\" }} }} }} ]"
    )));
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    assert_eq!(endpoint(&built, "sqs"), [format!("sqs:SendMessage on {queue} {table}")]);
    assert_eq!(
        endpoint(&built, "dynamodb"),
        [format!("dynamodb:GetItem on {queue} {table}"), format!("dynamodb:PutItem on {table}")]
    );
    assert_eq!(task_role(&built).len(), 3);
    let conditions = built.needs.limits("dynamodb").and_then(|statements| statements.last()).cloned().map(Value::from);
    let conditions = conditions.and_then(|one| one.get("Condition").cloned()).expect("conditions");
    assert!(conditions.get("Bool").is_some() && conditions.get("StringEquals").is_some());
}

#[test]
fn a_service_of_which_nothing_is_said_is_open_to_the_account_and_to_no_role() {
    let built = build(&api("aws: [sqs]"));
    assert_eq!(endpoint(&built, "sqs"), ["sqs:* on *"]);
    assert_eq!(task_role(&built), [] as [&str; 0]);
}

#[test]
fn what_is_wrong_with_permissions_is_said() {
    let built = build(&api(
        "aws: [sqs, sq, dynamodbb], permissions: [
           { actions: SendMessage, resources: \"arn:aws:sqs:eu-west-1:111122223333:orders\" },
           { actions: \"*\", resources: \"arn:aws:sqs:eu-west-1:111122223333:orders\" },
           { actions: \"sqs:SendMessage\", resources: \"*\" },
           { actions: \"sqs:*\", resources: \"*\" },
           { actions: \"kinesis:PutRecord\", resources: \"arn:aws:kinesis:eu-west-1:111122223333:stream/a\" },
           { actions: \"sqs:SendMessage\", resources: \"arn:aws:sqs:eu-west-1:111122223333:orders\", conditions: [] } ]",
    ));
    insta::assert_snapshot!(findings(&built.stack).join("\n"));
}

#[test]
fn an_action_that_takes_no_resources_may_be_allowed_on_everything() {
    let built = build(&api("aws: [xray], permissions: [{ actions: \"xray:PutTraceSegments\", resources: \"*\" }]"));
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
}

#[test]
fn what_is_granted_later_is_waited_for() {
    use ringfence::constructs::{Cluster, Endpoints, ManagedSecrets, Network, Task, iam::arn};
    let spec = crate::sharing::spec("{}");
    let service = spec.services.get("api").expect("the service");
    let mut stack = crate::building::stack();
    let mut scope = stack.scope();
    let network = Network::new(&mut scope, &spec.network);
    let cluster = Cluster::new(&mut scope, &spec.cluster);
    let (endpoints, secrets) = (Endpoints::default(), ManagedSecrets::default());
    let mut task = Task::new(&mut scope, "api", service, &network, &endpoints, &cluster, &secrets);
    assert_eq!(task.ready, []);
    task.grant(&mut scope, "ToQueue", vec![Statement::allow(["sqs:SendMessage"]).on(arn("sqs", "orders"))]);
    let policy = at(&stack, "ToQueue");
    assert_eq!(task.ready, std::slice::from_ref(&policy.logical_id));
    assert_eq!(property(policy, "Roles/0"), &task.task_role.reference());
}
