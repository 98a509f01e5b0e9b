//! Secrets, parameters and keys: how tasks get them, how secrets are made and changed, and who is started anew then.

use ringfence::cfn::Value;

use crate::building::{at, errors, findings, json, of_type, only, property};

use super::tasks::{api, flat, main_container};
use super::{Built, build};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000";

/// What a service with one secret reads it by, and on what its execution role may.
fn secret(reference: &str) -> (String, Vec<String>) {
    let built = build(&api(&format!("secrets: {{ A: {reference} }}")));
    assert_eq!(errors(&built.stack), [] as [&str; 0], "{:?}", findings(&built.stack));
    (flat(main_container(&built, "Secrets/0/ValueFrom")), readable(&built))
}

/// The resources of the statement after pulling and logging.
fn readable(built: &Built) -> Vec<String> {
    let path = "Policies/0/PolicyDocument/Statement/3/Resource";
    let resources = property(at(&built.stack, "api/Task/ExecutionRole"), path);
    resources.as_list().map_or_else(|| vec![flat(resources)], |items| items.iter().map(flat).collect())
}

#[test]
fn a_secret_by_name_is_read_by_an_arn_and_allowed_with_any_six_characters_after_it() {
    let whole = "arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:prod/db";
    let (value, resources) = secret("prod/db");
    assert_eq!(value, whole);
    assert_eq!(resources, [whole.to_owned(), format!("{whole}-??????")]);
}

#[test]
fn a_key_of_a_secret_follows_its_arn_with_all_colons() {
    let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";
    let (value, resources) = secret(&format!("{{ secret: \"{arn}\", key: password }}"));
    assert_eq!(value, format!("{arn}:password::"));
    assert_eq!(resources, [arn]);
    let (value, _) = secret(&format!("\"{arn}\""));
    assert_eq!(value, arn);
}

#[test]
fn the_form_of_ecs_for_keys_and_versions_is_taken_as_it_is() {
    let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";
    for selector in [":password::", "::AWSPREVIOUS:", ":password::8f9c3b1a-0000-4000-8000-000000000000"] {
        let (value, resources) = secret(&format!("\"{arn}{selector}\""));
        assert_eq!(value, format!("{arn}{selector}"));
        assert_eq!(resources, [arn], "{selector}");
    }
}

#[test]
fn a_token_is_taken_for_an_arn() {
    let (value, resources) = secret("{ secret: { 'Fn::ImportValue': Db }, key: password }");
    assert_eq!(value, "<Db>:password::");
    assert_eq!(resources, ["<Db>"]);
}

#[test]
fn a_partial_arn_is_warned_of_and_works() {
    let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db";
    let built = build(&api(&format!("secrets: {{ A: \"{arn}\" }}")));
    let codes: Vec<_> = built.stack.findings().iter().map(|finding| finding.code.0).collect();
    assert_eq!(codes, ["RF0221"]);
    assert_eq!(readable(&built), [arn.to_owned(), format!("{arn}-??????")]);
}

