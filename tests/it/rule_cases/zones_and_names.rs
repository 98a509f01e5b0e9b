//! Zones, private DNS and VPCs of endpoints.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "zones in turn",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Select [0, !GetAZs ""] } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Select [1, !GetAZs ""] } }"#,
    ),
    case(
        "the same place in the list of zones",
        &["RF1309"],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Select [0, !GetAZs ""] } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Select [0, !GetAZs { Ref: "AWS::Region" }] } }"#,
    ),
    case(
        "zones of a list",
        &[],
        r#"Parameters:
  Zones: { Type: CommaDelimitedList }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Select [0, !Ref Zones] } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Select [1, !Ref Zones] } }"#,
    ),
    case(
        "zones of a list of zones",
        &[],
        r#"Parameters:
  Zones: { Type: "List<AWS::EC2::AvailabilityZone::Name>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Select [0, !Ref Zones] } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Select [1, !Ref Zones] } }"#,
    ),
    case(
        "zones of the own Region",
        &[],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Sub "${AWS::Region}a" } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Sub "${AWS::Region}b" } }"#,
    ),
    case(
        "one zone of the own Region",
        &["RF1309"],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Sub "${AWS::Region}a" } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Sub "${AWS::Region}a" } }"#,
    ),
    case(
        "one zone by parameter",
        &["RF1309"],
        r#"Parameters:
  Zone: { Type: String }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Ref Zone } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Ref Zone } }"#,
    ),
    case(
        "two zones by parameters",
        &[],
        r#"Parameters:
  A: { Type: String }
  B: { Type: String }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Ref A } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Ref B } }"#,
    ),
    case(
        "zones joined",
        &[],
        r#"Parameters:
  Region: { Type: String }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Join ["", [!Ref Region, a]] } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: !Join ["", [!Ref Region, b]] } }"#,
    ),
    case(
        "one subnet twice",
        &["RF1309"],
        r#"Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref One]
      SecurityGroupIds: [!ImportValue group]
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: eu-west-1a } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, AvailabilityZone: eu-west-1b } }"#,
    ),
    case(
        "subnets selected from a list",
        &[],
        r#"Parameters:
  Ids: { Type: CommaDelimitedList }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Select [0, !Ref Ids], !Select [1, !Ref Ids]]
      SecurityGroupIds: [!ImportValue group]"#,
    ),
    case(
        "host names as text",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.sqs
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: "true" } }"#,
    ),
    case(
        "host names by parameter",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
  Names: { Type: String }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.sqs
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: !Ref Names } }"#,
    ),
    case(
        "support turned off",
        &["RF1311"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.sqs
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true, EnableDnsSupport: false } }"#,
    ),
    case(
        "the same name in another VPC",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.sqs
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
  Other:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !ImportValue other, ServiceName: com.amazonaws.eu-west-1.sqs, VpcEndpointType: Interface, SubnetIds: [!ImportValue s], SecurityGroupIds: [!ImportValue g], PrivateDnsEnabled: true }"#,
    ),
    case(
        "the same name twice",
        &["RF1312"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.sqs
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
  Other:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !ImportValue vpc, ServiceName: com.amazonaws.eu-west-1.sqs, VpcEndpointType: Interface, SubnetIds: [!ImportValue s], SecurityGroupIds: [!ImportValue g], PrivateDnsEnabled: true }"#,
    ),
    case(
        "the same service by a reference",
        &["RF1312"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.sqs
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
  Other:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !ImportValue vpc, ServiceName: !Sub "com.amazonaws.${AWS::Region}.sqs", VpcEndpointType: Interface, SubnetIds: [!ImportValue s], SecurityGroupIds: [!ImportValue g], PrivateDnsEnabled: true }"#,
    ),
    case(
        "another service",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.sqs
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
  Other:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !ImportValue vpc, ServiceName: com.amazonaws.eu-west-1.sns, VpcEndpointType: Interface, SubnetIds: [!ImportValue s], SecurityGroupIds: [!ImportValue g], PrivateDnsEnabled: true }"#,
    ),
    case(
        "S3 for all resolvers",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }] }
      DnsOptions: { PrivateDnsOnlyForInboundResolverEndpoint: AllResolvers }
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }"#,
    ),
    case(
        "S3 for resolvers outside alone",
        &["RF1314"],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }] }
      DnsOptions: { PrivateDnsOnlyForInboundResolverEndpoint: OnlyInboundResolver }
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }"#,
    ),
    case(
        "S3 in a VPC of elsewhere",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }] }
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }"#,
    ),
    case(
        "S3 beside a gateway of some VPC",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Interface
      SubnetIds: !Ref Subnets
      SecurityGroupIds: [!ImportValue group]
      PrivateDnsEnabled: true
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }] }
  Gateway:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !ImportValue vpc, ServiceName: com.amazonaws.eu-west-1.s3, RouteTableIds: [!ImportValue t], PolicyDocument: !Ref AWS::NoValue }
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }"#,
    ),
];

#[test]
fn zones_and_names_are_judged_whatever_way_they_are_written() {
    assert_cases("RF13", CASES);
}
