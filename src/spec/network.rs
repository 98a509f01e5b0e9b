//! The network of a spec.

use crate::cfn::{Text, Value};

use super::decode::{Decoder, SpecType};
use super::macros::{spec_choice, spec_struct};
use super::scalar::{Input, Whole};
use super::shape::Shape;
use super::text::{Arn, Cidr};

spec_struct! {
    /// The network in which the tasks run: a new VPC without any way to or from the internet, or an existing one.
    pub struct Network {
        /// The IPv4 range of a new VPC, from /16 to /25. It is cut into eight equal parts, one for each zone (up to six),
        /// so that adding a zone moves no other subnet. One that is known at deployment only is cut into parts of 256
        /// addresses instead.
        cidr "cidr": Input<Cidr> = "10.0.0.0/16".into(),
        /// The Availability Zones: how many, or which by name (`eu-west-1a`) or by ID (`euw1-az1`, the same place in every
        /// account). More than the two that every account sees in every Region must be named, or the Region known to have
        /// as many.
        azs "azs": Zones = Zones::Count(2),
        /// Whether the VPC and its subnets have IPv6 addresses too.
        ipv6 "ipv6": bool = false,
        /// Records of accepted and rejected connections.
        flow_logs "flowLogs": FlowLogs = FlowLogs::default(),
        /// The endpoints through which tasks reach AWS services.
        endpoints "endpoints": Endpoints = Endpoints::default(),
        /// The VPC to use instead of a new one.
        existing "existing": Option<ExistingNetwork> = None,
    }
}

/// The Availability Zones of a new network.
#[derive(Clone, Debug, PartialEq)]
pub enum Zones {
    /// So many of those that the account sees.
    Count(i64),
    /// These, by name.
    Named(Vec<Input<Text>>),
}

impl Zones {
    /// How many zones there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Count(count) => usize::try_from(*count).unwrap_or(0),
            Self::Named(names) => names.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl SpecType for Zones {
    fn shape() -> Shape {
        Shape::OneOf(vec![Whole::<1, 6>::shape(), Vec::<Input<Text>>::shape()])
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        match value {
            Value::List(_) => Vec::decode(value, reader).map(Self::Named),
            Value::String(_) | Value::Map(_) => {
                reader.wrong_kind(value, &Self::shape());
                None
            }
            other => Whole::<1, 6>::decode(other, reader).map(|count| Self::Count(count.0)),
        }
    }

    fn encode(&self) -> Value {
        match self {
            Self::Count(count) => Value::from(*count),
            Self::Named(names) => names.encode(),
        }
    }
}

spec_struct! {
    /// An existing VPC, by IDs or imports. It must have DNS support and DNS hostnames on, or the endpoints that are made in
    /// it are not found.
    pub struct ExistingNetwork {
        /// The VPC.
        vpc_id "vpcId": Input<Text>,
        /// The IPv4 ranges of the VPC.
        cidrs "cidrs": Vec<Input<Cidr>>,
        /// The subnets for tasks, load balancer and endpoints, one per Availability Zone.
        subnets "subnets": Vec<ExistingSubnet>,
    }
}

spec_struct! {
    /// A subnet of an existing VPC.
    pub struct ExistingSubnet {
        /// The subnet.
        id "id": Input<Text>,
        /// Its Availability Zone.
        availability_zone "availabilityZone": Option<Input<Text>> = None,
        /// Its IPv4 range; needed where security groups name the addresses of the load balancer.
        cidr "cidr": Option<Input<Cidr>> = None,
        /// Its route table; gateway endpoints add their route there.
        route_table "routeTable": Input<Text>,
    }
}

spec_struct! {
    /// Records of the connections in the VPC.
    pub struct FlowLogs {
        /// Whether they are kept. Default: of a new VPC yes, of an existing one no, since whoever made it looks after it.
        enabled "enabled": Option<bool> = None,
        /// Where they go.
        destination "destination": FlowLogDestination = FlowLogDestination::CloudWatch,
        /// Which connections are recorded.
        traffic "traffic": FlowLogTraffic = FlowLogTraffic::All,
        /// For how many days they are kept, one of the retentions of CloudWatch Logs.
        retention_days "retentionDays": Input<Whole<1, 3653>> = Input::Known(Whole(90)),
        /// Over how many seconds a record sums up: 60 or 600.
        aggregation_seconds "aggregationSeconds": Input<Whole<60, 600>> = Input::Known(Whole(600)),
        /// A key that encrypts the log group or the new bucket, by ARN. Its policy must let CloudWatch Logs
        /// (`logs.REGION.amazonaws.com`) or, for a bucket, log delivery (`delivery.logs.amazonaws.com`) use it.
        kms_key "kmsKey": Option<Input<Arn>> = None,
        /// An existing bucket for the destination `s3`, by ARN. Its policy must let log delivery write. Default: a new one.
        bucket "bucket": Option<Input<Arn>> = None,
        /// Whether saved queries are made that show who connects, how much, and what was rejected (CloudWatch only).
        queries "queries": bool = true,
    }
}

spec_choice! {
    /// Where flow logs go.
    pub enum FlowLogDestination {
        /// A log group, where they can be queried.
        CloudWatch = "cloudwatch",
        /// A bucket, where they cost less.
        S3 = "s3",
    }
}

spec_choice! {
    /// Which connections flow logs record.
    pub enum FlowLogTraffic {
        /// All.
        All = "all",
        /// Those that were let through.
        Accept = "accept",
        /// Those that were not.
        Reject = "reject",
    }
}

spec_struct! {
    /// The endpoints through which tasks reach AWS services.
    pub struct Endpoints {
        /// Whether endpoints are made. Turn it off when the VPC has them all already.
        create "create": bool = true,
        /// The services that the VPC has endpoints for already, such as `ecr.api`. The security group of such an endpoint must
        /// let the tasks in.
        existing "existing": Vec<Text> = Vec::new(),
        /// The security group of the existing interface endpoints: tasks are let out to its members alone. Default: to the
        /// ranges of the VPC.
        existing_security_group "existingSecurityGroup": Option<Input<Text>> = None,
        /// Whether endpoint policies allow only what the tasks need, where the service takes a policy.
        restrict "restrict": bool = true,
        /// The ID of the Region's managed prefix list for Amazon S3, where it is not known here.
        s3_prefix_list "s3PrefixList": Option<Input<Text>> = None,
        /// The ID of the Region's managed prefix list for DynamoDB, where it is not known here.
        dynamodb_prefix_list "dynamodbPrefixList": Option<Input<Text>> = None,
    }
}
