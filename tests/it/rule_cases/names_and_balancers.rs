//! Private DNS names, records, load balancers and Regions of endpoint services.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "a record of the parent domain",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: payments.example.com }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub '${Service.PrivateDnsNameConfiguration.Name}.example.com'
      ResourceRecords: [!Sub '"${Service.PrivateDnsNameConfiguration.Value}"']
      Type: TXT"#,
    ),
    case(
        "a record with a dot at its end",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: payments.example.com }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub '${Service.PrivateDnsNameConfiguration.Name}.payments.example.com.'
      ResourceRecords: [!Sub '"${Service.PrivateDnsNameConfiguration.Value}"']
      Type: TXT"#,
    ),
    case(
        "a record put together",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: payments.example.com }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Join [".", [!GetAtt Service.PrivateDnsNameConfiguration.Name, payments.example.com]]
      ResourceRecords: [!Join ["", ['"', !GetAtt Service.PrivateDnsNameConfiguration.Value, '"']]]
      Type: !GetAtt Service.PrivateDnsNameConfiguration.Type"#,
    ),
    case(
        "a record of a domain by parameter",
        &[],
        r#"Parameters:
  Domain: { Type: String }
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: !Sub "payments.${Domain}" }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub '${Service.PrivateDnsNameConfiguration.Name}.${Domain}'
      ResourceRecords: [!Sub '"${Service.PrivateDnsNameConfiguration.Value}"']
      Type: TXT"#,
    ),
    case(
        "a record under another domain",
        &["RF1223"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: payments.example.com }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub '${Service.PrivateDnsNameConfiguration.Name}.payments.example.org'
      ResourceRecords: [!Sub '"${Service.PrivateDnsNameConfiguration.Value}"']
      Type: TXT"#,
    ),
    case(
        "a record under a name that only ends alike",
        &["RF1223"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: payments.example.com }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub '${Service.PrivateDnsNameConfiguration.Name}.ments.example.com'
      ResourceRecords: [!Sub '"${Service.PrivateDnsNameConfiguration.Value}"']
      Type: TXT"#,
    ),
    case(
        "a record without a domain",
        &["RF1223"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: payments.example.com }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !GetAtt Service.PrivateDnsNameConfiguration.Name
      ResourceRecords: [!Sub '"${Service.PrivateDnsNameConfiguration.Value}"']
      Type: TXT"#,
    ),
    case(
        "a record that is an alias",
        &["RF1223"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: payments.example.com }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub '${Service.PrivateDnsNameConfiguration.Name}.payments.example.com'
      ResourceRecords: [!Sub '"${Service.PrivateDnsNameConfiguration.Value}"']
      Type: CNAME"#,
    ),
    case(
        "a wildcard name",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: "*.example.com" }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub '${Service.PrivateDnsNameConfiguration.Name}.example.com'
      ResourceRecords: [!Sub '"${Service.PrivateDnsNameConfiguration.Value}"']
      Type: TXT"#,
    ),
    case(
        "a group of records",
        &["RF1223"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: payments.example.com }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Records:
    Type: AWS::Route53::RecordSetGroup
    Properties:
      HostedZoneName: example.com.
      RecordSets:
        - { Name: www.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1] }
        - Name: !Sub '${Service.PrivateDnsNameConfiguration.Name}.example.com'
          Type: TXT
          TTL: 1800
          ResourceRecords: [!GetAtt Service.PrivateDnsNameConfiguration.Value]"#,
    ),
    case(
        "a load balancer of a type by parameter",
        &[],
        r#"Parameters:
  Kind: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: !Ref Kind }"#,
    ),
    case(
        "a load balancer of the default type",
        &["RF1240"],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Scheme: internal }"#,
    ),
    case(
        "a target group in place of a load balancer",
        &["RF1240"],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Group], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network }
  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup }"#,
    ),
    case(
        "a Gateway Load Balancer",
        &[],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { GatewayLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: gateway }"#,
    ),
    case(
        "load balancers by a list",
        &[],
        r#"Parameters:
  Balancers: { Type: CommaDelimitedList }
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: !Ref Balancers, AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }"#,
    ),
    case(
        "IPv4 alone",
        &[],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, SupportedIpAddressTypes: [ipv4] }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network }"#,
    ),
    case(
        "IPv6 by ranges that stand alone",
        &[],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, SupportedIpAddressTypes: [ipv4, ipv6] }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, IpAddressType: dualstack, Subnets: [!Ref One, !Ref Two] }
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, CidrBlock: 10.0.0.0/24 } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, CidrBlock: 10.0.1.0/24, Ipv6CidrBlock: !Select [0, !Cidr [!ImportValue range, 2, 64]] } }
  Range: { Type: AWS::EC2::SubnetCidrBlock, Properties: { SubnetId: !Ref One, Ipv6CidrBlock: "2001:db8:1234:1a00::/64" } }"#,
    ),
    case(
        "IPv6 on a subnet without",
        &["RF1230"],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, SupportedIpAddressTypes: [ipv4, ipv6] }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, IpAddressType: dualstack, Subnets: [!Ref One, !Ref Two] }
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, CidrBlock: 10.0.0.0/24 } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !ImportValue vpc, CidrBlock: 10.0.1.0/24, Ipv6CidrBlock: !Select [0, !Cidr [!ImportValue range, 2, 64]] } }"#,
    ),
    case(
        "an address type in capitals",
        &["RF1230"],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, SupportedIpAddressTypes: [IPv4] }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network }"#,
    ),
    case(
        "Regions by a list",
        &[],
        r#"Parameters:
  Regions: { Type: CommaDelimitedList }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, SupportedRegions: !Ref Regions }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Subnets: [!ImportValue one] }"#,
    ),
    case(
        "other Regions from subnets by a list",
        &[],
        r#"Parameters:
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>" }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, SupportedRegions: [eu-central-1] }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Subnets: !Ref Subnets }"#,
    ),
    case(
        "other Regions from one mapping",
        &["RF1233"],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, SupportedRegions: [eu-central-1] }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, SubnetMappings: [{ SubnetId: subnet-0123456789abcdef0 }] }"#,
    ),
    case(
        "a Region that is new",
        &["RF1231"],
        r#"Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, SupportedRegions: [eu-west-9] }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network }"#,
    ),
    case(
        "a private DNS name that is one label",
        &["RF1224"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: false, PrivateDnsName: payments }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
Outputs: { Name: { Value: !GetAtt Service.PrivateDnsNameConfiguration.Name } }"#,
    ),
];

#[test]
fn names_and_balancers_are_judged_whatever_way_they_are_written() {
    assert_cases("RF12", CASES);
}
