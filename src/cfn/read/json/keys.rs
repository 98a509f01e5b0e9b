//! The keys and texts that templates have most, so that reading one again allocates nothing.

use super::super::positions::hash;

/// In no order. One that another one is in the place of is read like any other.
const KEYS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Action",
    "AlarmActions",
    "ArnLike",
    "AssumeRolePolicyDocument",
    "AvailabilityZone",
    "CidrBlock",
    "CidrIp",
    "ComparisonOperator",
    "Condition",
    "Conditions",
    "ContainerDefinitions",
    "ContainerName",
    "ContainerPort",
    "Cpu",
    "Default",
    "DefaultActions",
    "DependsOn",
    "Description",
    "Dimensions",
    "Effect",
    "Enable",
    "Environment",
    "EvaluationPeriods",
    "Export",
    "Family",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Not",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "FromPort",
    "GroupDescription",
    "GroupId",
    "HealthCheckPath",
    "HealthCheckProtocol",
    "Image",
    "IpProtocol",
    "Key",
    "LoadBalancerArn",
    "LoadBalancers",
    "LogConfiguration",
    "LogDriver",
    "LogGroupName",
    "Mappings",
    "Memory",
    "Metadata",
    "MetricName",
    "Name",
    "Namespace",
    "NetworkConfiguration",
    "Options",
    "Outputs",
    "Parameters",
    "Path",
    "Period",
    "Policies",
    "PolicyDocument",
    "PolicyName",
    "Port",
    "PortMappings",
    "Principal",
    "Properties",
    "Protocol",
    "Ref",
    "Resource",
    "Resources",
    "RetentionInDays",
    "RouteTableId",
    "SecurityGroupEgress",
    "SecurityGroupIds",
    "SecurityGroupIngress",
    "SecurityGroups",
    "Service",
    "ServiceName",
    "Sid",
    "SourceSecurityGroupId",
    "Statement",
    "Statistic",
    "StringEquals",
    "SubnetId",
    "SubnetIds",
    "Subnets",
    "Tags",
    "TargetGroupArn",
    "TargetGroupAttributes",
    "Threshold",
    "ToPort",
    "TreatMissingData",
    "Type",
    "UpdateReplacePolicy",
    "DeletionPolicy",
    "Value",
    "ValueFrom",
    "Version",
    "VpcEndpointType",
    "VpcId",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:cdk:path",
    "awslogs-group",
    "awslogs-region",
    "awslogs-stream-prefix",
];

/// How many bytes the longest of them have.
pub(super) const LONGEST: usize = 40;

/// A power of two, so large that few keys fall into one place.
const PLACES: usize = 1024;

static TABLE: [&str; PLACES] = table();

#[expect(clippy::indexing_slicing, reason = "worked out by the compiler, which stops at what is outside")]
const fn table() -> [&'static str; PLACES] {
    let mut table = [""; PLACES];
    let mut index = 0;
    while index < KEYS.len() {
        table[hash(KEYS[index]) as usize % PLACES] = KEYS[index];
        index += 1;
    }
    table
}

/// The key with this hash, when it is one of those. In the WASM module the table would weigh more than it brings.
#[inline]
pub(super) fn known(hash: u32, key: &str) -> Option<&'static str> {
    if cfg!(target_family = "wasm") {
        return None;
    }
    TABLE.get(hash as usize % PLACES).copied().filter(|known| *known == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_keys_have_a_place_of_their_own() {
        let found = KEYS.iter().filter(|key| known(hash(key), key).is_some()).count();
        assert!(found * 10 > KEYS.len() * 8, "{found} of {}", KEYS.len());
        assert!(KEYS.iter().all(|key| key.len() <= LONGEST));
        assert_eq!(known(hash("Nothing"), "Nothing"), None);
        assert_eq!(known(hash("Type"), "Ref"), None);
    }
}
