//! A listener of the load balancer: its protocol and certificates, and where it leads.

use crate::aws::load_balancer::Protocol;
use crate::aws::tls_policies::{self, TLS_POLICIES, tls_policy};
use crate::aws::{Arn, Partition};
use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, OrderedMap, OrderedSet, Text, Value};
use crate::diagnostics::codes::load_balancer as codes;
use crate::resources::Builder as _;
use crate::resources::elasticloadbalancingv2::{self as elb, listener, listener_certificate};
use crate::spec::decode::{closest, quoted};
use crate::spec::text::{Arn as ArnText, Port};
use crate::spec::{self, Input, ListenerProtocol, Tls, Transport};

use super::location::Location;
use super::target_group;
use super::{Scope, Task};

/// A listener with its target group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listener {
    /// The listener.
    pub logical_id: LogicalId,
    /// Its port.
    pub port: Value,
    /// Its protocol: `TCP`, `TLS`, `UDP` or `TCP_UDP`.
    pub protocol: &'static str,
    /// The name of the service to which it leads.
    pub service: String,
    /// The name of the container to which it leads.
    pub container: String,
    /// The target group.
    pub target_group: LogicalId,
    /// Its name as CloudWatch has it: `targetgroup/NAME/ID`.
    pub target_group_full_name: Value,
    /// The port of the tasks to which it leads.
    pub target_port: Value,
}

/// What a listener can lead to: the task of a service, and what the spec says about that service.
#[derive(Clone, Copy, Debug)]
pub struct Backend<'a> {
    /// The task.
    pub task: &'a Task,
    /// The service.
    pub service: &'a spec::Service,
}

/// Backends by the name of their service.
pub type Backends<'a> = OrderedMap<Text, Backend<'a>>;

/// A listener whose protocol and destination have been decided.
#[derive(Clone, Debug)]
pub(super) struct Route<'a> {
    /// The place of the listener in the spec.
    pub(super) origin: String,
    /// The construct ID of the listener.
    pub(super) id: String,
    /// What the spec says.
    pub(super) spec: &'a spec::Listener,
    /// The protocol of the listener.
    pub(super) protocol: Protocol,
    /// The protocol of the target group.
    pub(super) target_protocol: Protocol,
    /// The name of the service.
    pub(super) name: &'a str,
    /// The service.
    pub(super) backend: Backend<'a>,
    /// The container.
    pub(super) container: String,
    /// The port of the container.
    pub(super) target_port: Value,
    /// Whether targets are IPv6 addresses.
    pub(super) ipv6: bool,
}

impl Route<'_> {
    /// Whether the tasks understand what the listener sends. Where they do not, that is said, and what follows is not.
    pub(super) fn is_spoken(&self) -> bool {
        self.spec.target_port.is_some() || speaks(self.backend.service.protocol, self.protocol)
    }
}

/// Decides where listeners lead, and reports what is wrong with them. The ports and construct IDs that were given away so
/// far are remembered.
#[derive(Debug)]
pub(super) struct Router<'a> {
    backends: &'a Backends<'a>,
    dualstack: bool,
    ports: OrderedSet<i64>,
    unnamed: OrderedMap<&'a str, usize>,
}

impl<'a> Router<'a> {
    pub(super) const fn new(backends: &'a Backends<'a>, dualstack: bool) -> Self {
        Self { backends, dualstack, ports: OrderedSet::new(), unnamed: OrderedMap::new() }
    }

