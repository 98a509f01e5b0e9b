//! The load balancer and its listeners.

use crate::cfn::Text;

use super::macros::{spec_choice, spec_struct};
use super::scalar::{Input, Whole};
use super::text::{AnyCidr, Arn, Port};

spec_struct! {
    /// The internal Network Load Balancer.
    pub struct LoadBalancer {
        /// Whether each zone of the load balancer sends to the tasks of all zones. Without it a zone without a working
        /// task is lost for the consumers there. Traffic between zones costs 0.01 USD per GB and direction.
        cross_zone "crossZone": bool = true,
        /// Whether the load balancer refuses to be deleted.
        deletion_protection "deletionProtection": bool = false,
        /// Whether it has IPv6 addresses too.
        ip_address_type "ipAddressType": IpAddressType = IpAddressType::Ipv4,
        /// Whether tasks get IPv6 addresses: says that the ECS setting `dualStackIPv6` of the account is on. UDP through a
        /// dual-stack load balancer needs them.
        dual_stack_tasks "dualStackTasks": bool = false,
        /// The address ranges whose clients may connect inside the network or through peering and the like. Default: the
        /// ranges of the VPC. Connections through PrivateLink do not need them.
        clients "clients": Option<Vec<Input<AnyCidr>>> = None,
        /// Whether the security group is applied to connections through PrivateLink too. Every allowed principal then
        /// needs its address ranges, or its connections are dropped without a word.
        enforce_private_link "enforcePrivateLink": bool = false,
        /// Records of TLS connections (nothing else is recorded by AWS).
        access_logs "accessLogs": AccessLogs = AccessLogs::default(),
        /// Whether traffic can be moved away from an impaired zone.
        zonal_shift "zonalShift": bool = false,
        /// How clients in the VPC are spread over the zones.
        client_routing "clientRouting": ClientRouting = ClientRouting::AnyZone,
        /// Further addresses per subnet, for very many connections; the number can never be lowered again.
        secondary_ips "secondaryIps": Input<Whole<0, 7>> = Input::Known(Whole(0)),
        /// Capacity units that are kept ready in each zone.
        minimum_capacity "minimumCapacity": Option<Input<Whole<2750, 45_000>>> = None,
    }
}

spec_choice! {
    /// Which kinds of addresses a load balancer has.
    pub enum IpAddressType {
        /// IPv4 only.
        Ipv4 = "ipv4",
        /// IPv4 and IPv6.
        Dualstack = "dualstack",
    }
}

spec_choice! {
    /// How clients in the VPC are spread over the zones of a load balancer.
    pub enum ClientRouting {
        /// Over all.
        AnyZone = "any_availability_zone",
        /// To 85 percent in their own.
        PartialAffinity = "partial_availability_zone_affinity",
        /// In their own only.
        Affinity = "availability_zone_affinity",
    }
}

spec_struct! {
    /// Records of TLS connections in a bucket.
    pub struct AccessLogs {
        /// Whether they are kept.
        enabled "enabled": bool = false,
        /// An existing bucket, by name, in the same Region. Default: a new one.
        bucket "bucket": Option<Input<Text>> = None,
        /// What the keys of the objects begin with.
        prefix "prefix": Option<Input<Text>> = None,
        /// For how many days a new bucket keeps them.
        retention_days "retentionDays": Input<Whole<1, 3653>> = Input::Known(Whole(90)),
    }
}

spec_struct! {
    /// A port on which the load balancer listens.
    pub struct Listener {
        /// The port.
        port "port": Input<Port>,
        /// The protocol. Default: `tls` when `tls` is given, otherwise that of the service's port.
        protocol "protocol": Option<ListenerProtocol> = None,
        /// How TLS ends at the load balancer.
        tls "tls": Option<Tls> = None,
        /// The service to which it leads.
        to "to": Text,
        /// The port of the service's tasks. Default: the service's own.
        target_port "targetPort": Option<Input<Port>> = None,
        /// How connections reach the tasks.
        target "target": Target = Target::default(),
        /// Seconds after which an idle TCP connection is dropped. Default: the 350 that AWS has.
        idle_timeout "idleTimeout": Option<Input<Whole<60, 6000>>> = None,
    }
}

spec_choice! {
    /// The protocol of a listener.
    pub enum ListenerProtocol {
        /// TCP; TLS, if any, ends in the task.
        Tcp = "tcp",
        /// TLS that ends at the load balancer.
        Tls = "tls",
        /// UDP.
        Udp = "udp",
        /// TCP and UDP on the same port.
        TcpUdp = "tcp_udp",
    }
}

