//! Resources that wait for one another.

use crate::model::{Gather as _, GatherMore as _};
use crate::model::{Model, ResourceId, sort};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1701", "circular-dependency", Error {
        pitfalls: [],
        summary: "Resources of a template that wait for one another",
        why: "CloudFormation makes a resource after those that it names. When they go round in a circle it refuses the \
              template. Two security groups that name each other are the usual case: rules that stand by themselves break the \
              circle.",
        example: "Resources:
  Balancer:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the load balancer
      SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: 8443, ToPort: 8443, DestinationSecurityGroupId: !Ref Tasks }]
  Tasks:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the tasks
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 8443, ToPort: 8443, SourceSecurityGroupId: !Ref Balancer }]
",
        instead: "Resources:
  Balancer:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the load balancer
      SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: 8443, ToPort: 8443, DestinationSecurityGroupId: !Ref Tasks }]
  Tasks:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: of the tasks }
  FromBalancer:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !Ref Tasks
      IpProtocol: tcp
      FromPort: 8443
      ToPort: 8443
      SourceSecurityGroupId: !Ref Balancer
",
        source: "AWS CloudFormation user guide, troubleshooting, dependency errors",
        check: check,
    }
}

/// How many circles are told of one after the other; a template has one or two.
const MOST: usize = 8;

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    if !model.dependencies().has_circle() {
        return;
    }
    let mut pairs = model.dependencies().pairs().to_vec();
    // The transform of SAM makes other resources of its own, which need not wait as these do.
    let is_real = |id: &ResourceId| !model.type_of(*id).starts_with("AWS::Serverless::");
    pairs.retain(|(from, to)| is_real(from) && is_real(to));
    for _ in 0..MOST {
        pairs = in_circles(pairs);
        let Some(circle) = circle(&pairs) else { return };
        report(model, findings, &circle);
        pairs.retain(|(from, to)| !circle.contains(from) && !circle.contains(to));
    }
}

/// The pairs that are left when what waits for nothing, and then what nothing waits for, is taken away again and again.
fn in_circles(mut pairs: Vec<(ResourceId, ResourceId)>) -> Vec<(ResourceId, ResourceId)> {
    // Both directions after one another: each pass takes away what waits for nothing, and turns the pairs round.
    for _ in 0..2 {
        let mut reversed: Vec<_> = pairs.iter().map(|(from, to)| (*to, *from)).gather();
        sort(&mut reversed);
        let mut left: Vec<(ResourceId, usize)> = Vec::new();
        for (from, to) in pairs.iter().copied() {
            left.gather_more([(from, 1), (to, 0)]);
        }
        sort(&mut left);
        left.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            kept.1 += if is_same { next.1 } else { 0 };
            is_same
        });
        let mut ready: Vec<ResourceId> = left.iter().filter(|(_, count)| *count == 0).map(|(id, _)| *id).gather();
        while let Some(done) = ready.pop() {
            let start = reversed.partition_point(|(to, _)| *to < done);
            for (_, from) in reversed.get(start..).unwrap_or_default().iter().take_while(|(to, _)| *to == done) {
                let place = left.binary_search_by(|(id, _)| id.cmp(from)).ok();
                let Some((_, count)) = place.and_then(|place| left.get_mut(place)) else { continue };
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(*from);
                }
            }
        }
        let waits = |id: &ResourceId| {
            let place = left.binary_search_by(|(known, _)| known.cmp(id)).ok();
            place.and_then(|place| left.get(place)).is_some_and(|(_, count)| *count > 0)
        };
        pairs = reversed.into_iter().filter(|(one, other)| waits(one) && waits(other)).gather();
    }
    pairs
}

/// A circle among pairs of which each leads on to another.
fn circle(pairs: &[(ResourceId, ResourceId)]) -> Option<Vec<ResourceId>> {
    let next = |id: ResourceId| {
        let start = pairs.partition_point(|(from, _)| *from < id);
        pairs.get(start).filter(|(from, _)| *from == id).map(|(_, to)| *to)
    };
    let mut way = vec![pairs.first()?.0];
    loop {
        let following = next(*way.last()?)?;
        if let Some(start) = way.iter().position(|id| *id == following) {
            return Some(way.split_off(start));
        }
        way.push(following);
    }
}

fn report<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, circle: &[ResourceId]) {
    let Some(first) = circle.iter().min() else { return };
    let names: Vec<String> = circle.iter().map(|id| format!("`{}`", model.logical_id(*id))).gather();
    let message = match names.as_slice() {
        [_] => "the resource waits for itself".to_owned(),
        _ => format!("{} wait for one another", names.join(", ")),
    };
    let found = findings.report(*first, "", message);
    found.help("name one of them from a resource of its own, such as `AWS::EC2::SecurityGroupIngress`, or leave a `DependsOn` out");
    for id in circle.iter().filter(|id| *id != first) {
        found.mention(*id, "", "this is part of the circle");
    }
}