#[test]
fn references_that_lead_nowhere_are_refused() {
    let references = [
        "\"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf:password\"",
        "\"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf:a:b:c:d\"",
        "\"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf::AWSCURRENT:8f9c3b1a\"",
        "{ secret: \"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf:password::\", key: other }",
        "\"arn:aws:secretsmanager:eu-west-1:111122223333:prod/db-AbCdEf\"",
        "\"arn:aws:ssm:eu-west-1:111122223333:parameter/db\"",
        "\"arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf\"",
        "\"arn:aws:secretsmanager:eu-west-1:222233334444:secret:prod/db-AbCdEf\"",
        "\"arn:aws:secretsmanager\"",
        "\"prod db\"",
        "\"\"",
        "prod/db-AbCdEf",
        "{ secret: prod/db, key: 'a:b' }",
        &format!("{{ secret: prod/db, kmsKey: \"{}\" }}", KEY.replace("key/", "alias/")),
        &format!("{{ secret: prod/db, kmsKey: \"{}\" }}", KEY.replace("eu-west-1", "us-east-1")),
    ];
    let of = |reference: &&str| findings(&build(&api(&format!("secrets: {{ A: {reference} }}"))).stack);
    let said: Vec<String> = references.iter().flat_map(of).collect();
    assert_eq!(said.len(), references.len());
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_secret_of_another_account_comes_with_its_key() {
    let arn = "arn:aws:secretsmanager:eu-west-1:222233334444:secret:prod/db-AbCdEf";
    let (value, _) =
        secret(&format!("{{ secret: \"{arn}\", kmsKey: \"{}\" }}", KEY.replace("111122223333", "222233334444")));
    assert_eq!(value, arn);
}

#[test]
fn parameters_are_read_by_name_or_arn() {
    let read = |reference: &str| {
        let built = build(&api(&format!("parameters: {{ A: {reference} }}")));
        assert_eq!(findings(&built.stack), [] as [&str; 0]);
        (flat(main_container(&built, "Secrets/0/ValueFrom")), readable(&built).concat())
    };
    let prefix = "arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter";
    assert_eq!(read("/prod/db/host"), ("/prod/db/host".to_owned(), format!("{prefix}/prod/db/host")));
    assert_eq!(read("stage"), ("stage".to_owned(), format!("{prefix}/stage")));
    let arn = "arn:aws:ssm:eu-west-1:111122223333:parameter/prod/db/host";
    assert_eq!(read(&format!("\"{arn}\"")), (arn.to_owned(), arn.to_owned()));
}

#[test]
fn parameters_that_lead_nowhere_are_refused() {
    let references = [
        "prod/db/host",
        "\"a b\"",
        "\"\"",
        "\"arn:aws:ssm:eu-west-1:111122223333:document/a\"",
        "\"arn:aws:ssm:us-east-1:111122223333:parameter/a\"",
        "\"arn:aws\"",
    ];
    let of = |reference: &&str| findings(&build(&api(&format!("parameters: {{ A: {reference} }}"))).stack);
    let said: Vec<String> = references.iter().flat_map(of).collect();
    assert_eq!(said.len(), references.len());
    insta::assert_snapshot!(said.join("\n"));
}

const DB: &str = "secrets: { db: {} }";

#[test]
fn a_secret_of_the_stack_is_called_by_its_name_in_the_spec() {
    let built = build(&format!("{DB}\n{}", api("secrets: { A: db }")));
    let made = only(&built.stack, "AWS::SecretsManager::Secret");
    assert_eq!(main_container(&built, "Secrets/0/ValueFrom"), &made.logical_id.reference());
    assert_eq!(readable(&built), [format!("<{}>", made.logical_id)]);
    insta::assert_snapshot!(json(&Value::from(made.resource.properties().clone())));
}

#[test]
fn the_key_of_a_secret_of_the_stack_goes_to_whoever_reads_it() {
    let spec = format!("secrets: {{ db: {{ kmsKey: \"{KEY}\" }} }}\n{}", api("secrets: { A: db }"));
    let role = build(&spec);
    let statement = property(at(&role.stack, "api/Task/ExecutionRole"), "Policies/0/PolicyDocument/Statement/4");
    assert_eq!(statement.get("Action"), Some(&Value::from("kms:Decrypt")));
    assert_eq!(statement.get("Resource").map(flat), Some(KEY.replace("111122223333", "<AWS::AccountId>")));
}

#[test]
fn templates_that_take_no_generated_value_are_refused() {
    let of = |template: &str| findings(&build(&format!("secrets: {{ db: {{ template: '{template}' }} }}")).stack);
    let said = [of("payments"), of("[1]"), of("{\"password\": \"x\"}"), of("{\"username\": \"x\"}")].concat();
    insta::assert_snapshot!(said.join("\n"));
}

fn rotating(rotation: &str) -> String {
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:rotate";
    format!("secrets: {{ db: {{ rotation: {{ function: \"{function}\", {rotation} }} }} }}")
}

#[test]
fn a_rotation_is_every_so_many_days_or_by_schedule() {
    let rules = |rotation: &str| {
        let built = build(&rotating(rotation));
        assert_eq!(findings(&built.stack), [] as [&str; 0], "{rotation}");
        json(property(only(&built.stack, "AWS::SecretsManager::RotationSchedule"), "RotationRules"))
            .replace(['\n', ' '], "")
    };
    assert_eq!(rules(""), r#"{"AutomaticallyAfterDays":30}"#);
    assert_eq!(rules("days: 7"), r#"{"AutomaticallyAfterDays":7}"#);
    assert_eq!(
        rules("schedule: rate(4 hours), windowHours: 1"),
        r#"{"ScheduleExpression":"rate(4hours)","Duration":"1h"}"#
    );
    assert_eq!(rules("schedule: cron(0 8 1 * ? *)"), r#"{"ScheduleExpression":"cron(081*?*)"}"#);
}

#[test]
fn rotations_that_secrets_manager_refuses_are_refused() {
    let of = |rotation: &str| findings(&build(&rotating(rotation)).stack);
    let function =
        |arn: &str| findings(&build(&format!("secrets: {{ db: {{ rotation: {{ function: \"{arn}\" }} }} }}")).stack);
    let said = [
        of("days: 7, schedule: rate(7 days)"),
        of("schedule: rate(1 hour)"),
        of("schedule: rate(240 minutes)"),
        of("schedule: cron(30 8 1 * ? *)"),
        of("schedule: at(2027-01-31T18:00:00)"),
        of("schedule: weekly"),
        function("arn:aws:lambda:us-east-1:111122223333:function:rotate"),
        function("arn:aws:lambda:eu-west-1:222233334444:function:rotate"),
        function("arn:aws:iam::111122223333:role/rotate"),
    ];
    assert!(said.iter().all(|one| one.len() == 1));
    insta::assert_snapshot!(said.concat().join("\n"));
}

#[test]
fn secrets_manager_may_call_the_function_for_this_secret_before_it_has_to() {
    let built = build(&rotating(""));
    let permission = at(&built.stack, "Secrets/db/RotationPermission");
    assert_eq!(property(permission, "Principal"), &Value::from("secretsmanager.amazonaws.com"));
    assert_eq!(
        property(permission, "SourceArn"),
        &only(&built.stack, "AWS::SecretsManager::Secret").logical_id.reference()
    );
    assert_eq!(property(permission, "SourceAccount"), &Value::reference("AWS::AccountId"));
    let schedule = only(&built.stack, "AWS::SecretsManager::RotationSchedule");
    assert!(schedule.depends_on.contains(&permission.logical_id));
}

fn rotated_and_used() -> Built {
    build(&format!("{}\n{}", rotating(""), api("secrets: { A: { secret: db, key: password } }")))
}

#[test]
fn a_rotated_secret_starts_the_services_that_use_it_anew() {
    let built = rotated_and_used();
    let shown: Vec<String> = built
        .stack
        .resources()
        .iter()
        .filter(|resource| resource.path.starts_with("RestartOnRotation"))
        .map(|one| {
            let mut properties = one.resource.properties().clone();
            if properties.contains_key("Code") {
                properties.insert("Code", "…");
            }
            format!("{} {}\n{}", one.resource.type_name(), one.path, json(&Value::from(properties)))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn the_first_rotation_waits_until_somebody_listens() {
    let built = rotated_and_used();
    let schedule = only(&built.stack, "AWS::SecretsManager::RotationSchedule");
    for path in ["RestartOnRotation/Rule-db", "RestartOnRotation/Permission-db"] {
        assert!(schedule.depends_on.contains(&at(&built.stack, path).logical_id), "{path}");
    }
    assert!(ringfence::constructs::order::longest_chain(&built.stack).is_some(), "nothing waits in a circle");
}

#[test]
fn the_function_is_outside_the_vpc_and_small_enough_for_a_template() {
    let built = rotated_and_used();
    let function = only(&built.stack, "AWS::Lambda::Function");
    assert!(function.resource.property("VpcConfig").is_none());
    let code = property(function, "Code/ZipFile").as_str().expect("inline code");
    assert!(code.contains("forceNewDeployment=True") && code.chars().count() <= 4096);
}

#[test]
fn nobody_is_started_anew_for_nothing() {
    let without = |spec: &str| of_type(&build(spec).stack, "AWS::Lambda::Function").is_empty();
    assert!(without("{}"));
    assert!(without(&format!("{DB}\n{}", api("secrets: { A: db }"))));
    assert!(without(&rotating("")));
    assert!(without(&format!("{}\n{}", rotating("restartServices: false"), api("secrets: { A: db }"))));
}
