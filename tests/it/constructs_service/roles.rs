//! Roles: trust, permissions, boundary.

use ringfence::cfn::Value;
use ringfence::constructs::iam::{Statement, arn};
use ringfence::constructs::{Role, Stack, StackProps, Trust};

use crate::building::{at, errors, findings, json, only, property, stack};

#[test]
fn a_task_role_is_trusted_for_tasks_of_this_account_and_region_alone() {
    let mut stack = stack();
    Role::new(&mut stack.scope(), "Role", &Trust::ecs_tasks(), "for tasks");
    insta::assert_snapshot!(json(property(only(&stack, "AWS::IAM::Role"), "AssumeRolePolicyDocument")));
}

#[test]
fn a_function_role_is_trusted_for_functions_of_this_account_alone() {
    let mut stack = stack();
    Role::new(&mut stack.scope(), "Role", &Trust::lambda(), "for a function");
    let role = only(&stack, "AWS::IAM::Role");
    let condition = property(role, "AssumeRolePolicyDocument/Statement/0/Condition/StringEquals/aws:SourceAccount");
    assert_eq!(condition, &Value::reference("AWS::AccountId"));
}

#[test]
fn the_boundary_of_the_stack_bounds_every_role() {
    let boundary = Value::from("arn:aws:iam::111122223333:policy/boundary");
    let props = StackProps { permissions_boundary: Some(boundary.clone()), ..StackProps::default() };
    let mut stack = Stack::new("Test", props);
    Role::new(&mut stack.scope(), "Role", &Trust::lambda(), "for a function");
    assert_eq!(property(only(&stack, "AWS::IAM::Role"), "PermissionsBoundary"), &boundary);
}

#[test]
fn what_a_role_may_do_from_the_beginning_is_inside_the_role() {
    let mut stack = stack();
    let mut scope = stack.scope();
    let role = Role::new(&mut scope, "Role", &Trust::lambda(), "for a function");
    role.allow(&mut scope, "Logs", vec![Statement::allow(["logs:PutLogEvents"]).on(arn("logs", "log-group:a"))]);
    role.allow(&mut scope, "Queue", vec![Statement::allow(["sqs:SendMessage"]).on(arn("sqs", "b"))]);
    role.allow(&mut scope, "Nothing", Vec::new());
    let policies = property(only(&stack, "AWS::IAM::Role"), "Policies").as_list().expect("a list");
    let names: Vec<_> = policies.iter().filter_map(|policy| policy.get("PolicyName")?.as_str()).collect();
    assert_eq!(names, ["Logs", "Queue"]);
}

#[test]
fn a_policy_of_its_own_can_be_waited_for() {
    let mut stack = stack();
    let mut scope = stack.scope();
    let role = Role::new(&mut scope, "Role", &Trust::lambda(), "for a function");
    let statement = Statement::allow(["sqs:SendMessage"]).on(arn("sqs", "b"));
    let policy = role.attach(&mut scope, "Policy", vec![statement]);
    assert_eq!(at(&stack, "Policy").logical_id, policy);
    assert_eq!(property(at(&stack, "Policy"), "Roles/0"), &Value::reference("Role"));
    assert_eq!(property(at(&stack, "Policy"), "PolicyName"), &Value::from("Policy"));
}

#[test]
fn the_name_of_a_policy_is_short_enough_and_keeps_its_hash() {
    let mut stack = stack();
    let mut scope = stack.scope();
    let role = Role::new(&mut scope, "Role", &Trust::lambda(), "for a function");
    let mut deep = scope.child(&"Deep".repeat(40));
    let policy = role.attach(&mut deep, "Policy", vec![Statement::allow(["sqs:SendMessage"]).on(arn("sqs", "b"))]);
    let resource = stack.resource(&policy).expect("it was added");
    let name = property(resource, "PolicyName").as_str().expect("text");
    assert_eq!(name.len(), 128);
    assert!(policy.as_str().ends_with(name));
}

#[test]
fn two_roles_at_one_place_are_refused() {
    let mut stack = stack();
    Role::new(&mut stack.scope(), "Role", &Trust::lambda(), "for a function");
    Role::new(&mut stack.scope(), "Role", &Trust::lambda(), "for another function");
    assert_eq!(errors(&stack), ["RF0007"]);
    assert_eq!(
        findings(&stack),
        ["error RF0007 : there is a construct `Role` already (give each construct an ID of its own)"]
    );
}
