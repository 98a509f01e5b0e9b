//! Scaling of something that is no service.

use crate::model::{Attribute, Because, Model, Node, Piece, ScalableTarget, View as _};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1423", "scaling-nothing", Error {
        pitfalls: [],
        summary: "A scalable target whose ID does not name a cluster and a service",
        why: "Application Auto Scaling knows a service as `service/CLUSTER/SERVICE`, by names. With an ARN in it, or without the \
              cluster, there is no such service, and the target is refused.",
        example: "Resources:
  Cluster: { Type: AWS::ECS::Cluster }
  Service: { Type: AWS::ECS::Service, Properties: { Cluster: !Ref Cluster, TaskDefinition: 'api:3', DesiredCount: 2 } }
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ScalableDimension: ecs:service:DesiredCount
      ResourceId: !Sub 'service/${Cluster}/${Service}'
      MinCapacity: 2
      MaxCapacity: 6
",
        instead: "Resources:
  Cluster: { Type: AWS::ECS::Cluster }
  Service: { Type: AWS::ECS::Service, Properties: { Cluster: !Ref Cluster, TaskDefinition: 'api:3', DesiredCount: 2 } }
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ScalableDimension: ecs:service:DesiredCount
      ResourceId: !Sub 'service/${Cluster}/${Service.Name}'
      MinCapacity: 2
      MaxCapacity: 6
",
        source: "Application Auto Scaling API reference, RegisterScalableTarget (ResourceId)",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for target in model.all::<ScalableTarget<'a>>() {
        if !target.property("ServiceNamespace").text().is_known_and(|name| name == "ecs") {
            continue;
        }
        let Some(message) = wrong(model, &target.property("ResourceId")) else { continue };
        findings
            .report(target.id(), "ResourceId", message)
            .help("write `service/CLUSTER/SERVICE` with both names: `Ref` gives that of a cluster, the attribute `Name` that of a service");
    }
}

/// What is wrong with an ID, as far as it is known.
fn wrong<'a>(model: &'a Model<'a>, id: &Node<'a>) -> Option<&'static str> {
    let mut written = String::new();
    for piece in id.pieces() {
        match piece {
            Piece::Text(text) => written.push_str(&text),
            Piece::Hole(Because::Attribute(attribute)) if is_arn(model, attribute) => {
                return Some("the ID holds an ARN where a name belongs");
            }
            Piece::Hole(Because::Attribute(attribute)) if is_name(model, attribute) => written.push('-'),
            Piece::Hole(_) => return None,
        }
    }
    let parts = written.split('/');
    let is_right =
        written.starts_with("service/") && parts.clone().count() == 3 && parts.into_iter().all(|part| !part.is_empty());
    (!written.is_empty() && !is_right).then_some("the ID does not name a cluster and a service")
}

fn is_arn<'a>(model: &'a Model<'a>, Attribute { resource, name }: Attribute<'a>) -> bool {
    matches!((model.type_of(resource), name), ("AWS::ECS::Service", "" | "ServiceArn") | ("AWS::ECS::Cluster", "Arn"))
}

fn is_name<'a>(model: &'a Model<'a>, Attribute { resource, name }: Attribute<'a>) -> bool {
    matches!((model.type_of(resource), name), ("AWS::ECS::Service", "Name") | ("AWS::ECS::Cluster", ""))
}
