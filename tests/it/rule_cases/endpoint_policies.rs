//! Policies of endpoints, and policies about endpoints.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "everybody as an AWS principal",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "*" }, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/*" }] }"#,
    ),
    case(
        "everybody in a list",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: ["*"] }, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/*" }] }"#,
    ),
    case(
        "a principal by parameter",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: !ImportValue who }, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/*" }] }"#,
    ),
    case(
        "a role as principal",
        &["RF1323"],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: !GetAtt Role.Arn }, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/*" }] }
  Role: { Type: AWS::IAM::Role }"#,
    ),
    case(
        "an account that is refused",
        &["RF1323"],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Deny, Principal: { AWS: "222233334444" }, Action: "s3:*", Resource: "*" }, { Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*" }] }"#,
    ),
    case(
        "an organization on a condition",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": o-exampleorgid } } }] }"#,
    ),
    case(
        "roles by the beginning of their names",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*", Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/app-*" } } }] }"#,
    ),
    case(
        "a wildcard beside few characters",
        &["RF1324"],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*", Condition: { StringLike: { "aws:PrincipalTag/team": "a*" } } }] }"#,
    ),
    case(
        "a policy as text",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
      PolicyDocument: '{}'"#,
    ),
    case(
        "a policy of a custom service that is the default",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: "*", Action: "*", Resource: "*" }] }"#,
    ),
    case(
        "a gateway in a VPC with a way out",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Attachment: { Type: AWS::EC2::VPCGatewayAttachment, Properties: { VpcId: !Ref Vpc, InternetGatewayId: !ImportValue gateway } }"#,
    ),
    case(
        "a gateway in a VPC without one",
        &["RF1321"],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }"#,
    ),
    case(
        "groups in one world",
        &["RF1310"],
        r#"Conditions: { Own: !Equals [!Ref Stage, prod] }
Parameters:
  Stage: { Type: String }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.sqs
      VpcEndpointType: Interface
      SubnetIds: [!ImportValue subnet]
      SecurityGroupIds: !If [Own, [!ImportValue group], !Ref AWS::NoValue]"#,
    ),
    case(
        "a condition that holds where the key is not",
        &[],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "ec2:CreateVpcEndpoint", Resource: "*", Condition: { StringEqualsIfExists: { "ec2:VpceServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0" } } }"#,
    ),
    case(
        "a condition that never holds for the VPC",
        &["RF1331"],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "ec2:CreateVpcEndpoint", Resource: "*", Condition: { StringEquals: { "ec2:VpceServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0" } } }"#,
    ),
    case(
        "the VPC allowed beside it",
        &[],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "ec2:CreateVpcEndpoint", Resource: "*", Condition: { StringEquals: { "ec2:VpceServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0" } } }
              - { Effect: Allow, Action: "ec2:CreateVpcEndpoint", Resource: ["arn:aws:ec2:*:*:vpc/*", "arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:*:*:security-group/*"] }"#,
    ),
    case(
        "the VPC alone",
        &["RF1331"],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "ec2:CreateVpcEndpoint", Resource: ["arn:aws:ec2:*:*:vpc/*", "arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:*:*:security-group/*"] }"#,
    ),
    case(
        "a refusal of other services",
        &[],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "*", Resource: "*" }
              - { Effect: Deny, Action: "ec2:CreateVpcEndpoint", Resource: "*", Condition: { StringNotEquals: { "ec2:VpceServiceOwner": amazon } } }"#,
    ),
    case(
        "reading alone",
        &[],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: ["ec2:DescribeVpcEndpoints", "ec2:DescribeVpcEndpoint*"], Resource: "*" }"#,
    ),
    case(
        "everything in capitals",
        &["RF1330"],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "EC2:*VPCEndpoint*", Resource: "*" }"#,
    ),
    case(
        "making and deleting without limit",
        &["RF1330"],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: ["ec2:CreateVpcEndpoint", "ec2:DeleteVpcEndpoints"], Resource: "*" }"#,
    ),
    case(
        "one service of the provider",
        &[],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "ec2:ModifyVpcEndpointServicePermissions", Resource: !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/*" }"#,
    ),
    case(
        "the VPC allowed by a policy of its own",
        &[],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "ec2:CreateVpcEndpoint", Resource: "*", Condition: { StringEquals: { "ec2:VpceServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0" } } }
  Rest:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: rest
      Roles: [!Ref Caller]
      PolicyDocument: { Statement: [{ Effect: Allow, Action: "ec2:CreateVpcEndpoint", Resource: ["arn:aws:ec2:*:*:vpc/*", "arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:*:*:security-group/*"] }] }"#,
    ),
    case(
        "across Regions with a managed policy",
        &[],
        r#"Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonVPCFullAccess"]
      Policies:
        - PolicyName: endpoints
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "ec2:CreateVpcEndpoint", Resource: "*", Condition: { StringEquals: { "ec2:VpceServiceRegion": "eu-west-1" } } }
              - { Effect: Allow, Action: "ec2:CreateVpcEndpoint", Resource: ["arn:aws:ec2:*:*:vpc/*", "arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:*:*:security-group/*"] }"#,
    ),
];

#[test]
fn endpoint_policies_are_judged_whatever_way_they_are_written() {
    assert_cases("RF13", CASES);
}
