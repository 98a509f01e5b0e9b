//! A subnet with fewer addresses than its tasks, endpoints and load balancers may need.

use crate::aws::{load_balancer, subnets};
use crate::model::{Model, OrderedMap, Relation, ResourceId, Service, Subnet, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1416", "subnet-too-small", Warning {
        pitfalls: [92],
        summary: "A subnet with fewer addresses than its tasks, endpoints and load balancers may need",
        why: "Every task on Fargate has an address of its own, and during a deployment there may be twice as many. A Network Load Balancer wants eight free ones in each of its subnets, and each endpoint takes one.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/28 } }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: api
      DesiredCount: 10
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: api
      DesiredCount: 10
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet] } }
",
        source: "Amazon VPC user guide, subnet sizing; Elastic Load Balancing user guide for Network Load Balancers, Availability Zones",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut needs: OrderedMap<ResourceId, (i64, ResourceId)> = OrderedMap::new();
    for service in model.all::<Service<'a>>().filter(|service| service.has_own_addresses()) {
        let Some((tasks, subnets)) = most_tasks(service).zip(service.subnets().known()) else { continue };
        let each = share(tasks, subnets.len());
        for subnet in subnets.iter().filter_map(|subnet| model.find::<Subnet<'a>>(subnet)) {
            needs.or_insert_with(subnet.id(), || (0, service.id())).0 += each;
        }
    }
    for (id, (tasks, service)) in needs {
        let Some(subnet) = model.view::<Subnet<'a>>(id) else { continue };
        let Some(addresses) = subnet.cidr_block().known().and_then(|range| usable(&range)) else { continue };
        let others = others(model, subnet);
        if tasks.saturating_add(others) > addresses {
            findings
                .report(
                    id,
                    "CidrBlock",
                    format!(
                        "the subnet has {addresses} addresses, but up to {tasks} tasks and {others} others need one"
                    ),
                )
                .help("make the subnet bigger, or use more subnets")
                .mention(service, "", "this service runs tasks in it");
        }
    }
}

/// The most tasks that a service may have at once, if that is known.
fn most_tasks<'a>(service: Service<'a>) -> Option<i64> {
    let scaled = service.scalable_targets().filter_map(|target| target.maximum().known()).max();
    let count = scaled.max(service.desired_count().known())?;
    let maximum = service.maximum().or(200).known()?;
    Some(count.saturating_mul(maximum.max(100)) / 100)
}

/// The tasks in one of so many subnets, which ECS spreads them over.
fn share(tasks: i64, subnets: usize) -> i64 {
    let subnets = i64::try_from(subnets).unwrap_or(i64::MAX).max(1);
    tasks.saturating_add(subnets - 1) / subnets
}

fn usable(range: &str) -> Option<i64> {
    range.parse().ok().map(|range| i64::from(subnets::usable_addresses(range)))
}

/// How many addresses load balancers and endpoints need in a subnet.
fn others<'a>(model: &'a Model<'a>, subnet: Subnet<'a>) -> i64 {
    let count = |relation| model.referring(relation, &subnet.identity()).count();
    let balancers = count(Relation::LoadBalancerSubnet);
    let endpoints = count(Relation::EndpointSubnet);
    let of = |count: usize, each: u32| i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(i64::from(each));
    of(balancers, load_balancer::FREE_ADDRESSES_PER_SUBNET).saturating_add(of(endpoints, 1))
}
