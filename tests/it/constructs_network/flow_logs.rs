//! Flow logs, and the saved queries over them.

use ringfence::cfn::Value;
use ringfence::constructs::iam::in_own_account;
use ringfence::constructs::{FlowLogs, Network, Stack};
use ringfence::spec::{self, FlowLogDestination, FlowLogTraffic};

use crate::building::{at, findings, json, of_type, only, paths, property, stack};

fn build(stack: &mut Stack, props: &spec::FlowLogs) -> FlowLogs {
    let network = Network { vpc_id: Value::reference("Vpc"), is_new: true, ..Network::default() };
    FlowLogs::new(&mut stack.scope().made_from("network/flowLogs"), &network, props)
}

fn to_s3() -> spec::FlowLogs {
    spec::FlowLogs { destination: FlowLogDestination::S3, ..spec::FlowLogs::default() }
}

fn said(props: &spec::FlowLogs) -> Vec<String> {
    let mut stack = stack();
    build(&mut stack, props);
    findings(&stack)
}

#[test]
fn connections_are_recorded_in_a_log_group() {
    let mut stack = stack();
    let flow_logs = build(&mut stack, &spec::FlowLogs { queries: false, ..spec::FlowLogs::default() });
    assert!(findings(&stack).is_empty());
    assert_eq!(flow_logs.log_group, Some(at(&stack, "FlowLogs/LogGroup").logical_id.reference()));
    insta::assert_snapshot!(json(&stack.template()));
}

#[test]
fn the_role_may_write_to_that_group_alone_and_only_for_flow_logs_of_this_account() {
    let mut stack = stack();
    build(&mut stack, &spec::FlowLogs::default());
    let role = only(&stack, "AWS::IAM::Role");
    let group = at(&stack, "FlowLogs/LogGroup").logical_id.attribute("Arn");
    assert_eq!(property(role, "Policies/0/PolicyDocument/Statement/0/Resource"), &group);
    let trust = property(role, "AssumeRolePolicyDocument/Statement/0");
    let condition = trust.get("Condition").expect("the trust has conditions");
    let account = condition.get("StringEquals").and_then(|equals| equals.get("aws:SourceAccount"));
    assert_eq!(account, Some(&Value::reference("AWS::AccountId")));
    assert!(condition.get("ArnLike").and_then(|like| like.get("aws:SourceArn")).is_some());
}

#[test]
fn connections_are_recorded_in_a_bucket() {
    let mut stack = stack();
    let flow_logs = build(&mut stack, &to_s3());
    assert!(findings(&stack).is_empty());
    assert_eq!(flow_logs.bucket, Some(at(&stack, "FlowLogs/Bucket").logical_id.attribute("Arn")));
    insta::assert_snapshot!(json(&stack.template()));
}

#[test]
fn aws_may_write_before_flow_logs_are_switched_on() {
    let mut stack = stack();
    build(&mut stack, &to_s3());
    let policy = only(&stack, "AWS::S3::BucketPolicy").logical_id.clone();
    assert_eq!(only(&stack, "AWS::EC2::FlowLog").depends_on, [policy]);
}

#[test]
fn a_key_encrypts_what_is_made_for_the_records() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";
    let with_key = |props: spec::FlowLogs| {
        let mut stack = stack();
        build(&mut stack, &spec::FlowLogs { kms_key: Some(key.into()), ..props });
        assert!(findings(&stack).is_empty());
        stack
    };
    let group = with_key(spec::FlowLogs::default());
    // The account of the stack itself is left to CloudFormation.
    let same_key = in_own_account(group.props(), key);
    assert_eq!(property(at(&group, "FlowLogs/LogGroup"), "KmsKeyId"), &same_key);
    let bucket = with_key(to_s3());
    let rule = "BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/KMSMasterKeyID";
    assert_eq!(property(at(&bucket, "FlowLogs/Bucket"), rule), &Value::from(key));
}

#[test]
fn an_existing_bucket_is_written_to_as_it_is() {
    let mut stack = stack();
    let bucket = "arn:aws:s3:::flow-logs/payments/";
    build(&mut stack, &spec::FlowLogs { bucket: Some(bucket.into()), ..to_s3() });
    assert_eq!(paths(&stack), ["FlowLogs/FlowLog"]);
    assert_eq!(property(at(&stack, "FlowLogs/FlowLog"), "LogDestination"), &Value::from(bucket));
}

#[test]
fn saved_queries_ask_what_people_ask() {
    let mut stack = stack();
    build(&mut stack, &spec::FlowLogs::default());
    let queries = of_type(&stack, "AWS::Logs::QueryDefinition");
    let shown: Vec<String> = queries
        .iter()
        .map(|query| {
            let text = property(query, "QueryString").as_str().unwrap_or_default().to_owned();
            format!("{} {}\n{text}\n", query.path, serde_json::to_string(property(query, "Name")).unwrap_or_default())
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
    let group = at(&stack, "FlowLogs/LogGroup").logical_id.reference();
    assert!(queries.iter().all(|query| property(query, "LogGroupNames") == &Value::List(vec![group.clone()])));
}

#[test]
fn queries_fit_what_is_recorded() {
    let made = |props: &spec::FlowLogs| {
        let mut stack = stack();
        build(&mut stack, props);
        let queries = of_type(&stack, "AWS::Logs::QueryDefinition");
        queries.iter().map(|query| query.path.clone()).collect::<Vec<_>>()
    };
    let rejected = spec::FlowLogs { traffic: FlowLogTraffic::Reject, ..spec::FlowLogs::default() };
    assert_eq!(made(&rejected), ["FlowLogs/Queries/Rejected", "FlowLogs/Queries/Trend"]);
    assert!(made(&to_s3()).is_empty());
}

#[test]
fn an_existing_vpc_is_recorded_only_when_asked_for() {
    let count = |enabled, is_new| {
        let mut stack = stack();
        let network = Network { vpc_id: Value::from("vpc-0123456789abcdef0"), is_new, ..Network::default() };
        let props = spec::FlowLogs { enabled, ..spec::FlowLogs::default() };
        FlowLogs::new(&mut stack.scope(), &network, &props);
        of_type(&stack, "AWS::EC2::FlowLog").len()
    };
    assert_eq!([count(None, true), count(None, false)], [1, 0]);
    assert_eq!([count(Some(false), true), count(Some(true), false)], [0, 1]);
}

#[test]
fn what_is_wrong_is_said() {
    let defaults = spec::FlowLogs::default;
    let bucket = |text: &'static str| spec::FlowLogs { bucket: Some(text.into()), ..to_s3() };
    let key = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";
    insta::assert_debug_snapshot!([
        said(&spec::FlowLogs { retention_days: 100.into(), ..defaults() }),
        said(&spec::FlowLogs { retention_days: 4000.into(), ..defaults() }),
        said(&spec::FlowLogs { aggregation_seconds: 300.into(), ..defaults() }),
        said(&spec::FlowLogs { bucket: Some("arn:aws:s3:::flow-logs".into()), ..defaults() }),
        said(&bucket("arn:aws:sqs:eu-west-1:111122223333:flow-logs")),
        said(&bucket("arn:aws:s3:::flow-logs/AWSLogs/")),
        said(&bucket("flow-logs")),
        said(&spec::FlowLogs { kms_key: Some(key.into()), ..bucket("arn:aws:s3:::flow-logs") }),
    ]);
}
