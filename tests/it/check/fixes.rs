//! `check --fix`.

use std::path::Path;

use super::{SPEC, TEMPLATE, all, check, check_text, folder, stderr, stdout};
use crate::workspace::root;

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("a readable file")
}

#[test]
fn safe_fixes_are_made_in_specs_and_templates() {
    let folder = folder(&[("spec.yaml", SPEC), ("template.yaml", TEMPLATE)]);
    let output = check(folder.path(), &["--fix", "spec.yaml", "template.yaml"]);
    assert_eq!(output.status.code(), Some(1), "the unknown key is left");
    insta::assert_snapshot!(stderr(&output));
    insta::assert_snapshot!(
        "mended",
        format!("{}---\n{}", text(folder.path(), "spec.yaml"), text(folder.path(), "template.yaml"))
    );
    let mut names: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["spec.yaml", "template.yaml"]);
}

#[test]
fn a_diff_changes_nothing() {
    let folder = folder(&[("spec.yaml", SPEC), ("template.yaml", TEMPLATE)]);
    for option in [&["--diff"][..], &["--fix", "--dry-run"]] {
        let output = check(folder.path(), &[option, &["spec.yaml", "template.yaml"]].concat());
        insta::assert_snapshot!("diff", stdout(&output));
    }
    assert_eq!(text(folder.path(), "spec.yaml"), SPEC);
    assert_eq!(text(folder.path(), "template.yaml"), TEMPLATE);
}

#[test]
fn what_is_mended_is_found_no_more() {
    let folder = folder(&[("template.yaml", TEMPLATE)]);
    assert_eq!(check(folder.path(), &["--fix", "template.yaml"]).status.code(), Some(0));
    let again = check(folder.path(), &["--fix", "template.yaml"]);
    assert_eq!((again.status.code(), stderr(&again)), (Some(0), String::new()));
}

#[test]
fn line_breaks_and_byte_order_marks_stay() {
    let before = format!("\u{FEFF}{}", TEMPLATE.replace('\n', "\r\n"));
    let folder = folder(&[("template.yaml", &before)]);
    assert_eq!(check(folder.path(), &["--fix", "template.yaml"]).status.code(), Some(0));
    let after = text(folder.path(), "template.yaml");
    assert_eq!(after.replace("      TargetType: ip\r\n", ""), before);
}

#[test]
fn json_is_mended_as_it_is_written() {
    let json = "{\n\t\"Resources\": {\n\t\t\"G\": {\n\t\t\t\"Type\": \"AWS::ElasticLoadBalancingV2::TargetGroup\",\n\t\t\t\"Properties\": {\n\t\t\t\t\"Protocol\": \"TCP\",\n\t\t\t\t\"TargetType\" : \"instance\"\n\t\t\t}\n\t\t},\n\t\t\"S\": { \"Type\": \"AWS::ECS::Service\", \"Properties\": { \"LaunchType\": \"FARGATE\", \"LoadBalancers\": [{ \"ContainerName\": \"a\", \"ContainerPort\": 1, \"TargetGroupArn\": { \"Ref\": \"G\" } }], \"DeploymentConfiguration\": { \"DeploymentCircuitBreaker\": { \"Enable\": true } } } }\n\t},\n\t\"Outputs\": { \"G\": { \"Value\": { \"Ref\": \"G\" } } }\n}";
    let folder = folder(&[("t.json", json)]);
    check(folder.path(), &["--fix", "t.json"]);
    assert_eq!(text(folder.path(), "t.json"), json.replace("\"instance\"", "\"ip\""));
}

#[test]
fn what_a_condition_decides_is_left_to_people() {
    let template = TEMPLATE
        .replacen("Resources:", "Conditions: { C: !Equals [!Ref AWS::Region, eu-west-1] }\nResources:", 1)
        .replacen("      Protocol: TCP", "      TargetType: !If [C, instance, ip]\n      Protocol: TCP", 1);
    let folder = folder(&[("t.yaml", &template)]);
    let output = check(folder.path(), &["--fix", "t.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{}", all(&output));
    assert_eq!(text(folder.path(), "t.yaml"), template);
}

#[test]
fn suppressed_findings_are_not_mended() {
    let config = "[[suppress]]\nrule = \"RF1106\"\nreason = \"so\"\n";
    let folder = folder(&[("ringfence.toml", config), ("t.yaml", TEMPLATE)]);
    assert_eq!(check(folder.path(), &["--fix", "t.yaml"]).status.code(), Some(0));
    assert_eq!(text(folder.path(), "t.yaml"), TEMPLATE);
}

#[test]
fn standard_input_can_only_be_compared() {
    let folder = folder(&[]);
    assert_eq!(check_text(folder.path(), &["--fix", "-"], TEMPLATE).status.code(), Some(2));
    assert!(stdout(&check_text(folder.path(), &["--diff", "-"], TEMPLATE)).contains("+      TargetType: ip"));
}

#[test]
fn every_safe_fix_of_a_bad_spec_leaves_a_file_that_can_be_read() {
    let mut mended = 0;
    for path in crate::workspace::on_disk("tests/corpus/bad", "l") {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let folder = folder(&[]);
        std::fs::copy(&path, folder.path().join(&name)).expect("a copy");
        let output = check(folder.path(), &["--fix", &name]);
        assert!(!all(&output).contains("could not be read any more"), "{name}: {}", all(&output));
        mended += usize::from(all(&output).contains("changed "));
    }
    assert!(mended >= 5, "{mended} specs of {} were mended", root().display());
}

/// A rule whose findings are mended safely: resources with the mistake, and what the text has afterwards.
const MENDED: &[(&str, &str, &str)] = &[
    (
        "RF1016",
        "  Dark: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.1.0.0/16, EnableDnsHostnames: false } }
  Inner: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Dark, CidrBlock: 10.1.0.0/24, AvailabilityZone: eu-west-1a } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: all, VpcId: !Ref Dark, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.1.0.0/16 }] } }
  Door: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcEndpointType: Interface, ServiceName: com.amazonaws.eu-west-1.logs, VpcId: !Ref Dark, SubnetIds: [!Ref Inner], SecurityGroupIds: [!Ref Group], PrivateDnsEnabled: true } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: 'arn:aws:iam::111122223333:role/starter', ContainerDefinitions: [{ Name: api, Image: a, LogConfiguration: { LogDriver: awslogs, Options: { awslogs-group: all, awslogs-region: eu-west-1, awslogs-stream-prefix: api } } }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Inner], SecurityGroups: [!Ref Group] } } } }
