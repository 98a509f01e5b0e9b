//! What mends a finding of the corpus mends it, brings nothing new, and leaves everything else in the file as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use ringfence::cfn::edit::{Edit, apply};
use ringfence::cfn::{Format, SourceText, Value, read, to_json, to_yaml};
use ringfence::diagnostics::{Finding, Fix, Severity};
use ringfence::engine::check::{TemplateInput, check_templates};
use ringfence::rules;

use super::{Case, inputs, pairs, side};
use crate::workspace::assert_none;

/// How many rules offer a fix, at least.
const MENDED_RULES: usize = 101;

/// How many rules offer one that may be made without anybody looking, at least.
const SAFELY_MENDED_RULES: usize = 27;

/// What a fix may bring, and why: the rule that it mends, and the one that fires afterwards.
const BROUGHT: &[(&str, &str, &str)] = &[
    ("RF1180", "RF1180", "the policy of the bucket foresees the prefix"),
    ("RF1209", "RF1208", "whoever has to accept connections has to hear of them"),
    ("RF1502", "RF1502", "who may not fetch an image does not hear of its layers before"),
];

/// What tells a finding from others.
type Told = (&'static str, Option<String>, String);

fn told(finding: &Finding) -> Told {
    (finding.code.0, finding.address.resource.clone(), finding.message.clone())
}

/// The same templates written in another way.
fn rewritten(inputs: &[TemplateInput], extension: &str, write: &dyn Fn(&Value) -> String) -> Vec<TemplateInput> {
    let rewrite = |input: &TemplateInput| {
        let document = read(&input.source, Format::Auto).expect("it can be read");
        let name = format!("{}.{extension}", input.source.name());
        TemplateInput { source: SourceText::new(name, write(&document.value)), ..input.clone() }
    };
    inputs.iter().map(rewrite).collect()
}

/// The templates after the edits of a fix.
fn mended(inputs: &[TemplateInput], fix: &Fix) -> Vec<TemplateInput> {
    let mend = |input: &TemplateInput| {
        let own = fix.edits.iter().filter(|edit| edit.place.file == input.source.name());
        let edits: Vec<Edit> = own.map(|edit| Edit::replace(edit.place.span, edit.replacement.clone())).collect();
        let text = apply(input.source.text(), &edits).expect("edits lie in the text");
        TemplateInput { source: SourceText::new(input.source.name(), text), ..input.clone() }
    };
    inputs.iter().map(mend).collect()
}

/// The comments of a text, a line each.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.find("# ").map(|at| line.split_at(at).1)).collect()
}

fn members(value: &Value) -> BTreeMap<&str, &Value> {
    value.as_map().into_iter().flat_map(|map| map.iter()).map(|(key, value)| (key.as_ref(), value)).collect()
}

/// The keys of which the values differ, in one of two maps or in both.
fn differing<'v>(before: &'v Value, after: &'v Value) -> BTreeSet<&'v str> {
    let (before, after) = (members(before), members(after));
    let keys: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    keys.into_iter().filter(|key| before.get(key) != after.get(key)).collect()
}

/// What a fix changed that it should have left alone.
fn disturbed(before: &TemplateInput, after: &TemplateInput) -> Option<String> {
    let Ok(new) = read(&after.source, Format::Auto) else {
        return Some(format!("it cannot be read any more:\n{}", after.source.text()));
    };
    let old = read(&before.source, Format::Auto).expect("it can be read");
    let lost: Vec<_> = {
        let left = comments(after.source.text());
        comments(before.source.text()).into_iter().filter(|comment| !left.contains(comment)).collect()
    };
    if !lost.is_empty() {
        return Some(format!("it loses {lost:?}"));
    }
    let sections = differing(&old.value, &new.value);
    let [section] = Vec::from_iter(sections)[..] else { return Some("it changes no section, or several".to_owned()) };
    let (Some(old), Some(new)) = (old.value.get(section), new.value.get(section)) else { return None };
    let changed = differing(old, new);
    let is_new = |id: &&str| old.get(id).is_none();
    let are_one = changed.len() == 1 || changed.iter().all(is_new);
    (section == "Resources" && !are_one).then(|| format!("it changes {changed:?}"))
}

