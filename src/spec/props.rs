//! The properties of constructs that are part of a spec otherwise, where they stand alone: what they have beside their member
//! of the spec, because the rest of the spec would have said it.

use crate::cfn::{Text, Value};

use super::decode::{Decoder, SpecType};
use super::listener::{IpAddressType, ListenerProtocol};
use super::macros::spec_struct;
use super::private_link::{ConsumerIpType, ConsumerVpc, EndpointIpType};
use super::scalar::{Input, Whole};
use super::shape::Shape;
use super::text::{AnyCidr, Arn, DnsName, Port, RegionName};

spec_struct! {
    /// What a network has beside the member `network` of a spec when it stands alone.
    pub struct NetworkProps {
        /// The services of AWS to which there are endpoints, such as `sqs` or `ecr.api`.
        aws "aws": Vec<Text> = Vec::new(),
        /// The address ranges from which the interface endpoints are reached. Default: those of the VPC.
        clients "clients": Option<Vec<Input<AnyCidr>>> = None,
    }
}

spec_struct! {
    /// What sharing has beside the member `privateLink` of a spec when it stands alone.
    pub struct PrivateLinkProps {
        /// The Network Load Balancer that is shared.
        load_balancer "loadBalancer": SharedLoadBalancer,
    }
}

spec_struct! {
    /// A Network Load Balancer that exists.
    pub struct SharedLoadBalancer {
        /// Its ARN.
        arn "arn": Input<Arn>,
        /// The kinds of addresses that it has.
        ip_address_type "ipAddressType": IpAddressType = IpAddressType::Ipv4,
        /// Whether its security groups are applied to connections through PrivateLink too.
        enforce_private_link "enforcePrivateLink": bool = false,
        /// In how many Availability Zones it is. Default: not known.
        zones "zones": Option<Input<Whole<1, 20>>> = None,
    }
}

spec_struct! {
    /// A consumer's connection to a service.
    pub struct ConsumerProps {
        /// The name of the endpoint service: `com.amazonaws.vpce.REGION.vpce-svc-…`.
        service_name "serviceName": Input<Text>,
        /// The ports on which the service is reached.
        ports "ports": Vec<ServicePort>,
        /// The Region of the service. Default: that of the consumer.
        service_region "serviceRegion": Option<Input<RegionName>> = None,
        /// The Regions beside its own from which the service can be used. Default: not known.
        supported_regions "supportedRegions": Option<Vec<Input<RegionName>>> = None,
        /// The private DNS name of the service, once it has been verified.
        private_dns "privateDns": Option<Input<DnsName>> = None,
        /// The kinds of addresses that endpoints of the service may have.
        ip_types "ipTypes": Vec<EndpointIpType> = vec![EndpointIpType::Ipv4],
        /// The VPC from which clients connect. Default: the stack asks for it by parameters.
        vpc "vpc": Option<ConsumerVpc> = None,
        /// The address ranges from which clients connect. Default: those of the VPC.
        clients "clients": Vec<Input<AnyCidr>> = Vec::new(),
        /// A name of the consumer's own for the service, in a private hosted zone that is made.
        alias "alias": Option<Input<DnsName>> = None,
        /// The kind of addresses of the endpoint. Default: IPv4, unless the service has IPv6 only.
        ip_type "ipType": Option<ConsumerIpType> = None,
        /// Roles that may create this endpoint and no other, by name.
        creator_roles "creatorRoles": Vec<Input<Text>> = Vec::new(),
    }
}

/// A port of a service: its number, or with its protocol when that is not TCP.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServicePort {
    /// The port.
    pub port: Input<Port>,
    /// The protocol.
    pub protocol: ListenerProtocol,
}

spec_struct! {
    /// The long form of a port.
    pub struct ServicePortForm {
        /// The port.
        port "port": Input<Port>,
        /// The protocol.
        protocol "protocol": ListenerProtocol = ListenerProtocol::Tcp,
    }
}

impl SpecType for ServicePort {
    fn shape() -> Shape {
        Shape::OneOf(vec![Input::<Port>::shape(), ServicePortForm::shape()])
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        match value {
            Value::Map(_) => {
                let form = ServicePortForm::decode(value, reader)?;
                Some(Self { port: form.port, protocol: form.protocol })
            }
            other => Input::decode(other, reader).map(|port| Self { port, protocol: ListenerProtocol::Tcp }),
        }
    }

    fn encode(&self) -> Value {
        ServicePortForm { port: self.port.clone(), protocol: self.protocol }.encode()
    }
}
