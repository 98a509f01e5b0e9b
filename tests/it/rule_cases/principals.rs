//! Who may connect to endpoint services.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "an account by parameter",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
  Account: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Join ['', ['arn:aws:iam::', !Ref Account, ':root']]] }"#,
    ),
    case(
        "accounts by a list of a parameter",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
  Accounts: { Type: CommaDelimitedList }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: !Ref Accounts }"#,
    ),
    case(
        "everybody by default of a list",
        &["RF1201"],
        r#"Parameters:
  Balancer: { Type: String }
  Accounts: { Type: CommaDelimitedList, Default: "*" }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: !Ref Accounts }"#,
    ),
    case(
        "accounts split from a text",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
  Accounts: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: !Split [',', !Ref Accounts] }"#,
    ),
    case(
        "as the CDK writes it",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [{ "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":iam::", { Ref: "AWS::AccountId" }, ":root"]] }] }"#,
    ),
    case(
        "a service of AWS",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [appflow.amazonaws.com] }"#,
    ),
    case(
        "acceptance as text",
        &["RF1201"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: "false" }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["*"] }"#,
    ),
    case(
        "acceptance by parameter",
        &["RF1202"],
        r#"Parameters:
  Balancer: { Type: String }
  Accepts: { Type: String, AllowedValues: ["true", "false"] }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: !Ref Accepts }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["*"] }"#,
    ),
    case(
        "everybody in one world",
        &["RF1201"],
        r#"Conditions: { Open: !Equals [!Ref Stage, dev] }
Parameters:
  Balancer: { Type: String }
  Stage: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: !If [Open, ['*'], ['arn:aws:iam::222233334444:root']] }"#,
    ),
    case(
        "a role of the stack",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!GetAtt Role.Arn] }
  Role: { Type: AWS::IAM::Role, Properties: { Path: / } }"#,
    ),
    case(
        "a role of the stack with a path",
        &["RF1205"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!GetAtt Role.Arn] }
  Role: { Type: AWS::IAM::Role, Properties: { Path: /team/ } }"#,
    ),
    case(
        "the name of a role",
        &["RF1205"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Ref Role] }
  Role: { Type: AWS::IAM::Role }"#,
    ),
    case(
        "a path before a parameter",
        &["RF1205"],
        r#"Parameters:
  Balancer: { Type: String }
  Name: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Sub "arn:aws:iam::222233334444:role/team/${Name}"] }"#,
    ),
    case(
        "an account number by default",
        &["RF1205"],
        r#"Parameters:
  Balancer: { Type: String }
  Account: { Type: String, Default: "222233334444" }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Ref Account] }"#,
    ),
    case(
        "the own account number",
        &["RF1205"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Ref AWS::AccountId] }"#,
    ),
    case(
        "a service without a list, exported",
        &[],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!ImportValue balancer], AcceptanceRequired: false }
Outputs: { Id: { Value: !Ref Service, Export: { Name: service } } }"#,
    ),
    case(
        "a list for a service that may be this one",
        &[],
        r#"Parameters: { Id: { Type: String } }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!ImportValue balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Id, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }"#,
    ),
    case(
        "lists for two services",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Other:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!ImportValue other], AcceptanceRequired: false }
  OtherPermissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Other, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }"#,
    ),
    case(
        "two lists of which one is made",
        &[],
        r#"Conditions: { Prod: !Equals [!Ref Stage, prod], Dev: !Not [!Condition Prod] }
Parameters:
  Balancer: { Type: String }
  Stage: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Condition: Prod
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Other:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Condition: Dev
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::333344445555:root"] }"#,
    ),
];

#[test]
fn principals_are_judged_whatever_way_they_are_written() {
    assert_cases("RF12", CASES);
}