/// What was seen of the fixes of templates that belong together.
#[derive(Default)]
pub(crate) struct Seen {
    /// The rules that offer one, and whether it is safe.
    rules: BTreeMap<&'static str, BTreeSet<bool>>,
    /// How many were tried.
    pub(crate) tried: usize,
    /// What was not as it should be.
    pub(crate) problems: Vec<String>,
    used: BTreeSet<(&'static str, &'static str)>,
}

impl Seen {
    /// Tries every fix that is offered. Gives whether there is one.
    fn look(&mut self, name: &str, inputs: &[TemplateInput]) -> bool {
        self.look_at(name, inputs, &|_| true)
    }

    /// Tries every fix of wanted findings. Gives whether there is one.
    pub(crate) fn look_at(
        &mut self,
        name: &str,
        inputs: &[TemplateInput],
        is_wanted: &dyn Fn(&Finding) -> bool,
    ) -> bool {
        let before = check_templates(inputs).findings;
        let known: Vec<Told> = before.iter().map(told).collect();
        for finding in &before {
            let Some(fix) = finding.fix.as_ref().filter(|_| is_wanted(finding)) else { continue };
            self.rules.entry(finding.code.0).or_default().insert(fix.safe);
            self.tried += 1;
            let after = mended(inputs, fix);
            let files = inputs.iter().zip(&after).filter(|(old, new)| old.source.text() != new.source.text());
            let files: Vec<_> = files.collect();
            let mut problems = Vec::new();
            match files.as_slice() {
                [(old, new)] => problems.extend(disturbed(old, new)),
                _ => problems.push(format!("it changes {} files", files.len())),
            }
            if problems.is_empty() {
                problems.extend(self.judged(finding, &known, &after));
            }
            let place = format!("{} in {name} ({})", finding.code, fix.title);
            let text = files.first().map(|(_, new)| new.source.text()).unwrap_or_default();
            self.problems.extend(problems.into_iter().map(|problem| format!("{place}: {problem}\n{text}")));
        }
        before.iter().any(|finding| finding.fix.is_some())
    }

    /// What the rulebook says of templates that were mended and should not.
    fn judged(&mut self, mended: &Finding, known: &[Told], after: &[TemplateInput]) -> Vec<String> {
        let mut problems = Vec::new();
        let findings = check_templates(after).findings;
        let mended = told(mended);
        let is_it = |one: &&Told| **one == mended;
        let left: Vec<Told> = findings.iter().map(told).collect();
        if left.iter().filter(is_it).count() >= known.iter().filter(is_it).count() {
            problems.push("it is still found".to_owned());
        }
        // What is left of the same rule may be told in other words.
        let is_alike = |one: &Told| (one.0, &one.1) == (mended.0, &mended.1);
        let count = |all: &[Told]| all.iter().filter(|one| is_alike(one)).count();
        let are_fewer = count(&left) < count(known);
        for finding in &findings {
            let now = told(finding);
            if known.contains(&now) || finding.severity == Severity::Info || are_fewer && is_alike(&now) {
                continue;
            }
            match BROUGHT.iter().find(|(of, brought, _)| (*of, *brought) == (mended.0, finding.code.0)) {
                Some((of, brought, _)) => drop(self.used.insert((of, brought))),
                None => problems.push(format!("it brings {now:?}")),
            }
        }
        problems
    }
}

fn bad_inputs(case: &Case) -> Vec<TemplateInput> {
    inputs(case, &side(case, "bad"))
}

fn example(code: &str, text: &str) -> TemplateInput {
    TemplateInput {
        source: SourceText::new(format!("{code}.yaml"), text),
        region: Some("eu-west-1".to_owned()),
        ..TemplateInput::default()
    }
}

/// The rules that offer a fix somewhere, and whether it is safe.
pub(crate) static OFFERED: LazyLock<BTreeMap<&'static str, BTreeSet<bool>>> = LazyLock::new(|| {
    let mut offered: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
    let corpus = pairs().into_iter().map(|case| bad_inputs(&case));
    let examples = rules::all().map(|rule| vec![example(rule.page.code.0, rule.page.example)]);
    let further = FURTHER.iter().map(|(code, resources)| vec![of_resources(code, resources)]);
    for inputs in corpus.chain(examples).chain(further) {
        for finding in check_templates(&inputs).findings {
            if let Some(fix) = finding.fix {
                offered.entry(finding.code.0).or_default().insert(fix.safe);
            }
        }
    }
    offered
});

