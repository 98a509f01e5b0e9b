//! A flow log to CloudWatch Logs without a role that delivers it.

use crate::diagnostics::Mend;
use crate::model::glob::Pattern;
use crate::model::{Field, FlowLog, Model, Role, View};
use crate::rules::Findings;
use crate::rules::mends::{allow, only_role};
use crate::rules::registry::rule;

rule! {
    RULE = "RF1601", "flow-log-without-role", Error {
        pitfalls: [93],
        summary: "A flow log to CloudWatch Logs without a role that delivers it",
        why: "VPC flow logs go to CloudWatch Logs when nothing else is said, and are written there as a role of yours. Without one the flow log is refused.",
        example: "Resources:
  Flow:
    Type: AWS::EC2::FlowLog
    Properties:
      ResourceType: VPC
      ResourceId: vpc-0123456789abcdef0
      TrafficType: ALL
      LogGroupName: flows
",
        instead: "Resources:
  Flow:
    Type: AWS::EC2::FlowLog
    Properties:
      ResourceType: VPC
      ResourceId: vpc-0123456789abcdef0
      TrafficType: ALL
      LogGroupName: flows
      DeliverLogsPermissionArn: arn:aws:iam::111122223333:role/flows
",
        source: "Amazon EC2 API reference, CreateFlowLogs",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for log in model.all::<FlowLog<'a>>() {
        let Field::Known(kind) = log.destination_type() else { continue };
        if kind == "cloud-watch-logs" && log.role().is_absent() {
            let role = only_role(model, log.id(), "vpc-flow-logs.amazonaws.com");
            findings
                .report(log.id(), "", "the flow log goes to CloudWatch Logs, but has no role that writes it there")
                .mend_by(role.map(|role| Mend::setting(false, "DeliverLogsPermissionArn", role)))
                .help("set `DeliverLogsPermissionArn` to a role that `vpc-flow-logs.amazonaws.com` may assume");
        }
        if matches!(kind.as_ref(), "s3" | "kinesis-data-firehose") && log.property("LogDestination").is_absent() {
            findings
                .report(
                    log.id(),
                    "LogDestinationType",
                    format!("the flow log goes to `{kind}`, and nothing says where"),
                )
                .help("set `LogDestination` to the ARN of the bucket or stream");
        }
        if kind == "cloud-watch-logs" && log.destination().is_absent() && log.log_group_name().is_absent() {
            findings
                .report(log.id(), "", "the flow log goes to CloudWatch Logs, and nothing says to which log group")
                .help("set `LogGroupName` to the name of a log group");
        }
        let role = log.property("DeliverLogsPermissionArn").resource().and_then(|id| model.view::<Role<'a>>(id));
        let Some(role) = role.filter(|_| kind == "cloud-watch-logs") else { continue };
        let permissions = role.permissions();
        let lacks = |action: &&str| permissions.allow(action, &Pattern::anything()).is_no();
        if let Some(action) = ["logs:PutLogEvents", "logs:CreateLogStream"].into_iter().find(lacks) {
            findings
                .report(log.id(), "DeliverLogsPermissionArn", "the role of the flow log may not write to CloudWatch Logs")
                .mend_by(allow(role, &Pattern::anything(), &[action]))
                .help("allow it `logs:CreateLogStream`, `logs:PutLogEvents`, `logs:DescribeLogGroups` and `logs:DescribeLogStreams`")
                .mention(role.id(), "", "this is the role");
        }
    }
}
