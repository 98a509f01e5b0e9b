//! Who refers to whom: collected once, looked up by what is referred to.

use super::{Because, Identity, Piece, ResourceId, sort};
use crate::cfn::GatherMore as _;
use crate::cfn::eval::Evaluation;

macro_rules! relations {
    ($($relation:ident = $type:literal, $path:literal;)+) => {
        /// A property that refers to something else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Relation {
            $(#[doc = concat!("`", $path, "` of `", $type, "`.")] $relation,)+
        }

        const RELATIONS: &[(Relation, &str, &str)] = &[$((Relation::$relation, $type, $path)),+];
    };
}

// In order of the types, so that the list is walked beside the resources.
relations! {
    ScalableTargetService = "AWS::ApplicationAutoScaling::ScalableTarget", "ResourceId";
    ScalingPolicyTarget = "AWS::ApplicationAutoScaling::ScalingPolicy", "ScalingTargetId";
    EndpointGroup = "AWS::EC2::VPCEndpoint", "SecurityGroupIds";
    EndpointRouteTable = "AWS::EC2::VPCEndpoint", "RouteTableIds";
    EndpointService = "AWS::EC2::VPCEndpoint", "ServiceName";
    EndpointSubnet = "AWS::EC2::VPCEndpoint", "SubnetIds";
    EndpointVpc = "AWS::EC2::VPCEndpoint", "VpcId";
    NotificationService = "AWS::EC2::VPCEndpointConnectionNotification", "ServiceId";
    EndpointServiceLoadBalancer = "AWS::EC2::VPCEndpointService", "NetworkLoadBalancerArns";
    PermissionsService = "AWS::EC2::VPCEndpointServicePermissions", "ServiceId";
    FlowLogResource = "AWS::EC2::FlowLog", "ResourceId";
    InterfaceGroup = "AWS::EC2::NetworkInterface", "GroupSet";
    NatGatewaySubnet = "AWS::EC2::NatGateway", "SubnetId";
    AclOfVpc = "AWS::EC2::NetworkAcl", "VpcId";
    AclEntry = "AWS::EC2::NetworkAclEntry", "NetworkAclId";
    RouteOfTable = "AWS::EC2::Route", "RouteTableId";
    GroupOfVpc = "AWS::EC2::SecurityGroup", "VpcId";
    EgressOfGroup = "AWS::EC2::SecurityGroupEgress", "GroupId";
    IngressOfGroup = "AWS::EC2::SecurityGroupIngress", "GroupId";
    SubnetOfVpc = "AWS::EC2::Subnet", "VpcId";
    SubnetCidr = "AWS::EC2::SubnetCidrBlock", "SubnetId";
    AclOfSubnet = "AWS::EC2::SubnetNetworkAclAssociation", "SubnetId";
    TableOfSubnet = "AWS::EC2::SubnetRouteTableAssociation", "SubnetId";
    VpcCidr = "AWS::EC2::VPCCidrBlock", "VpcId";
    GatewayOfVpc = "AWS::EC2::VPCGatewayAttachment", "VpcId";
    AttachmentOfGateway = "AWS::EC2::VPCGatewayAttachment", "InternetGatewayId";
    TransitAttachmentVpc = "AWS::EC2::TransitGatewayAttachment", "VpcId";
    TransitVpcAttachmentVpc = "AWS::EC2::TransitGatewayVpcAttachment", "VpcId";
    ServiceCluster = "AWS::ECS::Service", "Cluster";
    ServiceGroup = "AWS::ECS::Service", "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups";
    ServiceSubnet = "AWS::ECS::Service", "NetworkConfiguration/AwsvpcConfiguration/Subnets";
    ServiceTask = "AWS::ECS::Service", "TaskDefinition";
    ServiceTargetGroup = "AWS::ECS::Service", "LoadBalancers/TargetGroupArn";
    ServiceAlternateGroup = "AWS::ECS::Service", "LoadBalancers/AdvancedConfiguration/AlternateTargetGroupArn";
    TaskExecutionRole = "AWS::ECS::TaskDefinition", "ExecutionRoleArn";
    TaskRole = "AWS::ECS::TaskDefinition", "TaskRoleArn";
    MountTargetFileSystem = "AWS::EFS::MountTarget", "FileSystemId";
    ListenerLoadBalancer = "AWS::ElasticLoadBalancingV2::Listener", "LoadBalancerArn";
    ListenerTargetGroup = "AWS::ElasticLoadBalancingV2::Listener", "DefaultActions/TargetGroupArn";
    ListenerTargetGroups = "AWS::ElasticLoadBalancingV2::Listener", "DefaultActions/ForwardConfig/TargetGroups/TargetGroupArn";
    CertificateListener = "AWS::ElasticLoadBalancingV2::ListenerCertificate", "ListenerArn";
    RuleListener = "AWS::ElasticLoadBalancingV2::ListenerRule", "ListenerArn";
    RuleTargetGroup = "AWS::ElasticLoadBalancingV2::ListenerRule", "Actions/TargetGroupArn";
    RuleTargetGroups = "AWS::ElasticLoadBalancingV2::ListenerRule", "Actions/ForwardConfig/TargetGroups/TargetGroupArn";
    LoadBalancerGroup = "AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups";
    LoadBalancerSubnet = "AWS::ElasticLoadBalancingV2::LoadBalancer", "Subnets";
    LoadBalancerMapping = "AWS::ElasticLoadBalancingV2::LoadBalancer", "SubnetMappings/SubnetId";
    TargetGroupVpc = "AWS::ElasticLoadBalancingV2::TargetGroup", "VpcId";
    PolicyRole = "AWS::IAM::Policy", "Roles";
    ManagedPolicyRole = "AWS::IAM::ManagedPolicy", "Roles";
    RolePolicyRole = "AWS::IAM::RolePolicy", "RoleName";
    LogGroupKey = "AWS::Logs::LogGroup", "KmsKeyId";
    BucketPolicyBucket = "AWS::S3::BucketPolicy", "Bucket";
    RotationSecret = "AWS::SecretsManager::RotationSchedule", "SecretId";
    SecretKey = "AWS::SecretsManager::Secret", "KmsKeyId";
    TopicPolicyTopic = "AWS::SNS::TopicPolicy", "Topics";
    SubscriptionTopic = "AWS::SNS::Subscription", "TopicArn";
}

