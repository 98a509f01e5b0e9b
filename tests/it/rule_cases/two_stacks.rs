//! Providers and consumers in stacks, accounts and Regions of their own.

use std::collections::BTreeSet;

use ringfence::cfn::SourceText;
use ringfence::diagnostics::Severity;
use ringfence::engine::check::{TemplateInput, check_templates};

const PROVIDER: &str = "Parameters: { Balancer: { Type: String } }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, SupportedRegions: !If [Far, [eu-central-1], !Ref AWS::NoValue] }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Sub 'arn:${AWS::Partition}:iam::222233334444:root'] }
Outputs: { Name: { Value: !Sub 'com.amazonaws.vpce.${AWS::Region}.${Service}' } }";

const CONSUMER: &str = "Parameters: { Name: { Type: String }, Subnets: { Type: CommaDelimitedList } }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      VpcEndpointType: Interface
      ServiceName: !Ref Name
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]";

fn input(text: &str, account: &str, region: &str) -> TemplateInput {
    let source = SourceText::new("stack.yaml", text);
    let (account, region) = (Some(account.to_owned()), Some(region.to_owned()));
    TemplateInput { source, account, region, ..TemplateInput::default() }
}

/// The errors about endpoints of a consumer in an account and Region, whose service is in 111122223333 and eu-west-1.
fn errors(consumer: &str, account: &str, region: &str, offers_far: bool) -> BTreeSet<&'static str> {
    let condition = format!("Conditions: {{ Far: !Equals [{offers_far}, true] }}\n{PROVIDER}");
    let provider = input(&condition, "111122223333", "eu-west-1");
    let mut consumer = input(consumer, account, region);
    consumer.bindings = vec![("Name".to_owned(), 0, "Name".to_owned())];
    let report = check_templates(&[provider, consumer]);
    assert!(!report.unusable, "{:?}", report.findings);
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code.0).collect()
}

#[test]
fn a_consumer_that_is_allowed_has_no_error() {
    assert_eq!(errors(CONSUMER, "222233334444", "eu-west-1", false), BTreeSet::new());
}

#[test]
fn a_consumer_of_an_account_that_is_not_allowed_is_refused() {
    assert_eq!(errors(CONSUMER, "333344445555", "eu-west-1", false), BTreeSet::from(["RF1204"]));
}

#[test]
fn a_consumer_in_another_region_has_to_say_so_and_be_offered_the_service() {
    let far = format!("{CONSUMER}\n      ServiceRegion: eu-west-1");
    assert_eq!(errors(CONSUMER, "222233334444", "eu-central-1", false), BTreeSet::from(["RF1305", "RF1306"]));
    assert_eq!(errors(CONSUMER, "222233334444", "eu-central-1", true), BTreeSet::from(["RF1305"]));
    assert_eq!(errors(&far, "222233334444", "eu-central-1", false), BTreeSet::from(["RF1306"]));
    assert_eq!(errors(&far, "222233334444", "eu-central-1", true), BTreeSet::new());
}
