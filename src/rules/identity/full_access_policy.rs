//! A managed policy of AWS that gives a role of tasks much more than it needs.

use super::task_roles;
use crate::aws::iam;
use crate::model::{Model, View, aws_managed_policy};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1513", "full-access-policy", Warning {
        pitfalls: [99],
        summary: "A managed policy of AWS that gives a role of tasks much more than it needs",
        why: "Policies such as `AmazonS3FullAccess` or `AdministratorAccess` are made for people who set things up, not for containers.",
        example: "Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess']
",
        instead: "Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
      Policies:
        - PolicyName: worker
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::receipts/*' }
",
        source: "IAM user guide, managed policies and least-privilege permissions",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for role in task_roles::all(model) {
        for (index, arn) in role.managed_policies().iter().enumerate() {
            let Some(name) = aws_managed_policy(arn) else { continue };
            let last = name.rsplit('/').next().unwrap_or_default();
            if last.contains("FullAccess") || iam::WIDE_MANAGED_POLICIES.contains(&last) {
                findings
                    .report(
                        role.id(),
                        format!("ManagedPolicyArns/{index}"),
                        format!("`{last}` gives the role much more than tasks need"),
                    )
                    .help("write a policy with the actions and resources that the tasks need");
            }
        }
    }
}