    /// The route of a listener, or nothing when it leads nowhere.
    pub(super) fn route(
        &mut self,
        scope: &mut Scope<'_>,
        origin: String,
        listener: &'a spec::Listener,
    ) -> Option<Route<'a>> {
        let mut scope = scope.made_from(&origin);
        let scope = &mut scope;
        self.check_port(scope, &listener.port)?;
        let (name, backend) = self.backend(scope, &listener.to)?;
        let protocol = decide_protocol(scope, listener, backend.service.protocol);
        let (container, target_port) = destination(scope, listener, name, backend, protocol)?;
        let to_tasks = listener.tls.as_ref().is_some_and(|tls| tls.to_tasks);
        let target_protocol = match protocol {
            Protocol::Tls if to_tasks => Protocol::Tls,
            other => other.usual_target_group_protocol(),
        };
        Some(Route {
            origin,
            id: self.construct_id(&listener.port, name),
            spec: listener,
            protocol,
            target_protocol,
            name,
            backend,
            container,
            target_port,
            ipv6: self.dualstack && target_protocol.carries_datagrams(),
        })
    }

    fn check_port(&mut self, scope: &mut Scope<'_>, port: &Input<Port>) -> Option<()> {
        let Some(port) = port.known() else { return Some(()) };
        if self.ports.insert(port.0) {
            return Some(());
        }
        let message = format!("there is a listener on port `{}` already", port.0);
        scope.error(
            codes::DUPLICATE_PORT,
            "port",
            message,
            "give each listener a port of its own; for TCP and UDP on one port use `protocol: tcp_udp`",
        );
        None
    }

    fn backend(&self, scope: &mut Scope<'_>, to: &'a Text) -> Option<(&'a str, Backend<'a>)> {
        if let Some((name, backend)) = self.backends.get_key_value(to) {
            return Some((name, *backend));
        }
        let names: Vec<&str> = self.backends.keys().map(AsRef::as_ref).gather();
        let help = match closest(to, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => "declare it under `services`".to_owned(),
            None => format!("the services are {}", quoted(&names)),
        };
        scope.error(codes::UNKNOWN_SERVICE, "to", format!("there is no service `{to}`"), help);
        None
    }

    /// An ID that comes from the port, or from the service when the port is known at deployment only.
    fn construct_id(&mut self, port: &Input<Port>, name: &'a str) -> String {
        if let Some(port) = port.known() {
            return format!("Listener{}", port.0);
        }
        let count = self.unnamed.or_default(name);
        *count += 1;
        if *count == 1 { format!("Listener-{name}") } else { format!("Listener-{name}-{count}") }
    }
}

fn decide_protocol(scope: &mut Scope<'_>, listener: &spec::Listener, transport: Transport) -> Protocol {
    let protocol = match (listener.protocol, &listener.tls) {
        (Some(ListenerProtocol::Tcp), _) => Protocol::Tcp,
        (Some(ListenerProtocol::Udp), _) => Protocol::Udp,
        (Some(ListenerProtocol::TcpUdp), _) => Protocol::TcpUdp,
        (Some(ListenerProtocol::Tls), _) | (None, Some(_)) => Protocol::Tls,
        (None, None) => match transport {
            Transport::Tcp => Protocol::Tcp,
            Transport::Udp => Protocol::Udp,
        },
    };
    if protocol == Protocol::Tls && listener.tls.is_none() {
        scope.error(
            codes::TLS_WITHOUT_CERTIFICATE,
            "protocol",
            "a TLS listener needs a certificate",
            "add `tls: { certificate: … }`, or use `protocol: tcp` when TLS ends in the task",
        );
    }
    if protocol != Protocol::Tls && listener.tls.is_some() {
        let message = format!("a listener with the protocol `{}` does not end TLS", protocol.name());
        scope.error(codes::CERTIFICATE_WITHOUT_TLS, "tls", message, "remove `protocol`, or remove `tls`");
    }
    protocol
}

