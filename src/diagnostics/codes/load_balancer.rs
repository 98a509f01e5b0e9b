//! Codes RF03xx: load balancers and listeners.

super::codes! {
    UNKNOWN_SERVICE = "RF0301", "unknown-service", Error {
        summary: "A listener that leads to a service which is not in the spec",
        why: "There is nothing to send connections to.",
        example: "listeners: [{ port: 443, to: apo }]",
        instead: "listeners: [{ port: 443, to: api }]",
        source: "the services of the spec"
    }
    DUPLICATE_PORT = "RF0302", "duplicate-port", Error {
        summary: "Two listeners on one port",
        why: "A load balancer has one listener per port. TCP and UDP on the same port are one listener with the protocol `tcp_udp`.",
        example: "listeners: [{ port: 443, to: api }, { port: 443, to: api }]",
        instead: "listeners: [{ port: 443, to: api }, { port: 8443, to: api }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, listeners"
    }
    TOO_MANY_LISTENERS = "RF0303", "too-many-listeners", Error {
        summary: "More listeners than a Network Load Balancer may have",
        why: "The quota of 50 listeners cannot be raised, and PrivateLink takes no load balancer that has more.",
        example: "listeners: [{ port: 1, to: api }, { port: 2, to: api }, { port: 3, to: api }, { port: 4, to: api }, { port: 5, to: api }, { port: 6, to: api }, { port: 7, to: api }, { port: 8, to: api }, { port: 9, to: api }, { port: 10, to: api }, { port: 11, to: api }, { port: 12, to: api }, { port: 13, to: api }, { port: 14, to: api }, { port: 15, to: api }, { port: 16, to: api }, { port: 17, to: api }, { port: 18, to: api }, { port: 19, to: api }, { port: 20, to: api }, { port: 21, to: api }, { port: 22, to: api }, { port: 23, to: api }, { port: 24, to: api }, { port: 25, to: api }, { port: 26, to: api }, { port: 27, to: api }, { port: 28, to: api }, { port: 29, to: api }, { port: 30, to: api }, { port: 31, to: api }, { port: 32, to: api }, { port: 33, to: api }, { port: 34, to: api }, { port: 35, to: api }, { port: 36, to: api }, { port: 37, to: api }, { port: 38, to: api }, { port: 39, to: api }, { port: 40, to: api }, { port: 41, to: api }, { port: 42, to: api }, { port: 43, to: api }, { port: 44, to: api }, { port: 45, to: api }, { port: 46, to: api }, { port: 47, to: api }, { port: 48, to: api }, { port: 49, to: api }, { port: 50, to: api }, { port: 51, to: api }]",
        instead: "listeners: [{ port: 443, to: api }]",
        source: "Elastic Load Balancing user guide, quotas and VPC endpoints"
    }
    NO_LISTENER = "RF0304", "no-listener", Error {
        summary: "No listener, and not exactly one service with a port to which a default one could lead",
        why: "A load balancer without a listener takes no connection. With one service that has a port it is clear what is meant; otherwise it must be said.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080 }, admin: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/admin:1\", port: 8081 } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080 }, admin: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/admin:1\", port: 8081 } }\nlisteners: [{ port: 443, to: api }, { port: 8443, to: admin }]",
        source: "the services of the spec"
    }
    SERVICE_WITHOUT_PORT = "RF0305", "service-without-port", Error {
        summary: "A listener that leads to a service without a port",
        why: "The load balancer has to know on which port the tasks listen.",
        example: "services: { worker: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/worker:1\" } }\nlisteners: [{ port: 443, to: worker }]",
        instead: "services: { worker: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/worker:1\", port: 8080 } }\nlisteners: [{ port: 443, to: worker }]",
        source: "Amazon ECS API reference, LoadBalancer"
    }
    UNKNOWN_TARGET_PORT = "RF0306", "unknown-target-port", Error {
        summary: "A target port on which no container of the service listens",
        why: "ECS registers a container with one of its declared ports, and refuses any other.",
        example: "listeners: [{ port: 443, to: api, targetPort: 9090 }]",
        instead: "listeners: [{ port: 443, to: api, targetPort: 8080 }]",
        source: "Amazon ECS API reference, LoadBalancer"
    }
    TLS_WITHOUT_CERTIFICATE = "RF0307", "tls-without-certificate", Error {
        summary: "A TLS listener without a certificate",
        why: "TLS ends at the load balancer only with a certificate. For TLS that ends in the task, the protocol is `tcp`.",
        example: "listeners: [{ port: 443, to: api, protocol: tls }]",
        instead: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" } }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, TLS listeners"
    }
    CERTIFICATE_WITHOUT_TLS = "RF0308", "certificate-without-tls", Error {
        summary: "A certificate, security policy or ALPN policy on a listener that does not end TLS",
        why: "AWS refuses all three unless the protocol is TLS.",
        example: "listeners: [{ port: 443, to: api, protocol: tcp, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" } }]",
        instead: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" } }]",
        source: "Elastic Load Balancing API reference, CreateListener"
    }
    BAD_CERTIFICATE = "RF0309", "bad-certificate", Error {
        summary: "A certificate that this load balancer cannot use",
        why: "A certificate must be one of AWS Certificate Manager or IAM in the account, partition and (for Certificate Manager) Region of the load balancer; it cannot be copied.",
        example: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" } }]",
        instead: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" } }]",
        source: "AWS Certificate Manager user guide, supported Regions"
    }
    DUPLICATE_CERTIFICATE = "RF0310", "duplicate-certificate", Error {
        summary: "The same certificate twice on one listener",
        why: "A certificate is on a listener once; the second would have no effect, or the deployment would fail.",
        example: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\", additionalCertificates: [\"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\"] } }]",
        instead: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" } }]",
        source: "Elastic Load Balancing API reference, AddListenerCertificates"
    }
    UNKNOWN_TLS_POLICY = "RF0311", "unknown-tls-policy", Error {
        summary: "A TLS security policy that AWS does not have",
        why: "The deployment would fail.",
        example: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\", policy: ELBSecurityPolicy-TLS13-1-2 } }]",
        instead: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\", policy: ELBSecurityPolicy-TLS13-1-2-2021-06 } }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security policies"
    }
    OLD_TLS = "RF0312", "old-tls", Warning {
        summary: "A TLS security policy that allows a version older than TLS 1.2",
        why: "TLS 1.0 and 1.1 are deprecated by RFC 8996.",
        example: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\", policy: ELBSecurityPolicy-2016-08 } }]",
        instead: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\", policy: ELBSecurityPolicy-TLS13-1-2-2021-06 } }]",
        source: "RFC 8996; Elastic Load Balancing user guide for Network Load Balancers, security policies"
    }
    PROTOCOL_MISMATCH = "RF0313", "protocol-mismatch", Error {
        summary: "A listener whose protocol the port of the service does not speak",
        why: "A TCP or TLS listener leads to a TCP port, a UDP listener to a UDP port.",
        example: "listeners: [{ port: 53, to: api, protocol: udp }]",
        instead: "listeners: [{ port: 53, to: api, protocol: tcp }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, target groups"
    }
    UDP_THROUGH_PRIVATE_LINK = "RF0314", "udp-through-private-link", Error {
        summary: "UDP behind PrivateLink on a load balancer that has IPv4 addresses only",
        why: "PrivateLink translates source addresses, which load balancers do for UDP only with a dual-stack address type and IPv6 prefixes for source NAT. AWS does not document that it works otherwise.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }\nprivateLink: { allow: [\"222233334444\"] }",
        instead: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack, dualStackTasks: true }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }\nprivateLink: { allow: [\"222233334444\"] }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, listeners; AWS PrivateLink guide, share your services"
    }
    DUALSTACK_WITHOUT_IPV6 = "RF0315", "dualstack-without-ipv6", Error {
        summary: "A dual-stack load balancer in a network without IPv6",
        why: "Each subnet of a dual-stack load balancer needs an IPv6 range, and so does each task that receives UDP from it.",
        example: "loadBalancer: { ipAddressType: dualstack }",
        instead: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, IP address types"
    }
    IPV6_TASKS_UNCONFIRMED = "RF0316", "ipv6-tasks-unconfirmed", Warning {
        summary: "Tasks that must have IPv6 addresses, which depends on a setting of the account",
        why: "A UDP listener of a dual-stack load balancer needs targets with IPv6 addresses. Tasks get them only when the ECS account setting `dualStackIPv6` is on; no template can set it.",
        example: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }",
        instead: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack, dualStackTasks: true }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }",
        source: "Amazon ECS developer guide, account settings"
    }
    HEALTH_CHECK_PATH = "RF0317", "health-check-path", Error {
        summary: "A path or status codes for a health check without HTTP, or a path that is none",
        why: "Only HTTP and HTTPS checks ask for a path, which begins with `/` and has at most 1024 characters.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { protocol: tcp, path: /healthz } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { path: /healthz } } }",
        source: "Elastic Load Balancing API reference, CreateTargetGroup"
    }
    HEALTH_CHECK_CODES = "RF0318", "health-check-codes", Error {
        summary: "Status codes of a health check that AWS does not take",
        why: "They are codes or ranges of codes from 200 to 599, with commas between them.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { path: /, codes: 2xx } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { path: /, codes: 200-299 } } }",
        source: "Elastic Load Balancing API reference, Matcher"
    }
    HEALTH_CHECK_TIMEOUT = "RF0319", "health-check-timeout", Error {
        summary: "A health check that takes longer than the time to the next",
        why: "The timeout must be at most the interval.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { interval: 5, timeout: 10 } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { interval: 10, timeout: 5 } } }",
        source: "Elastic Load Balancing API reference, CreateTargetGroup"
    }
    UDP_HEALTH_CHECK = "RF0320", "udp-health-check", Warning {
        summary: "A UDP port whose health is asked for over TCP on the same port",
        why: "There is no health check over UDP. Unless the task listens on the same port with TCP too, it never becomes healthy.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, health checks"
    }
    CLIENT_IP_ALWAYS_PRESERVED = "RF0321", "client-ip-always-preserved", Error {
        summary: "Client addresses that are not to be preserved for UDP",
        why: "For UDP and TCP_UDP AWS always preserves them, and refuses to switch that off.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }\nlisteners: [{ port: 5000, to: api, target: { preserveClientIp: false } }]",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }\nlisteners: [{ port: 5000, to: api }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, target group attributes"
    }
    STICKY_WITH_TLS = "RF0322", "sticky-with-tls", Error {
        summary: "Sticky clients on a TLS listener",
        why: "AWS does not support stickiness with TLS listeners.",
        example: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" }, target: { sticky: true } }]",
        instead: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" } }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, target group attributes"
    }
    STICKY_THROUGH_PRIVATE_LINK = "RF0323", "sticky-through-private-link", Warning {
        summary: "Sticky clients behind PrivateLink",
        why: "Stickiness goes by source address, and through PrivateLink that is an address of the load balancer: all consumers of a zone stay with the same few tasks.",
        example: "listeners: [{ port: 443, to: api, target: { sticky: true } }]\nprivateLink: { allow: [\"222233334444\"] }",
        instead: "listeners: [{ port: 443, to: api }]\nprivateLink: { allow: [\"222233334444\"] }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, target group attributes"
    }
    DRAINING_WITH_TERMINATION = "RF0324", "draining-with-termination", Error {
        summary: "Time for the connections of an unhealthy task, although they are closed at once or cannot be kept",
        why: "The time counts only when connections are not closed, and only target groups with TCP or TLS have it.",
        example: "listeners: [{ port: 443, to: api, target: { unhealthyDrainingSeconds: 60 } }]",
        instead: "listeners: [{ port: 443, to: api, target: { unhealthyTermination: false, unhealthyDrainingSeconds: 60 } }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, target group attributes"
    }
    FAILOVER_THRESHOLDS = "RF0325", "failover-thresholds", Error {
        summary: "A zone that DNS keeps although the load balancer already sends to unhealthy tasks in it",
        why: "AWS wants the threshold of DNS failover at least as high as that of routing failover.",
        example: "listeners: [{ port: 443, to: api, target: { dnsFailoverCount: 1, routingFailoverCount: 2 } }]",
        instead: "listeners: [{ port: 443, to: api, target: { dnsFailoverCount: 2, routingFailoverCount: 2 } }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, target group health"
    }
    IDLE_TIMEOUT_NOT_TCP = "RF0326", "idle-timeout-not-tcp", Error {
        summary: "An idle timeout on a listener that has a fixed one",
        why: "Only TCP has an idle timeout that can be set. That of TLS listeners is 350 seconds, that of UDP flows 120.",
        example: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" }, idleTimeout: 600 }]",
        instead: "listeners: [{ port: 443, to: api, idleTimeout: 600 }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, TCP idle timeout"
    }
    IDLE_TIMEOUT_ACROSS_REGIONS = "RF0327", "idle-timeout-across-regions", Error {
        summary: "A TCP idle timeout of one's own together with access from other Regions",
        why: "PrivateLink offers no access across Regions to a load balancer with a custom TCP idle timeout.",
        example: "listeners: [{ port: 443, to: api, idleTimeout: 600 }]\nprivateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }",
        instead: "listeners: [{ port: 443, to: api }]\nprivateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }",
        source: "AWS PrivateLink guide, share your services"
    }
    ENFORCED_WITHOUT_CIDR = "RF0328", "enforced-without-cidr", Error {
        summary: "A principal without address ranges, although the security group is enforced on PrivateLink",
        why: "The rules are then compared with the address that the client has in its own VPC, and connections from anywhere else are dropped without a word.",
        example: "loadBalancer: { enforcePrivateLink: true }\nprivateLink: { allow: [\"222233334444\"] }",
        instead: "loadBalancer: { enforcePrivateLink: true }\nprivateLink: { allow: [{ account: \"222233334444\", cidrs: [10.30.0.0/16] }] }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security groups"
    }
    SUBNET_WITHOUT_CIDR = "RF0329", "subnet-without-cidr", Error {
        summary: "A subnet whose address range is unknown, although tasks must admit the load balancer's addresses in it",
        why: "Connections through PrivateLink reach a task from the private addresses of the load balancer. While its security group is not enforced on PrivateLink, AWS asks to admit those addresses, so the ranges of its subnets must be known.",
        example: "network: { existing: { vpcId: vpc-0123456789abcdef0, cidrs: [10.0.0.0/16], subnets: [{ id: subnet-0123456789abcdef0, routeTable: rtb-0123456789abcdef0 }] } }\nprivateLink: { allow: [\"222233334444\"] }",
        instead: "network: { existing: { vpcId: vpc-0123456789abcdef0, cidrs: [10.0.0.0/16], subnets: [{ id: subnet-0123456789abcdef0, cidr: 10.0.1.0/24, routeTable: rtb-0123456789abcdef0 }] } }\nprivateLink: { allow: [\"222233334444\"] }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, register targets"
    }
    ACCESS_LOG_PREFIX = "RF0330", "access-log-prefix", Error {
        summary: "A prefix that access logs cannot have",
        why: "AWS adds `AWSLogs` itself and refuses a prefix that has it; one that begins or ends with a slash leads to empty folder names.",
        example: "loadBalancer: { accessLogs: { enabled: true, prefix: AWSLogs } }",
        instead: "loadBalancer: { accessLogs: { enabled: true, prefix: payments } }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, enable access logs"
    }
    ACCESS_LOGS_WITHOUT_TLS = "RF0331", "access-logs-without-tls", Warning {
        summary: "Access logs of a load balancer without a TLS listener",
        why: "A Network Load Balancer records TLS connections only, so nothing would be recorded. Flow logs record all connections.",
        example: "loadBalancer: { accessLogs: { enabled: true } }",
        instead: "network: { flowLogs: { enabled: true } }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, access logs"
    }
    NO_CLIENTS = "RF0332", "no-clients", Warning {
        summary: "A load balancer that nobody may reach",
        why: "Its security group admits no address range, and it is not shared through PrivateLink.",
        example: "loadBalancer: { clients: [] }",
        instead: "loadBalancer: { clients: [10.0.0.0/16] }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security groups"
    }
    OPEN_CLIENTS = "RF0333", "open-clients", Warning {
        summary: "A load balancer that admits every address",
        why: "The load balancer has private addresses only, but whatever is ever routed to its VPC (peering, transit gateway, VPN) may connect.",
        example: "loadBalancer: { clients: [0.0.0.0/0] }",
        instead: "loadBalancer: { clients: [10.0.0.0/8] }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security groups"
    }
    TOO_MANY_RULES = "RF0334", "too-many-rules", Warning {
        summary: "More rules than a security group has by default",
        why: "A group has at most 60 rules in each direction for each kind of address, unless the quota was raised. Every address range takes one rule for every listener.",
        example: "loadBalancer: { clients: [10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16, 10.4.0.0/16, 10.5.0.0/16, 10.6.0.0/16, 10.7.0.0/16, 10.8.0.0/16, 10.9.0.0/16, 10.10.0.0/16, 10.11.0.0/16, 10.12.0.0/16, 10.13.0.0/16] }\nlisteners: [{ port: 1, to: api }, { port: 2, to: api }, { port: 3, to: api }, { port: 4, to: api }, { port: 5, to: api }]",
        instead: "loadBalancer: { clients: [10.0.0.0/12] }\nlisteners: [{ port: 1, to: api }, { port: 2, to: api }, { port: 3, to: api }, { port: 4, to: api }, { port: 5, to: api }]",
        source: "Amazon VPC user guide, quotas"
    }
    PROXY_PROTOCOL_HEALTH = "RF0335", "proxy-protocol-health", Warning {
        summary: "HTTP health checks together with the PROXY protocol",
        why: "Health checks carry the PROXY protocol header too; a server that does not understand it answers with an error, and the task counts as unhealthy.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { path: /healthz } } }\nlisteners: [{ port: 443, to: api, target: { proxyProtocol: true } }]",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080 } }\nlisteners: [{ port: 443, to: api, target: { proxyProtocol: true } }]",
        source: "Elastic Load Balancing user guide for Network Load Balancers, target group attributes"
    }
}
