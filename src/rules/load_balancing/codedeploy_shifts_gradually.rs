//! CodeDeploy is to shift traffic of a Network Load Balancer little by little.

use crate::model::{Gather as _, GatherMore as _};
use crate::model::{Model, Node, ResourceId, Service, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1173", "codedeploy-shifts-gradually", Error {
        pitfalls: [87],
        summary: "A canary or linear deployment of CodeDeploy behind a Network Load Balancer",
        why: "CodeDeploy shifts the traffic of a Network Load Balancer all at once. ECS itself can do canary and linear \
              deployments there.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Deployments:
    Type: AWS::CodeDeploy::DeploymentGroup
    Properties:
      ApplicationName: payments
      ServiceRoleArn: arn:aws:iam::111122223333:role/deploys
      DeploymentConfigName: CodeDeployDefault.ECSCanary10Percent5Minutes
      LoadBalancerInfo: { TargetGroupPairInfoList: [{ TargetGroups: [{ Name: !GetAtt Group.TargetGroupName }] }] }
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Deployments:
    Type: AWS::CodeDeploy::DeploymentGroup
    Properties:
      ApplicationName: payments
      ServiceRoleArn: arn:aws:iam::111122223333:role/deploys
      DeploymentConfigName: CodeDeployDefault.ECSAllAtOnce
      LoadBalancerInfo: { TargetGroupPairInfoList: [{ TargetGroups: [{ Name: !GetAtt Group.TargetGroupName }] }] }
",
        source: "AWS CodeDeploy user guide, deployment configurations",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for id in model.of_type("AWS::CodeDeploy::DeploymentGroup") {
        let name = model.property(id, "DeploymentConfigName");
        if !shifts_gradually(model, &name) {
            continue;
        }
        let groups = target_groups(model, id);
        if let Some(group) = groups.into_iter().find(|group| group.network_protocol().is_some()) {
            findings
                .report(
                    id,
                    "DeploymentConfigName",
                    "CodeDeploy shifts traffic of a Network Load Balancer all at once only",
                )
                .suggest("DeploymentConfigName", "CodeDeployDefault.ECSAllAtOnce")
                .help("use `CodeDeployDefault.ECSAllAtOnce`, or let ECS deploy with the strategy `CANARY` or `LINEAR`")
                .mention(group.id(), "Protocol", "this target group is one of a Network Load Balancer");
        }
    }
}

/// Whether a deployment configuration is known to be a canary or linear one.
fn shifts_gradually<'a>(model: &'a Model<'a>, name: &Node<'a>) -> bool {
    if let Some(own) = name.resource() {
        let kind = model.property(own, "TrafficRoutingConfig/Type").text();
        return kind.is_known_and(|kind| kind == "TimeBasedCanary" || kind == "TimeBasedLinear");
    }
    name.text().is_known_and(|name| {
        ["CodeDeployDefault.ECSCanary", "CodeDeployDefault.ECSLinear"].iter().any(|start| name.starts_with(start))
    })
}

/// The target groups of a deployment group, by name or by the services that it deploys.
fn target_groups<'a>(model: &'a Model<'a>, id: ResourceId) -> Vec<TargetGroup<'a>> {
    let pairs = model.property(id, "LoadBalancerInfo/TargetGroupPairInfoList").known_items();
    let named = pairs.iter().flat_map(|pair| pair.get("TargetGroups").known_items());
    let mut groups: Vec<_> = named.filter_map(|group| model.view(group.get("Name").resource()?)).gather();
    let services = model.property(id, "ECSServices").known_items();
    for service in services.iter().filter_map(|entry| model.view::<Service<'a>>(entry.get("ServiceName").resource()?)) {
        let entries = service.load_balancers().into_iter();
        groups.gather_more(
            entries.filter_map(|entry| model.view::<TargetGroup<'a>>(entry.get("TargetGroupArn").resource()?)),
        );
    }
    groups
}