/// The container and its port to which a listener leads.
fn destination(
    scope: &mut Scope<'_>,
    listener: &spec::Listener,
    name: &str,
    backend: Backend<'_>,
    protocol: Protocol,
) -> Option<(String, Value)> {
    let service = backend.service;
    let main = backend.task.container.clone();
    let Some(wanted) = &listener.target_port else {
        return main_port(scope, name, service, protocol).map(|port| (main, port));
    };
    let Some(port) = wanted.known() else { return Some((main, wanted.to_value())) };
    let same = |other: &Option<Input<Port>>| other.as_ref().and_then(Input::known) == Some(port);
    if same(&service.port) {
        return main_port(scope, name, service, protocol).map(|port| (main, port));
    }
    let sidecar = service.sidecars.iter().find(|(_, sidecar)| same(&sidecar.port));
    if let Some((sidecar, _)) = sidecar {
        return Some((sidecar.to_string(), wanted.to_value()));
    }
    // A port that is known at deployment only may be the wanted one.
    let late = |port: &Option<Input<Port>>| matches!(port, Some(Input::Token(_)));
    if late(&service.port) {
        return main_port(scope, name, service, protocol).map(|_| (main, wanted.to_value()));
    }
    if let Some((sidecar, _)) = service.sidecars.iter().find(|(_, sidecar)| late(&sidecar.port)) {
        return Some((sidecar.to_string(), wanted.to_value()));
    }
    unknown_port(scope, port.0, name, service);
    None
}

fn main_port(scope: &mut Scope<'_>, name: &str, service: &spec::Service, protocol: Protocol) -> Option<Value> {
    let Some(port) = &service.port else {
        let message = format!("the service `{name}` has no port");
        let help = format!("add `port` to `services.{name}`");
        scope.error(codes::SERVICE_WITHOUT_PORT, "to", message, help);
        return None;
    };
    if !speaks(service.protocol, protocol) {
        let transport = service.protocol.word();
        let message =
            format!("the port of the service `{name}` speaks `{transport}`, the listener `{}`", protocol.name());
        let help = format!("use `protocol: {transport}` here, or change `services.{name}.protocol`");
        scope.error(codes::PROTOCOL_MISMATCH, "", message, help);
    }
    Some(port.to_value())
}

/// Whether what a listener of this protocol sends is understood at a port of that transport.
const fn speaks(transport: Transport, protocol: Protocol) -> bool {
    match transport {
        Transport::Tcp => protocol.carries_tcp(),
        Transport::Udp => protocol.carries_datagrams(),
    }
}

fn unknown_port(scope: &mut Scope<'_>, port: i64, name: &str, service: &spec::Service) {
    let sidecars = service.sidecars.values().map(|sidecar| &sidecar.port);
    let known = std::iter::once(&service.port).chain(sidecars).filter_map(|port| port.as_ref()?.known());
    let known: Vec<String> = known.map(|port| format!("`{}`", port.0)).gather();
    let help = if known.is_empty() {
        format!("add `port` to `services.{name}`")
    } else {
        format!("its containers listen on {}; declare a further port with a sidecar", known.join(", "))
    };
    let message = format!("no container of the service `{name}` listens on port `{port}`");
    scope.error(codes::UNKNOWN_TARGET_PORT, "targetPort", message, help);
}

/// Adds the listener with its target group and certificates.
pub(super) fn add(
    scope: &mut Scope<'_>,
    route: &Route<'_>,
    load_balancer: &Value,
    vpc_id: &Value,
    private_link: Option<&spec::PrivateLink>,
) -> Listener {
    let target_group = target_group::add(scope, route, vpc_id, private_link.is_some());
    let mut scope = scope.made_from(&route.origin);
    let mut scope = scope.construct(&route.id, "ringfence.Listener");
    let forward = listener::Action::new().r#type("forward").target_group_arn(target_group.reference());
    let resource = elb::Listener::new()
        .load_balancer_arn(load_balancer)
        .port(route.spec.port.to_value())
        .protocol(route.protocol.name())
        .default_actions([forward]);
    let resource = with_tls(resource, route);
    let resource = resource.maybe(idle_timeout(&mut scope, route, private_link), elb::Listener::listener_attributes);
    let logical_id = scope.add("Resource", resource);
    if let (Protocol::Tls, Some(tls)) = (route.protocol, &route.spec.tls) {
        check_policy(&mut scope, &tls.policy);
        add_certificates(&mut scope, tls, &logical_id);
    }
    Listener {
        logical_id,
        port: route.spec.port.to_value(),
        protocol: route.protocol.name(),
        service: route.name.to_owned(),
        container: route.container.clone(),
        target_group_full_name: target_group.attribute(elb::TargetGroup::ATTR_TARGET_GROUP_FULL_NAME),
        target_group,
        target_port: route.target_port.clone(),
    }
}