",
        "CidrBlock: 10.1.0.0/16, EnableDnsHostnames: true }",
    ),
    (
        "RF1102",
        "  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off' } }\n",
        "Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }",
    ),
    (
        "RF1112",
        "  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { VpcId: vpc-0123456789abcdef0, Protocol: TLS, Port: 443, TargetType: ip, TargetGroupAttributes: [{ Key: stickiness.enabled, Value: 'true' }] } }\n",
        "{ Key: stickiness.enabled, Value: 'false' }",
    ),
    (
        "RF1205",
        "  May: { Type: AWS::EC2::VPCEndpointServicePermissions, Properties: { ServiceId: vpce-svc-0123456789abcdef0, AllowedPrincipals: ['111122223333', 'arn:aws:sts::222233334444:assumed-role/caller/me'] } }\n",
        "[!Sub 'arn:${AWS::Partition}:iam::111122223333:root', 'arn:aws:iam::222233334444:role/caller']",
    ),
    (
        "RF1210",
        "  Bell: { Type: AWS::EC2::VPCEndpointConnectionNotification, Properties: { ServiceId: vpce-svc-0123456789abcdef0, ConnectionNotificationArn: 'arn:aws:sns:eu-west-1:111122223333:bell', ConnectionEvents: [connect, Rejected] } }\n",
        "ConnectionEvents: [Connect, Reject]",
    ),
    (
        "RF1223",
        "  Offer: { Type: AWS::EC2::VPCEndpointService, Properties: { AcceptanceRequired: true, NetworkLoadBalancerArns: ['arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef'], PrivateDnsName: api.example.com } }
  Proof: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneName: example.com., Name: !Sub '${Offer.PrivateDnsNameConfiguration.Name}.api.example.com', Type: CNAME, TTL: '60', ResourceRecords: [!Sub '\"${Offer.PrivateDnsNameConfiguration.Value}\"'] } }
",
        "Type: TXT, TTL: '60'",
    ),
    (
        "RF1224",
        "  Offer: { Type: AWS::EC2::VPCEndpointService, Properties: { AcceptanceRequired: true, NetworkLoadBalancerArns: ['arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef'], PrivateDnsName: Api.Example.com } }\n",
        "PrivateDnsName: api.example.com",
    ),
    (
        "RF1305",
        "  Far: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: !Ref Vpc, VpcEndpointType: Interface, SubnetIds: [!Ref One], SecurityGroupIds: [sg-0123456789abcdef0], ServiceName: com.amazonaws.vpce.eu-north-1.vpce-svc-0123456789abcdef0 } }\n",
        "ServiceRegion: eu-north-1",
    ),
    (
        "RF1320",
        "  Near: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: !Ref Vpc, VpcEndpointType: Interface, SubnetIds: [!Ref One], SecurityGroupIds: [sg-0123456789abcdef0], ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0, PolicyDocument: { Statement: [{ Effect: Allow, Principal: '*', Action: 'ec2:Describe*', Resource: '*' }] } } }\n",
        "vpce-svc-0123456789abcdef0 }",
    ),
    (
        "RF1403",
        "  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', EphemeralStorage: { SizeInGiB: 20 }, ContainerDefinitions: [{ Name: a, Image: a }] } }\n",
        "Memory: '512', ContainerDefinitions",
    ),
    (
        "RF1414",
        "  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, TaskDefinition: a:1, DeploymentConfiguration: { MaximumPercent: 200 } } }\n",
        "Rollback: true",
    ),
    (
        "RF1504",
        "  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: 'arn:aws:iam::111122223333:role/starter', ContainerDefinitions: [{ Name: a, Image: a, Secrets: [{ Name: P, ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:password' }] }] } }\n",
        "secret:db-AbCdEf:password::'",
    ),
    (
        "RF1604",
        "  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: 'arn:aws:iam::111122223333:role/starter', ContainerDefinitions: [{ Name: api, Image: a, LogConfiguration: { LogDriver: awslogs, Options: { awslogs-group: all, awslogs-region: eu-west-1 } } }] } }\n",
        "awslogs-stream-prefix: api",
    ),
];

/// A VPC of which the Region is known, for rules that ask for it.
const HOME: &str = "  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a } }
";

#[test]
fn what_a_machine_can_be_sure_of_is_mended_rule_by_rule() {
    for (rule, resources, after) in MENDED {
        let template = format!("Resources:\n{HOME}{resources}");
        let folder = folder(&[("t.yaml", &template)]);
        let before = stdout(&check(folder.path(), &["--format", "github", "t.yaml"]));
        assert!(before.contains(rule), "{rule} does not find it: {before}");
        let left = all(&check(folder.path(), &["--fix", "--format", "github", "t.yaml"]));
        // Which quotes it gets is a matter of taste.
        let text = text(folder.path(), "t.yaml").replace('"', "'");
        assert!(text.contains(after), "{rule}: {text}");
        assert!(!left.contains(rule), "{rule} is still there: {left}");
    }
}
