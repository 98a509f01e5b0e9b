//! A flow log that leaves out what security groups and network ACLs reject.

use crate::model::{Field, FlowLog, Model, Relation, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1607", "flow-log-of-accepted-traffic", Warning {
        pitfalls: [97],
        summary: "A network whose flow logs record accepted traffic only",
        why: "Connections that a security group or a network ACL rejects time out without a word. Only flow logs show that they came, and from where.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Records:
    Type: AWS::EC2::FlowLog
    Properties: { ResourceType: VPC, ResourceId: !Ref Vpc, TrafficType: ACCEPT, LogDestinationType: s3, LogDestination: arn:aws:s3:::records }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Records:
    Type: AWS::EC2::FlowLog
    Properties: { ResourceType: VPC, ResourceId: !Ref Vpc, TrafficType: ALL, LogDestinationType: s3, LogDestination: arn:aws:s3:::records }
",
        source: "Amazon VPC user guide, flow logs",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let accepts = |log: &FlowLog<'a>| log.traffic().is_known_and(|traffic| traffic == "ACCEPT");
    for log in model.all::<FlowLog<'a>>().filter(accepts) {
        let Field::Known(recorded) = log.resource() else { continue };
        let mut all = model.related::<FlowLog<'a>>(Relation::FlowLogResource, &recorded);
        if all.all(|other| accepts(&other)) {
            findings
                .report(log.id(), "TrafficType", "what is rejected is not recorded")
                .suggest("TrafficType", "ALL")
                .help("set `TrafficType: ALL`, or add a flow log with `TrafficType: REJECT`")
                .in_spec(InSpec::Help("set `network.flowLogs.traffic` to `all`"));
        }
    }
}