spec_struct! {
    /// How TLS ends at the load balancer.
    pub struct Tls {
        /// The default certificate, in the same Region.
        certificate "certificate": Input<Arn>,
        /// Further certificates, chosen by the name for which the client asks.
        additional_certificates "additionalCertificates": Vec<Input<Arn>> = Vec::new(),
        /// The security policy.
        policy "policy": Input<Text> = "ELBSecurityPolicy-TLS13-1-2-2021-06".into(),
        /// The ALPN policy.
        alpn "alpn": Option<AlpnPolicy> = None,
        /// Whether the tasks speak TLS too. Default: what the load balancer decrypts goes on as TCP.
        to_tasks "toTasks": bool = false,
    }
}

spec_choice! {
    /// Which application protocol TLS clients are offered.
    pub enum AlpnPolicy {
        /// None.
        None = "None",
        /// HTTP/1 only.
        Http1Only = "HTTP1Only",
        /// HTTP/2 only.
        Http2Only = "HTTP2Only",
        /// HTTP/1 first.
        Http2Optional = "HTTP2Optional",
        /// HTTP/2 first.
        Http2Preferred = "HTTP2Preferred",
    }
}

spec_struct! {
    /// How connections reach the tasks.
    pub struct Target {
        /// Seconds that a task which is leaving may finish its connections. AWS advises at least 120.
        deregistration_delay "deregistrationDelay": Input<Whole<0, 3600>> = Input::Known(Whole(120)),
        /// Whether connections that are left then are closed.
        connection_termination "connectionTermination": bool = true,
        /// Whether tasks see the address of clients inside the VPC. Through PrivateLink they never do.
        preserve_client_ip "preserveClientIp": Option<bool> = None,
        /// Whether a PROXY protocol v2 header names the client or its endpoint. The service, and whatever answers health
        /// checks, must understand it.
        proxy_protocol "proxyProtocol": bool = false,
        /// Whether a client keeps reaching the same task.
        sticky "sticky": bool = false,
        /// Whether the zones of the load balancer send to the tasks of all zones. Default: as the load balancer.
        cross_zone "crossZone": Option<bool> = None,
        /// Whether connections to a task are closed when it becomes unhealthy.
        unhealthy_termination "unhealthyTermination": bool = true,
        /// Seconds that connections to an unhealthy task may go on, when they are not closed.
        unhealthy_draining_seconds "unhealthyDrainingSeconds": Input<Whole<0, 360_000>> = Input::Known(Whole(0)),
        /// So many tasks must be healthy in a zone, or DNS leaves it out.
        dns_failover_count "dnsFailoverCount": Option<Input<Whole<1, 5000>>> = None,
        /// So many percent of the tasks must be healthy in a zone, or DNS leaves it out.
        dns_failover_percent "dnsFailoverPercent": Option<Input<Whole<1, 100>>> = None,
        /// So many tasks must be healthy, or all are sent to.
        routing_failover_count "routingFailoverCount": Option<Input<Whole<1, 5000>>> = None,
        /// So many percent of the tasks must be healthy, or all are sent to.
        routing_failover_percent "routingFailoverPercent": Option<Input<Whole<1, 100>>> = None,
    }
}

spec_struct! {
    /// How the load balancer finds out whether a task works.
    pub struct HealthCheck {
        /// The protocol. Default: `http` when `path` is given, otherwise `tcp`.
        protocol "protocol": Option<HealthProtocol> = None,
        /// The path that is asked for.
        path "path": Option<Input<Text>> = None,
        /// The port. Default: the port to which traffic goes.
        port "port": Option<Input<Port>> = None,
        /// The status codes that are right: `200`, `200,204` or `200-299`.
        codes "codes": Option<Input<Text>> = None,
        /// Seconds between two checks.
        interval "interval": Input<Whole<5, 300>> = Input::Known(Whole(10)),
        /// Seconds after which a check has failed; at most the interval.
        timeout "timeout": Input<Whole<2, 120>> = Input::Known(Whole(5)),
        /// How many checks in a row must succeed.
        healthy "healthy": Input<Whole<2, 10>> = Input::Known(Whole(2)),
        /// How many checks in a row must fail.
        unhealthy "unhealthy": Input<Whole<2, 10>> = Input::Known(Whole(2)),
    }
}

spec_choice! {
    /// The protocol of a health check.
    pub enum HealthProtocol {
        /// A connection is enough.
        Tcp = "tcp",
        /// An HTTP response with the right status code.
        Http = "http",
        /// The same over TLS; TLS 1.2 must be accepted.
        Https = "https",
    }
}