#[test]
fn no_rule_ceases_to_offer_a_fix() {
    assert!(OFFERED.len() >= MENDED_RULES, "{} rules offer a fix: {:?}", OFFERED.len(), OFFERED.keys());
    let safe = OFFERED.values().filter(|kinds| kinds.contains(&true)).count();
    assert!(safe >= SAFELY_MENDED_RULES, "{safe} rules offer a safe fix");
}

fn of_resources(code: &str, resources: &str) -> TemplateInput {
    example(code, &format!("Resources:\n{resources}"))
}

#[test]
fn every_fix_mends_its_finding_and_nothing_else() {
    let mut seen = Seen::default();
    for case in pairs() {
        let written = bad_inputs(&case);
        if !seen.look(&case.slug, &written) {
            continue;
        }
        seen.look(&format!("{} as JSON", case.slug), &rewritten(&written, "json", &|value| to_json(value)));
        let flow = |value: &Value| format!("# flow\n{}", to_json(value).replace('\t', " "));
        seen.look(&format!("{} in flow style", case.slug), &rewritten(&written, "yaml", &flow));
        seen.look(&format!("{} in block style", case.slug), &rewritten(&written, "yaml", &|value| to_yaml(value)));
    }
    for rule in rules::all() {
        seen.look("its example", &[example(rule.page.code.0, rule.page.example)]);
    }
    let unused: Vec<_> = BROUGHT.iter().filter(|(of, brought, _)| !seen.used.contains(&(of, brought))).collect();
    assert!(unused.is_empty(), "not brought: {unused:?}");
    assert_none(&format!("of {} fixes", seen.tried), &seen.problems);
}

/// Templates with mistakes of which the corpus has none, or none that can be mended: the rule, and the template.
const FURTHER: &[(&str, &str)] = &[
    (
        "RF1132",
        "  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Scheme: internal, SecurityGroups: [sg-0123456789abcdef0], Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] } }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TLS
      Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012' }]
      SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
      DefaultActions:
        - Type: forward
          ForwardConfig:
            TargetGroups: [{ TargetGroupArn: !Ref One }]
            TargetGroupStickinessConfig:
              Enabled: true
              DurationSeconds: 3600
  One: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip } }
",
    ),
    (
        "RF1301",
        "  Near: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: vpc-0123456789abcdef0, VpcEndpointType: Interface, SubnetIds: [subnet-0123456789abcdef0], SecurityGroupIds: [sg-0123456789abcdef0], ServiceName: !Ref Offer } }
  Offer: { Type: AWS::EC2::VPCEndpointService, Properties: { AcceptanceRequired: false, NetworkLoadBalancerArns: ['arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef'] } }
  May: { Type: AWS::EC2::VPCEndpointServicePermissions, Properties: { ServiceId: !Ref Offer, AllowedPrincipals: ['arn:aws:iam::111122223333:root'] } }
",
    ),
    (
        "RF1309",
        "  Near: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: !Ref Vpc, VpcEndpointType: Interface, SubnetIds: [!Ref One, !Ref One], SecurityGroupIds: [sg-0123456789abcdef0], ServiceName: com.amazonaws.eu-west-1.logs } }
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a } }
",
    ),
    (
        "RF1317",
        "  Near: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: !Ref Vpc, VpcEndpointType: Interface, SubnetIds: [subnet-0123456789abcdef0], SecurityGroupIds: [!Ref Group], ServiceName: com.amazonaws.eu-west-1.logs } }
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the endpoint
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 443
          ToPort: 443
          CidrIp: 0.0.0.0/0 # everybody
",
    ),
    (
        "RF1711",
        "  Near: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: !Ref Vpc, VpcEndpointType: Interface, RouteTableIds: [!Ref Table], SubnetIds: [subnet-0123456789abcdef0], SecurityGroupIds: [sg-0123456789abcdef0], ServiceName: com.amazonaws.eu-west-1.logs } }
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
",
    ),
    (
        "RF1421",
        "  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: a, Image: a, Privileged: true, PortMappings: [{ ContainerPort: 8080, HostPort: 80 }] }] } }
",
    ),
    (
        "RF1409",
        "  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', TaskRoleArn: 'arn:aws:iam::111122223333:role/worker', ContainerDefinitions: [{ Name: a, Image: a, ReadonlyRootFilesystem: true }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, EnableExecuteCommand: true, TaskDefinition: !Ref Task } }
",
    ),
    (
        "RF1501",
        "  Starter: { Type: AWS::IAM::Role, Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'], AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: 'sts:AssumeRole' }] } } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: a, Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1' }] } }
",
    ),
    (
        "RF1503",
        "  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Statement: [{ Effect: Allow, Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }] } } }
  Password: { Type: AWS::SecretsManager::Secret, Properties: { KmsKeyId: !GetAtt Key.Arn } }
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: 'sts:AssumeRole' }] }
      Policies:
        - PolicyName: start
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: !Ref Password }
              - Effect: Allow
                Action: 'kms:DescribeKey' # of the password
                Resource: !GetAtt Key.Arn
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: a, Image: 'public.ecr.aws/a/a:1', Secrets: [{ Name: P, ValueFrom: !Ref Password }] }] } }
",
    ),
    (
        "RF1601",
        "  Writer: { Type: AWS::IAM::Role, Properties: { Policies: [{ PolicyName: logs, PolicyDocument: { Statement: [{ Effect: Allow, Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }] } }], AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: vpc-flow-logs.amazonaws.com }, Action: 'sts:AssumeRole' }] } } }
  Flows: { Type: AWS::EC2::FlowLog, Properties: { ResourceId: vpc-0123456789abcdef0, ResourceType: VPC, TrafficType: ALL, LogGroupName: flows } }
",
    ),
    (
        "RF1408",
        "  Worker: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: 'sts:AssumeRole' }] }, Policies: [{ PolicyName: exec, PolicyDocument: { Statement: [{ Effect: Allow, Action: 'ssmmessages:OpenDataChannel', Resource: '*' }] } }] } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', TaskRoleArn: !GetAtt Worker.Arn, ContainerDefinitions: [{ Name: a, Image: a }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, EnableExecuteCommand: true, TaskDefinition: !Ref Task } }
",
    ),
];

