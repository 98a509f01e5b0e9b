//! Names and types of the services of endpoints.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "a name by parameter",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
  Name: { Type: String }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Ref Name
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "a name by default",
        &["RF1301"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
  Name: { Type: String, Default: payments }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Ref Name
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "a service of another form",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: aws.sagemaker.eu-west-1.notebook
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "a service that is not listed here",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.sagemaker.api
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "a service with FIPS",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.kms-fips"
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "an ID in a Region by reference",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.vpce.${AWS::Region}.vpce-svc-0123456789abcdef0"
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "an ID by parameter",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
  Id: { Type: String }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.vpce.${AWS::Region}.${Id}"
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "a made-up ID in a Region by reference",
        &["RF1301"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.vpce.${AWS::Region}.vpce-svc-payments"
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "an ID without vpce",
        &["RF1301"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.vpce-svc-0123456789abcdef0"
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "a DNS name",
        &["RF1301"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: vpce-svc-0123456789abcdef0.eu-west-1.vpce.amazonaws.com
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "a name of China",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: cn.com.amazonaws.vpce.cn-north-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "a name of China without its beginning",
        &["RF1301"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.cn-north-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "a product in place of a service",
        &["RF1301"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.ecr"
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "the ID of the own service",
        &["RF1301"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Ref Service
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!ImportValue balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Sub "arn:aws:iam::${AWS::AccountId}:root"] }"#,
    ),
    case(
        "the own service without vpce",
        &["RF1301"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.${Service}"
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!ImportValue balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Sub "arn:aws:iam::${AWS::AccountId}:root"] }"#,
    ),
    case(
        "the own service put together",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Join [".", [com.amazonaws.vpce, !Ref AWS::Region, !Ref Service]]
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!ImportValue balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Sub "arn:aws:iam::${AWS::AccountId}:root"] }"#,
    ),
    case(
        "the own service behind a Gateway Load Balancer",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.vpce.${AWS::Region}.${Service}"
      VpcEndpointType: GatewayLoadBalancer
      SubnetIds: [!ImportValue subnet]
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { GatewayLoadBalancerArns: [!ImportValue balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Sub "arn:aws:iam::${AWS::AccountId}:root"] }"#,
    ),
    case(
        "an interface to a Gateway Load Balancer",
        &["RF1302"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.vpce.${AWS::Region}.${Service}"
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { GatewayLoadBalancerArns: [!ImportValue balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Sub "arn:aws:iam::${AWS::AccountId}:root"] }"#,
    ),
    case(
        "a Gateway Load Balancer of elsewhere",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: GatewayLoadBalancer
      SubnetIds: [!ImportValue subnet]"#,
    ),
    case(
        "a resource",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      VpcEndpointType: Resource
      ResourceConfigurationArn: !ImportValue resource"#,
    ),
    case(
        "a gateway of which the type is not said",
        &[],
        r#"Parameters:
  Tables: { Type: CommaDelimitedList }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.dynamodb"
      RouteTableIds: !Ref Tables"#,
    ),
    case(
        "a gateway for directory buckets",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.s3express
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]"#,
    ),
    case(
        "a gateway for a queue",
        &["RF1302"],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.sqs"
      VpcEndpointType: Gateway
      RouteTableIds: [!ImportValue table]"#,
    ),
    case(
        "a type by parameter",
        &[],
        r#"Parameters:
  Kind: { Type: String }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.sqs
      VpcEndpointType: !Ref Kind"#,
    ),
];

#[test]
fn service_names_are_judged_whatever_way_they_are_written() {
    assert_cases("RF13", CASES);
}