fn with_tls(resource: elb::Listener, route: &Route<'_>) -> elb::Listener {
    let (Protocol::Tls, Some(tls)) = (route.protocol, &route.spec.tls) else { return resource };
    resource
        .certificates([listener::Certificate::new().certificate_arn(tls.certificate.to_value())])
        .ssl_policy(tls.policy.to_value())
        .maybe(tls.alpn.map(|alpn| [alpn.word()]), elb::Listener::alpn_policy)
}

fn idle_timeout(
    scope: &mut Scope<'_>,
    route: &Route<'_>,
    private_link: Option<&spec::PrivateLink>,
) -> Option<Vec<listener::ListenerAttribute>> {
    let seconds = route.spec.idle_timeout.as_ref()?;
    if !route.protocol.carries_tcp() || route.protocol == Protocol::Tls {
        let message = format!("a listener with the protocol `{}` has a fixed idle timeout", route.protocol.name());
        let help = "remove `idleTimeout`, and let clients send something at least every 350 seconds (UDP: 120)";
        scope.error(codes::IDLE_TIMEOUT_NOT_TCP, "idleTimeout", message, help);
        return None;
    }
    if private_link.is_some_and(|private_link| !private_link.regions.is_empty()) {
        scope.error(
            codes::IDLE_TIMEOUT_ACROSS_REGIONS,
            "idleTimeout",
            "a custom idle timeout takes the access from other Regions away",
            "remove `idleTimeout`, or remove `privateLink.regions`",
        );
    }
    Some(vec![listener::ListenerAttribute::new().key("tcp.idle_timeout.seconds").value(seconds.to_text())])
}

fn check_policy(scope: &mut Scope<'_>, policy: &Input<Text>) {
    let Some(name) = policy.known() else { return };
    let Some(policy) = tls_policy(name) else {
        let names = || TLS_POLICIES.iter().map(|policy| policy.name);
        let longer = names().filter(|policy| policy.starts_with(name.as_ref())).min_by_key(|policy| policy.len());
        let help = match longer.or_else(|| closest(name, names())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("AWS recommends `{}`", tls_policies::RECOMMENDED),
        };
        scope.error(codes::UNKNOWN_TLS_POLICY, "tls/policy", format!("there is no TLS policy `{name}`"), help);
        return;
    };
    if policy.oldest < tls_policies::OLDEST_SOUND {
        let message = format!("the TLS policy `{name}` allows {}", policy.oldest.name());
        let help = format!("AWS recommends `{}`", tls_policies::RECOMMENDED);
        scope.warn(codes::OLD_TLS, "tls/policy", message, help);
    }
}

/// Checks all certificates, and adds those that the client's choice of a name selects.
fn add_certificates(scope: &mut Scope<'_>, tls: &Tls, listener: &LogicalId) {
    check_certificate(scope, "tls/certificate", &tls.certificate);
    let mut seen = vec![&tls.certificate];
    let mut unnamed = 0_usize;
    for (index, certificate) in tls.additional_certificates.iter().enumerate() {
        let at = format!("tls/additionalCertificates/{index}");
        check_certificate(scope, &at, certificate);
        if seen.contains(&certificate) {
            let message = format!("the certificate `{}` is on this listener already", shown(certificate));
            scope.error(codes::DUPLICATE_CERTIFICATE, &at, message, "remove it here");
            continue;
        }
        seen.push(certificate);
        let id = certificate_id(certificate, &mut unnamed);
        let entry = listener_certificate::Certificate::new().certificate_arn(certificate.to_value());
        let resource = elb::ListenerCertificate::new().listener_arn(listener.reference()).certificates([entry]);
        scope.add(&id, resource);
    }
}

