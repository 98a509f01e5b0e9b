//! Templates and what the rules about templates say of them: what pairs of templates cannot show in every way of writing.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "an alias of an endpoint by both parts of an entry",
        &[],
        r#"Resources:
  Endpoint: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: vpc-1, ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0, VpcEndpointType: Interface } }
  Name:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z123
      Name: api.example.com
      Type: A
      AliasTarget:
        HostedZoneId: !Select [0, !Split [":", !Select [0, !GetAtt Endpoint.DnsEntries]]]
        DNSName: !Select [1, !Split [":", !Select [0, !GetAtt Endpoint.DnsEntries]]]
"#,
    ),
    case(
        "an alias of an endpoint by its parts the other way round",
        &["RF1716"],
        r#"Resources:
  Endpoint: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: vpc-1, ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0, VpcEndpointType: Interface } }
  Name:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z123
      Name: api.example.com
      Type: A
      AliasTarget:
        HostedZoneId: !Select [1, !Split [":", !Select [0, !GetAtt Endpoint.DnsEntries]]]
        DNSName: !Select [0, !Split [":", !Select [0, !GetAtt Endpoint.DnsEntries]]]
"#,
    ),
    case(
        "an alias by a whole entry, in a group of records",
        &["RF1716"],
        r#"Resources:
  Endpoint: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: vpc-1, ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0, VpcEndpointType: Interface } }
  Names:
    Type: AWS::Route53::RecordSetGroup
    Properties:
      HostedZoneId: Z123
      RecordSets:
        - Name: api.example.com
          Type: A
          AliasTarget: { HostedZoneId: Z1UJRXOUMOOFQ8, DNSName: !Select [0, !GetAtt Endpoint.DnsEntries] }
"#,
    ),
    case(
        "a default that the parameter does not take",
        &["RF1715"],
        r#"Parameters: { Stage: { Type: String, Default: dev, AllowedValues: [test, live] } }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Stage } }
"#,
    ),
    case(
        "a default number that the parameter takes",
        &[],
        r#"Parameters: { Days: { Type: Number, Default: "7", AllowedValues: [7, 14] } }
Resources:
  Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: !Ref Days } }
"#,
    ),
    case(
        "a loop without its transform",
        &["RF1715"],
        r#"Resources:
  Fn::ForEach::Topics: [Name, [A, B], { "Topic${Name}": { Type: AWS::SNS::Topic } }]
"#,
    ),
    case(
        "a loop with its transform among others",
        &[],
        r#"Transform: [AWS::LanguageExtensions]
Resources:
  Fn::ForEach::Topics: [Name, [A, B], { "Topic${Name}": { Type: AWS::SNS::Topic } }]
"#,
    ),
];

#[test]
fn rules_of_this_subject_find_what_they_should_and_nothing_else() {
    assert_cases("RF17", CASES);
}
