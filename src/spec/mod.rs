//! What users write: the types of the spec, read strictly and with positions. They are also the properties of the
//! constructs, so that every setting is declared and documented once.

pub mod container;
pub mod decode;
pub mod listener;
mod macros;
mod mending;
pub mod network;
pub mod observability;
#[cfg(feature = "pages")]
mod pages;
pub mod private_link;
pub mod props;
pub mod request;
pub mod root;
pub mod scalar;
#[cfg(feature = "pages")]
pub mod schema;
pub mod secret;
pub mod service;
pub mod shape;
pub mod text;

pub use container::{Container, ContainerHealthCheck, Image, ParameterReference, SecretReference};
pub use decode::{Decoder, Mistake, SpecType};
pub use listener::{
    AccessLogs, AlpnPolicy, ClientRouting, HealthCheck, HealthProtocol, IpAddressType, Listener, ListenerProtocol,
    LoadBalancer, Target, Tls,
};
pub use network::{
    Endpoints, ExistingNetwork, ExistingSubnet, FlowLogDestination, FlowLogTraffic, FlowLogs, Network, Zones,
};
pub use observability::{Alarms, Dashboard};
pub use private_link::{
    Acceptance, Consumer, ConsumerIpType, ConsumerVpc, EndpointIpType, Notifications, Payer, Principal, PrivateDns,
    PrivateLink, ServiceNameSource,
};
pub use props::{ConsumerProps, NetworkProps, PrivateLinkProps, ServicePort, SharedLoadBalancer};
pub use request::{Additions, Grants, PlanContext, PlanKind, PlanRequest};
pub use root::{Environment, Spec, StackSettings, SynthesizerKind};
pub use scalar::{FreeMap, Input, Named, OneOrMore, Whole};
pub use secret::{ManagedSecret, Rotation};
pub use service::{
    Architecture, Build, Cluster, ContainerCondition, ContainerInsights, Deployment, ExecLog, LogMode, Logs,
    Permission, PlatformVersion, Scale, Schedule, Service, Spot, Transport,
};