/// An ID made of what tells certificates apart: the last part of the ARN.
fn certificate_id(certificate: &Input<ArnText>, unnamed: &mut usize) -> String {
    if let Some(arn) = certificate.known() {
        let name = arn.as_str().rsplit('/').next().unwrap_or_default();
        return format!("Certificate-{name}");
    }
    *unnamed += 1;
    if *unnamed == 1 { "Certificate".to_owned() } else { format!("Certificate-{unnamed}") }
}

fn shown(certificate: &Input<ArnText>) -> &str {
    certificate.known().map_or("…", ArnText::as_str)
}

fn check_certificate(scope: &mut Scope<'_>, at: &str, certificate: &Input<ArnText>) {
    let Some(text) = certificate.known() else { return };
    let env = scope.stack().props().env.clone();
    let Err(why) = judge_certificate(text.as_str(), Location::of(&env)) else { return };
    let message = format!("the certificate `{}` cannot be used here: {why}", text.as_str());
    let help = "request or import one into AWS Certificate Manager in the account and Region of the load balancer";
    scope.error(codes::BAD_CERTIFICATE, at, message, help);
}

/// Says why a certificate cannot be on a load balancer at `place`, as far as its ARN tells.
fn judge_certificate(text: &str, place: Location<'_>) -> Result<(), String> {
    let arn = Arn::parse(text).map_err(|error| error.to_string())?;
    let kind = (arn.service.known(), arn.resource_type());
    if !matches!(kind, (None, _) | (Some("acm"), Some("certificate")) | (Some("iam"), Some("server-certificate"))) {
        return Err("it is no certificate of AWS Certificate Manager or IAM".to_owned());
    }
    let partition = arn.partition.known();
    if let (Some(theirs), Some(ours)) = (partition, place.partition().map(Partition::id)) {
        differ("partition", theirs, ours)?;
    }
    if let (Some("acm"), Some(theirs), Some(ours)) = (arn.service.known(), arn.region.known(), place.region) {
        differ("Region", theirs, ours)?;
    }
    if let (Some(theirs), Some(ours)) = (arn.account.known(), place.account) {
        differ("account", theirs, ours)?;
    }
    Ok(())
}

fn differ(what: &str, theirs: &str, ours: &str) -> Result<(), String> {
    if theirs == ours { Ok(()) } else { Err(format!("its {what} is `{theirs}`, that of the load balancer `{ours}`")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Location<'_> = Location { account: Some("111122223333"), region: Some("eu-west-1") };

    #[test]
    fn a_certificate_of_the_same_account_and_region_is_taken() {
        for arn in [
            "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d",
            "arn:aws:iam::111122223333:server-certificate/payments",
            "arn:${AWS::Partition}:acm:${AWS::Region}:${AWS::AccountId}:certificate/0a1b2c3d",
        ] {
            assert_eq!(judge_certificate(arn, PLACE), Ok(()), "{arn}");
        }
    }

    #[test]
    fn a_certificate_from_elsewhere_is_refused_with_the_reason() {
        for (arn, part) in [
            ("arn:aws:acm:us-east-1:111122223333:certificate/a", "Region"),
            ("arn:aws:acm:eu-west-1:222233334444:certificate/a", "account"),
            ("arn:aws-cn:acm:eu-west-1:111122223333:certificate/a", "partition"),
            ("arn:aws:s3:eu-west-1:111122223333:bucket/a", "no certificate"),
        ] {
            let why = judge_certificate(arn, PLACE).unwrap_err();
            assert!(why.contains(part), "{arn}: {why}");
        }
    }

    #[test]
    fn nothing_is_held_against_a_certificate_while_the_place_is_unknown() {
        let arn = "arn:aws:acm:us-east-1:222233334444:certificate/a";
        assert_eq!(judge_certificate(arn, Location::default()), Ok(()));
    }
}
