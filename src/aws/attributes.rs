//! What `Fn::GetAtt` gives of the resources that private services are made of.

/// The attributes of types, without `AWS::`, in order of the types. Those below an object are found by its name.
/// Source: CloudFormation resource schemas, read-only properties, and template reference, return values (2026).
const ATTRIBUTES: &[(&str, &str)] = &[
    ("ApplicationAutoScaling::ScalableTarget", "Id"),
    ("ApplicationAutoScaling::ScalingPolicy", "Arn"),
    ("AutoScaling::AutoScalingGroup", "AutoScalingGroupARN"),
    ("CertificateManager::Certificate", "CertificateArn"),
    ("CloudFormation::Stack", "ChangeSetId CreationTime LastUpdateTime Outputs ParentId RootId StackId StackStatus"),
    ("CloudWatch::Alarm", "Arn"),
    ("EC2::EIP", "AllocationId PublicIp"),
    ("EC2::InternetGateway", "InternetGatewayId"),
    ("EC2::LaunchTemplate", "DefaultVersionNumber LatestVersionNumber LaunchTemplateId"),
    ("EC2::NatGateway", "AutoProvisionZones AutoScalingIps EniId NatGatewayId RouteTableId"),
    ("EC2::RouteTable", "RouteTableId"),
    ("EC2::SecurityGroup", "GroupId Id VpcId"),
    (
        "EC2::Subnet",
        "AvailabilityZone AvailabilityZoneId BlockPublicAccessStates CidrBlock Ipv6CidrBlocks NetworkAclAssociationId OutpostArn SubnetId VpcId",
    ),
    (
        "EC2::VPC",
        "CidrBlock CidrBlockAssociations DefaultNetworkAcl DefaultSecurityGroup Ipv6CidrBlocks VpcEncryptionControl VpcId",
    ),
    ("EC2::VPCEndpoint", "CreationTimestamp DnsEntries Id NetworkInterfaceIds"),
    (
        "EC2::VPCEndpointService",
        "PrivateDnsNameConfiguration.Name PrivateDnsNameConfiguration.State PrivateDnsNameConfiguration.Type PrivateDnsNameConfiguration.Value ServiceId",
    ),
    ("ECR::Repository", "Arn RepositoryUri"),
    ("ECS::Cluster", "Arn"),
    ("ECS::Service", "Name ServiceArn"),
    ("ECS::TaskDefinition", "TaskDefinitionArn"),
    ("EFS::AccessPoint", "AccessPointId Arn"),
    ("EFS::FileSystem", "Arn FileSystemId"),
    ("ElasticLoadBalancingV2::Listener", "ListenerArn"),
    (
        "ElasticLoadBalancingV2::LoadBalancer",
        "CanonicalHostedZoneID DNSName LoadBalancerArn LoadBalancerFullName LoadBalancerName SecurityGroups",
    ),
    ("ElasticLoadBalancingV2::TargetGroup", "LoadBalancerArns TargetGroupArn TargetGroupFullName TargetGroupName"),
    ("Events::Rule", "Arn RuleName"),
    ("IAM::InstanceProfile", "Arn"),
    ("IAM::Role", "Arn RoleId"),
    ("KMS::Key", "Arn KeyId"),
    ("Lambda::Function", "Arn SnapStartResponse SnapStartResponse.ApplyOn SnapStartResponse.OptimizationStatus"),
    ("Logs::LogGroup", "Arn"),
    ("Route53::HostedZone", "Id NameServers"),
    (
        "S3::Bucket",
        "Arn DomainName DualStackDomainName MetadataConfiguration MetadataTableConfiguration RegionalDomainName WebsiteURL",
    ),
    ("SNS::Topic", "TopicArn TopicName"),
    ("SQS::Queue", "Arn QueueName QueueUrl"),
    ("SSM::Parameter", "Arn Type Value"),
    ("SecretsManager::Secret", "Id"),
    ("ServiceDiscovery::PrivateDnsNamespace", "Arn HostedZoneId Id"),
    ("ServiceDiscovery::Service", "Arn Id Name"),
];

/// The attributes that a type is known to have, with blanks between them; nothing for types that are not listed.
#[must_use]
pub fn attributes_of(type_name: &str) -> Option<&'static str> {
    let name = type_name.strip_prefix("AWS::")?;
    ATTRIBUTES.iter().find(|(known, _)| *known == name).map(|(_, attributes)| *attributes)
}

/// Whether an attribute is one of a list, or below one of it.
#[must_use]
pub fn is_attribute(attributes: &str, name: &str) -> bool {
    attributes.split(' ').any(|known| {
        name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || (rest.starts_with('.') && !known.contains('.')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_attributes_and_what_is_below_them() {
        let of_balancer = attributes_of("AWS::ElasticLoadBalancingV2::LoadBalancer").unwrap();
        assert!(is_attribute(of_balancer, "DNSName"));
        assert!(!is_attribute(of_balancer, "DnsName"));
        let of_offer = attributes_of("AWS::EC2::VPCEndpointService").unwrap();
        assert!(is_attribute(of_offer, "PrivateDnsNameConfiguration.Value"));
        assert!(!is_attribute(of_offer, "PrivateDnsNameConfiguration.Text"));
        assert_eq!(attributes_of("AWS::Budgets::Budget"), None);
    }
}
