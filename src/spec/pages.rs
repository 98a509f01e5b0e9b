//! What the schema and the documentation say of each type of the spec. Nothing that reads a spec comes here, so that a
//! program which only reads carries none of these texts.

use super::container::{Container, ContainerHealthCheck, ParameterReferenceForm, SecretReferenceForm};
use super::listener::{
    AccessLogs, AlpnPolicy, ClientRouting, HealthCheck, HealthProtocol, IpAddressType, Listener, ListenerProtocol,
    LoadBalancer, Target, Tls,
};
use super::network::{
    Endpoints, ExistingNetwork, ExistingSubnet, FlowLogDestination, FlowLogTraffic, FlowLogs, Network,
};
use super::observability::{Alarms, Dashboard};
use super::private_link::{
    Acceptance, Consumer, ConsumerIpType, ConsumerVpc, EndpointIpType, Notifications, Payer, PrincipalForm, PrivateDns,
    PrivateLink, ServiceNameSource,
};
use super::props::{ConsumerProps, NetworkProps, PrivateLinkProps, ServicePortForm, SharedLoadBalancer};
use super::request::{Additions, Grants, PlanContext, PlanKind, PlanRequest};
use super::root::{Environment, Spec, StackSettings, SynthesizerKind};
use super::secret::{ManagedSecret, Rotation};
use super::service::{
    Architecture, Build, Cluster, ContainerCondition, ContainerInsights, Deployment, ExecLog, LogMode, Logs,
    Permission, PlatformVersion, Scale, Schedule, Service, Spot, Transport,
};
use super::shape::{ChoiceShape, Field, Page, StructShape};

const PAGES: &[Page] = &[
    Acceptance::PAGE,
    AccessLogs::PAGE,
    Additions::PAGE,
    Alarms::PAGE,
    AlpnPolicy::PAGE,
    Architecture::PAGE,
    Build::PAGE,
    ClientRouting::PAGE,
    Cluster::PAGE,
    Consumer::PAGE,
    ConsumerIpType::PAGE,
    ConsumerProps::PAGE,
    ConsumerVpc::PAGE,
    Container::PAGE,
    ContainerCondition::PAGE,
    ContainerHealthCheck::PAGE,
    ContainerInsights::PAGE,
    Dashboard::PAGE,
    Deployment::PAGE,
    EndpointIpType::PAGE,
    Endpoints::PAGE,
    Environment::PAGE,
    ExecLog::PAGE,
    ExistingNetwork::PAGE,
    ExistingSubnet::PAGE,
    FlowLogDestination::PAGE,
    FlowLogTraffic::PAGE,
    FlowLogs::PAGE,
    Grants::PAGE,
    HealthCheck::PAGE,
    HealthProtocol::PAGE,
    IpAddressType::PAGE,
    Listener::PAGE,
    ListenerProtocol::PAGE,
    LoadBalancer::PAGE,
    LogMode::PAGE,
    Logs::PAGE,
    ManagedSecret::PAGE,
    Network::PAGE,
    NetworkProps::PAGE,
    Notifications::PAGE,
    ParameterReferenceForm::PAGE,
    Payer::PAGE,
    Permission::PAGE,
    PlanContext::PAGE,
    PlanKind::PAGE,
    PlanRequest::PAGE,
    PlatformVersion::PAGE,
    PrincipalForm::PAGE,
    PrivateDns::PAGE,
    PrivateLink::PAGE,
    PrivateLinkProps::PAGE,
    Rotation::PAGE,
    Scale::PAGE,
    Schedule::PAGE,
    SecretReferenceForm::PAGE,
    Service::PAGE,
    ServiceNameSource::PAGE,
    ServicePortForm::PAGE,
    SharedLoadBalancer::PAGE,
    Spec::PAGE,
    Spot::PAGE,
    StackSettings::PAGE,
    SynthesizerKind::PAGE,
    Target::PAGE,
    Tls::PAGE,
    Transport::PAGE,
];

/// What a type is for, and its members.
pub(super) fn of_struct(shape: &StructShape) -> (&'static str, Vec<Field>) {
    let page = PAGES.iter().find_map(|page| match page {
        Page::Struct { name, doc, fields } if *name == shape.name => Some((*doc, fields())),
        _ => None,
    });
    page.unwrap_or_default()
}

/// What each word of a choice stands for.
pub(super) fn of_choice(shape: &ChoiceShape) -> &'static [&'static str] {
    let page = PAGES.iter().find_map(|page| match page {
        Page::Choice { name, docs } if *name == shape.name => Some(*docs),
        _ => None,
    });
    page.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::shape::Shape;
    use crate::spec::{Spec, SpecType as _};

    fn assert_pages(shape: &Shape) {
        match shape {
            Shape::Struct(shape) => {
                let (_, fields) = of_struct(shape);
                let keys: Vec<&str> = fields.iter().map(|field| field.key).collect();
                assert_eq!(keys, shape.keys, "{}", shape.name);
                fields.iter().for_each(|field| assert_pages(&field.shape));
            }
            Shape::Choice(shape) => assert_eq!(of_choice(shape).len(), shape.words.len(), "{}", shape.name),
            Shape::OneOf(shapes) => shapes.iter().for_each(assert_pages),
            Shape::List(inner) | Shape::OrToken(inner) | Shape::Map { value: inner, .. } => assert_pages(inner),
            _ => {}
        }
    }

    #[test]
    fn every_type_of_a_spec_has_its_page() {
        assert_pages(&Spec::shape());
        assert_pages(&PlanRequest::shape());
        assert_pages(&ConsumerProps::shape());
        assert_pages(&NetworkProps::shape());
        assert_pages(&PrivateLinkProps::shape());
    }
}