/// Every reference of the kinds above, in order of relation and target.
#[derive(Debug, Default)]
pub(super) struct Relations<'a> {
    edges: Vec<(Relation, Identity<'a>, ResourceId)>,
}

impl<'a> Relations<'a> {
    /// The references among resources that stand in order of their types.
    pub(super) fn of(evaluation: &'a Evaluation<'a>, by_type: &[(&'a str, ResourceId)]) -> Self {
        let mut edges: Vec<(Relation, Identity<'a>, ResourceId)> = Vec::new();
        for (relation, type_name, path) in RELATIONS {
            let first = edges.len();
            let start = by_type.partition_point(|(known, _)| known < type_name);
            let resources = by_type.iter().skip(start).take_while(|(known, _)| known == type_name);
            for (_, id) in resources {
                let (key, rest) = path.split_once('/').map_or((*path, None), |(key, rest)| (key, Some(rest)));
                collect(&evaluation.property(*id, key), rest, &mut |node| {
                    edges.gather_more(target(node).map(|identity| (*relation, identity, *id)));
                });
            }
            // Relation by relation, so that there is less to sort; mostly resources come in the order of what they name.
            if let Some(of_relation) = edges.get_mut(first..).filter(|edges| !edges.is_sorted()) {
                sort(of_relation);
            }
        }
        edges.dedup();
        Self { edges }
    }

    pub(super) fn referring<'m>(
        &'m self,
        relation: Relation,
        target: &Identity<'a>,
    ) -> impl Iterator<Item = ResourceId> + use<'m, 'a> {
        let wanted = (relation, target);
        let start = self.edges.partition_point(|(relation, identity, _)| (*relation, identity) < wanted);
        let from = self.edges.get(start..).unwrap_or_default();
        let end = from.partition_point(|(relation, identity, _)| (*relation, identity) == wanted);
        from.get(..end).unwrap_or_default().iter().map(|(_, _, id)| *id)
    }
}

/// Everything at the end of a path, through all elements of the lists on the way.
fn collect<'a>(node: &super::Node<'a>, path: Option<&str>, take: &mut dyn FnMut(&super::Node<'a>)) {
    // What is not known may still be the same thing in two places, such as a parameter.
    let items = node.items().known().unwrap_or_else(|| vec![node.clone()]);
    for item in items.iter().filter(|item| !item.is_absent()) {
        match path.map(|path| path.split_once('/').map_or((path, None), |(key, rest)| (key, Some(rest)))) {
            None => take(item),
            Some((key, rest)) => collect(&item.get(key), rest, take),
        }
    }
}

/// What a reference is to: the resource whose name is in it, if there is one, and the last when there are several, as in
/// `service/CLUSTER/SERVICE`.
fn target<'a>(node: &super::Node<'a>) -> Option<Identity<'a>> {
    if node.attribute().is_some() {
        return node.identity().known();
    }
    let last = node.pieces().into_iter().rev().find_map(|piece| match piece {
        Piece::Hole(Because::Attribute(attribute)) => Some(Identity::Resource(attribute.resource)),
        _ => None,
    });
    last.or_else(|| node.identity().known())
}