#[test]
fn what_is_right_in_another_world_is_not_changed_without_anybody_looking() {
    const TEMPLATE: &str = "Parameters: { Place: { Type: String, AllowedValues: [one, two] } }
Conditions: { Near: !Equals [!Ref Place, one] }
Resources:
  Far:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [subnet-0123456789abcdef0]
      SecurityGroupIds: [sg-0123456789abcdef0]
      ServiceName: !If [Near, com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0, com.amazonaws.vpce.eu-north-1.vpce-svc-0123456789abcdef0]
";
    let fixes = |template: &str| {
        let found = check_templates(&[example("t", template)]).findings.into_iter();
        let of_rule = found.filter(|finding| finding.code.0 == "RF1305");
        of_rule.filter_map(|finding| finding.fix).map(|fix| fix.safe).collect::<Vec<_>>()
    };
    assert_eq!(fixes(TEMPLATE), [false]);
    assert_eq!(fixes(&TEMPLATE.replace("vpce.eu-west-1", "vpce.eu-north-1")), [true]);
}

#[test]
fn fixes_of_which_the_corpus_has_none_mend_as_well() {
    let mut seen = Seen::default();
    for (code, resources) in FURTHER {
        let template = of_resources(code, resources);
        seen.rules.remove(code);
        seen.look(code, std::slice::from_ref(&template));
        seen.look(code, &rewritten(&[template], "json", &|value| to_json(value)));
        assert!(seen.rules.contains_key(code), "{code} offers no fix");
    }
    assert_none("fixes", &seen.problems);
}

/// Mistakes that cannot be mended at one place: which rule finds them, and why no fix is offered.
const OPEN: &[(&str, &str, &str)] = &[
    (
        "RF1137",
        "the listener waits for the service",
        "  Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, DependsOn: Bell, Properties: { LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef', Port: 443, Protocol: TCP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] } }
  Bell: { Type: AWS::SNS::Topic, Properties: { DisplayName: !GetAtt Service.Name } }
  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }] } }
",
    ),
    (
        "RF1137",
        "a loop makes the service",
        "  Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef', Port: 443, Protocol: TCP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] } }
  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip } }
  'Fn::ForEach::Each': [Name, [A], { 'Service${Name}': { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }] } } }]
