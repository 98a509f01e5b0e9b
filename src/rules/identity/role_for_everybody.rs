//! A role that anybody may assume.

use crate::model::policy::PolicyDocument;
use crate::model::{Field, Model, Role, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1508", "role-for-everybody", Error {
        pitfalls: [],
        summary: "A role that anybody may assume",
        why: "A trust policy whose principal is `*` lets every account of AWS, and anybody in it, take on the role and do whatever it may do.",
        example: "Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { AWS: '*' }
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
",
        source: "IAM user guide, AWS JSON policy elements: Principal",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for role in model.all::<Role<'a>>() {
        let document = PolicyDocument::read(model, &role.trust());
        for statement in document.known_statements() {
            if !statement.allows.is_yes() || !statement.is_unconditional() || statement.excepts_principals {
                continue;
            }
            let Field::Known(principals) = &statement.principals else { continue };
            for principal in principals.iter().filter(|principal| principal.is_everybody()) {
                findings
                    .report(
                        role.id(),
                        format!("AssumeRolePolicyDocument/{}/{}", statement.place, principal.place),
                        "anybody in any account may assume the role",
                    )
                    .help("name the service or the roles that need it, such as `Service: ecs-tasks.amazonaws.com`");
            }
        }
    }
}
