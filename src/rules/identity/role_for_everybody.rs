//! A role that anybody may assume, and keys, secrets and the like that anybody may use.

use crate::diagnostics::Severity;
use crate::model::policy::PolicyDocument;
use crate::model::{Field, Model, Role, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1508", "role-for-everybody", Error {
        pitfalls: [],
        summary: "A role that anybody may assume, or a key, secret, bucket, topic or queue that anybody may use",
        why: "A trust policy whose principal is `*` lets every account of AWS, and anybody in it, take on the role and do whatever it may do. Policies of keys, secrets, buckets, topics and queues open those in the same way.",
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

/// What has a policy of its own: the type, the property, what anybody may do, whether that may be meant.
/// Buckets of web sites, queues and topics are sometimes open; keys and secrets never are.
const OPEN: [(&str, &str, &str, bool); 6] = [
    (Role::TYPE, "AssumeRolePolicyDocument", "assume the role", false),
    ("AWS::KMS::Key", "KeyPolicy", "use the key", false),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", "use the secret", false),
    ("AWS::S3::BucketPolicy", "PolicyDocument", "use the bucket", true),
    ("AWS::SNS::TopicPolicy", "PolicyDocument", "use the topic", true),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", "use the queue", true),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (type_name, property, what, may_be_meant) in OPEN {
        for id in model.of_type(type_name) {
            let document = PolicyDocument::read(model, &model.property(id, property));
            for statement in document.known_statements() {
                if !statement.allows.is_yes() || !statement.is_unconditional() || statement.excepts_principals {
                    continue;
                }
                let Field::Known(principals) = &statement.principals else { continue };
                for principal in principals.iter().filter(|principal| principal.is_everybody()) {
                    let found = findings.report(
                        id,
                        format!("{property}/{}/{}", statement.place, principal.place),
                        format!("anybody in any account may {what}"),
                    );
                    found
                        .help("name the service or the roles that need it, such as `Service: ecs-tasks.amazonaws.com`");
                    if may_be_meant {
                        found.severity(Severity::Warning);
                    }
                }
            }
        }
    }
}
