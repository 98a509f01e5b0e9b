//! A gateway endpoint that is not in the route table of the tasks' subnets.

use super::{blocks, subnets_in_words};
use crate::diagnostics::Mend;
use crate::model::{Field, Identity, Model, ResourceId, Subnet, Value, View};
use crate::reach::{Cause, Reach};
use crate::rules::Findings;
use crate::rules::mends::reference;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1012", "gateway-endpoint-not-in-route-table", Error {
        pitfalls: [63],
        summary: "A gateway endpoint that is not in the route table of the tasks' subnets",
        why: "A gateway endpoint is a route in the tables that it names. Tasks in subnets with another table do not see it, and without a way \
              to the internet they cannot pull the layers of their image from S3.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  TableOfSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\" }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
  Gateway:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.s3 }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  TableOfSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\" }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
  Gateway:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.s3, RouteTableIds: [!Ref Table] }
",
        source: "AWS PrivateLink guide, gateway endpoints",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    for block in blocks(reach, |_, blocker| blocker.cause == Cause::GatewayNotInTable) {
        let Some(endpoint) = block.blocker.resource else { continue };
        let service = block.leg.service;
        let subnets = subnets_in_words(reach, &block.subnets);
        let message = format!(
            "tasks of `{}` in {subnets} cannot {}: the gateway endpoint is not in the route table there",
            service.logical_id(),
            block.leg.need.purpose.words()
        );
        let found = findings.report(endpoint, "RouteTableIds", message);
        found.mend_by(mend(reach.model(), endpoint, &block.subnets)).help(
            "add the route table of the subnet to `RouteTableIds`, and give the subnet one of its own if it has none",
        );
        for subnet in &block.subnets {
            found.mention(*subnet, "", "tasks in this subnet do not see the endpoint");
        }
        found.mention(service.id(), "NetworkConfiguration", "this service runs there");
    }
}

/// Adds the route tables of the subnets, when all have one.
fn mend<'a>(model: &'a Model<'a>, endpoint: ResourceId, subnets: &[ResourceId]) -> Option<Mend> {
    let mut tables: Vec<Value> = Vec::new();
    for subnet in subnets {
        let Field::Known(Identity::Resource(table)) = model.view::<Subnet<'a>>(*subnet)?.route_table()? else {
            return None;
        };
        let table = reference(model, endpoint, table, "")?;
        if !tables.contains(&table) {
            tables.push(table);
        }
    }
    let mend = Mend::safe("add the route tables of the subnets to `RouteTableIds`");
    (!tables.is_empty()).then(|| mend.add("RouteTableIds", tables))
}
