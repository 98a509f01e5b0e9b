//! More subnets or security groups than a service can have.

use crate::aws::fargate;
use crate::model::{Model, Service, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1415", "too-many-subnets-or-groups", Error {
        pitfalls: [91],
        summary: "More subnets or security groups than a service can have",
        why: "ECS takes up to 16 subnets and 5 security groups for the tasks of a service, and refuses more.",
        example: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      NetworkConfiguration:
        AwsvpcConfiguration:
          Subnets: [subnet-0123456789abcdef0]
          SecurityGroups: [sg-00000000000000000, sg-00000000000000001, sg-00000000000000002, sg-00000000000000003, sg-00000000000000004, sg-00000000000000005]
",
        instead: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      NetworkConfiguration:
        AwsvpcConfiguration:
          Subnets: [subnet-0123456789abcdef0]
          SecurityGroups: [sg-00000000000000000, sg-00000000000000001, sg-00000000000000002, sg-00000000000000003, sg-00000000000000004]
",
        source: "Amazon ECS API reference, AwsVpcConfiguration",
        check: check,
    }
}

const LIMITS: [(&str, &str, usize); 2] = [
    ("NetworkConfiguration/AwsvpcConfiguration/Subnets", "subnets", fargate::SUBNETS_PER_SERVICE),
    (
        "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups",
        "security groups",
        fargate::SECURITY_GROUPS_PER_SERVICE,
    ),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>() {
        for (property, name, limit) in LIMITS {
            let count = service.property(property).known_items().len();
            if count > limit {
                findings
                    .report(
                        service.id(),
                        property,
                        format!("a service has at most {limit} {name}, but these are {count}"),
                    )
                    .help(format!("leave out {} of them, or make another service", count - limit));
            }
        }
    }
}