",
    ),
    (
        "RF1610",
        "a parameter says it",
        "  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/NetworkELB, MetricName: HealthyHostCount, ComparisonOperator: LessThanThreshold, TreatMissingData: !Ref Missing, Threshold: 1, EvaluationPeriods: 1 } }
",
    ),
    (
        "RF1610",
        "a condition chooses it",
        "  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/NetworkELB, MetricName: HealthyHostCount, ComparisonOperator: LessThanThreshold, TreatMissingData: !If [Calm, notBreaching, ignore], Threshold: 1, EvaluationPeriods: 1 } }
",
    ),
    (
        "RF1610",
        "a mapping says it",
        "  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/NetworkELB, MetricName: HealthyHostCount, ComparisonOperator: LessThanThreshold, TreatMissingData: !FindInMap [Of, Alarms, Missing], Threshold: 1, EvaluationPeriods: 1 } }
",
    ),
    (
        "RF1210",
        "an event that a condition leaves out moves the others",
        "  Bell: { Type: AWS::EC2::VPCEndpointConnectionNotification, Properties: { ServiceId: vpce-svc-0123456789abcdef0, ConnectionNotificationArn: 'arn:aws:sns:eu-west-1:111122223333:bell', ConnectionEvents: [!If [Calm, !Ref AWS::NoValue, Accept], connect] } }
",
    ),
    (
        "RF1311",
        "the VPC is made on a condition, and the switch comes from a transform",
        "  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, 'Fn::If': [Calm, { EnableDnsHostnames: true }, !Ref AWS::NoValue] } }
  Near: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: !Ref Vpc, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [subnet-0123456789abcdef0], SecurityGroupIds: [sg-0123456789abcdef0], ServiceName: com.amazonaws.eu-west-1.logs } }
",
    ),
    (
        "RF1611",
        "the load balancer is made on a condition, the alarm always",
        "  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Condition: Calm, Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] } }
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/NetworkELB, MetricName: NewFlowCount, ComparisonOperator: GreaterThanThreshold, Threshold: 1, EvaluationPeriods: 1, Dimensions: [{ Name: LoadBalancer, Value: !Ref Balancer }] } }
",
    ),
];

#[test]
fn what_is_not_said_at_one_place_for_all_worlds_is_left_to_people() {
    const HEAD: &str = "Transform: AWS::LanguageExtensions
Parameters: { Missing: { Type: String, Default: notBreaching }, Place: { Type: String, AllowedValues: [one, two] } }
Conditions: { Calm: !Equals [!Ref Place, one] }
Mappings: { Of: { Alarms: { Missing: notBreaching } } }
Resources:
";
    for (code, why, resources) in OPEN {
        let report = check_templates(&[example(code, &format!("{HEAD}{resources}"))]);
        let found: Vec<_> = report.findings.iter().filter(|finding| finding.code.0 == *code).collect();
        assert!(!found.is_empty(), "{code} does not find it where {why}: {:?}", report.findings);
        let fixes: Vec<_> = found.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        assert!(fixes.is_empty(), "{code} offers a fix although {why}: {fixes:?}");
    }
}

/// A template with several mistakes, in YAML as people write it.
const SHOWN: &str = include_str!("fixes.yaml");

#[test]
fn fixes_are_written_like_what_is_there() {
    let yaml = [TemplateInput { source: SourceText::new("t.yaml", SHOWN), ..example("", "") }];
    let one_line = |value: &Value| serde_json::to_string(value).expect("JSON");
    let all = [
        ("YAML", yaml.to_vec()),
        ("YAML in flow style", rewritten(&yaml, "yaml", &|value| format!("# flow\n{}", to_json(value)))),
        ("JSON", rewritten(&yaml, "json", &|value| to_json(value))),
        ("JSON on one line", rewritten(&yaml, "json", &one_line)),
    ];
    let mut text = String::new();
    for (notation, inputs) in all {
        let _ = writeln!(text, "=== {notation}");
        for finding in check_templates(&inputs).findings {
            let Some(fix) = &finding.fix else { continue };
            let kind = if fix.safe { "safe" } else { "suggested" };
            let _ = writeln!(text, "--- {} {kind}: {}", finding.code, fix.title);
            for edit in &fix.edits {
                let old = inputs[0].source.slice(edit.place.span);
                let _ = writeln!(text, "{old:?} becomes {}", edit.replacement.trim_end());
            }
        }
    }
    insta::assert_snapshot!(text);
}
