//! Codes RF04xx: sharing through PrivateLink.

super::codes! {
    BAD_PRINCIPAL = "RF0401", "bad-principal", Error {
        summary: "A principal that an endpoint service cannot allow",
        why: "Endpoint services allow accounts, users and roles without a path. Anything else is refused at deployment, or lets nobody in. A VPC cannot be allowed: name its account with `vpcs`; acceptance, the consumers' IAM policy and, when enforced, the security group then limit the connections to it.",
        example: "privateLink: { allow: [vpc-0123456789abcdef0] }",
        instead: "privateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0] }] }",
        source: "AWS PrivateLink guide, configure an endpoint service"
    }
    DUPLICATE_PRINCIPAL = "RF0402", "duplicate-principal", Error {
        summary: "A principal that is allowed twice",
        why: "The second entry may say something else about VPCs or address ranges than the first, and it is not clear which holds.",
        example: "privateLink: { allow: [\"222233334444\", \"arn:aws:iam::222233334444:root\"] }",
        instead: "privateLink: { allow: [\"222233334444\"] }",
        source: "AWS PrivateLink guide, configure an endpoint service"
    }
    UNDOCUMENTED_PRINCIPAL = "RF0403", "undocumented-principal", Warning {
        summary: "An organization or organizational unit as a principal",
        why: "The API has a type for organizational units, but AWS documents no principal that names one. The deployment may fail, or nobody may be let in.",
        example: "privateLink: { allow: [\"arn:aws:organizations::111122223333:organization/o-exampleorgid\"] }",
        instead: "privateLink: { allow: [\"222233334444\", \"333344445555\"] }",
        source: "Amazon EC2 API reference, PrincipalType; AWS PrivateLink guide, configure an endpoint service"
    }
    PUBLIC_SERVICE = "RF0404", "public-service", Error {
        summary: "A service that everybody with an AWS account can connect to",
        why: "All principals are allowed and nobody has to accept a connection, so the load balancer is public although it has private addresses only.",
        example: "privateLink: { allow: [\"*\"], acceptance: automatic }",
        instead: "privateLink: { allow: [\"222233334444\"], acceptance: automatic }",
        source: "AWS PrivateLink guide, configure an endpoint service"
    }
    EVERYBODY_MAY_ASK = "RF0405", "everybody-may-ask", Warning {
        summary: "A service that everybody with an AWS account can ask to connect to",
        why: "Only the person who accepts connections stands between the service and everybody else.",
        example: "privateLink: { allow: [\"*\"] }",
        instead: "privateLink: { allow: [\"222233334444\"] }",
        source: "AWS PrivateLink guide, configure an endpoint service"
    }
    NOBODY_ALLOWED = "RF0406", "nobody-allowed", Warning {
        summary: "An endpoint service that nobody may connect to",
        why: "Whoever is not allowed is told that the service does not exist.",
        example: "privateLink: { allow: [] }",
        instead: "privateLink: { allow: [\"222233334444\"] }",
        source: "AWS PrivateLink guide, configure an endpoint service"
    }
    BAD_VPC = "RF0407", "bad-vpc", Error {
        summary: "A VPC that is no VPC ID",
        why: "VPCs are named by their ID: `vpc-` and 8 or 17 hexadecimal digits.",
        example: "privateLink: { allow: [{ account: \"222233334444\", vpcs: [main] }] }",
        instead: "privateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0] }] }",
        source: "Amazon EC2 user guide, resource IDs"
    }
    VPCS_NOT_HELD = "RF0408", "vpcs-not-held", Error {
        summary: "Only certain VPCs may connect, but nothing keeps others away",
        why: "PrivateLink itself knows no VPCs. Whoever accepts connections can tell them apart; with automatic acceptance an endpoint in any VPC of the account is let in.",
        example: "privateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0] }], acceptance: automatic }",
        instead: "privateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0] }], acceptance: manual }",
        source: "AWS PrivateLink guide, configure an endpoint service"
    }
    VPCS_HELD_BY_ADDRESSES = "RF0409", "vpcs-held-by-addresses", Warning {
        summary: "Only certain VPCs may connect, and nothing but address ranges keeps others away",
        why: "With automatic acceptance an endpoint in any VPC of the account is let in. The security group then admits the named ranges, which another VPC may have too.",
        example: "loadBalancer: { enforcePrivateLink: true }\nprivateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0], cidrs: [10.30.0.0/16] }], acceptance: automatic }",
        instead: "loadBalancer: { enforcePrivateLink: true }\nprivateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0], cidrs: [10.30.0.0/16] }] }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security groups"
    }
    BAD_REGION = "RF0410", "bad-region", Error {
        summary: "A Region from which consumers cannot connect",
        why: "Access across Regions stays within a partition, and a Region is named once. The Region of the service itself is always among them.",
        example: "privateLink: { allow: [\"222233334444\"], regions: [cn-north-1] }",
        instead: "privateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }",
        source: "AWS PrivateLink guide, share your services"
    }
    UNKNOWN_REGION = "RF0411", "unknown-region", Warning {
        summary: "A Region that is not known here",
        why: "It may be misspelt, or newer than this version.",
        example: "privateLink: { allow: [\"222233334444\"], regions: [eu-west-9] }",
        instead: "privateLink: { allow: [\"222233334444\"], regions: [eu-west-2] }",
        source: "AWS documentation, Regions and Availability Zones"
    }
    REGIONS_NEED_ZONES = "RF0412", "regions-need-zones", Error {
        summary: "Access from other Regions to a load balancer in one Availability Zone",
        why: "A service that other Regions may use must be in at least two Availability Zones.",
        example: "network: { azs: 1 }\nprivateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }",
        instead: "network: { azs: 2 }\nprivateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }",
        source: "AWS PrivateLink guide, share your services"
    }
    ZONES_WITHOUT_REGIONS = "RF0413", "zones-without-regions", Warning {
        summary: "Access across Regions where some Availability Zones do not take part",
        why: "In a few Availability Zones, named by their IDs, PrivateLink offers no access across Regions. Which name an account has for them differs.",
        example: "env: { account: \"111122223333\", region: us-east-1 }\nprivateLink: { allow: [\"222233334444\"], regions: [us-west-2] }",
        instead: "env: { account: \"111122223333\", region: us-east-2 }\nprivateLink: { allow: [\"222233334444\"], regions: [us-west-2] }",
        source: "AWS PrivateLink guide, share your services"
    }
    UDP_ACROSS_REGIONS = "RF0414", "udp-across-regions", Warning {
        summary: "UDP that is used from other Regions",
        why: "Across Regions PrivateLink does not carry fragments of UDP datagrams, so large ones are lost.",
        example: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack, dualStackTasks: true }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }\nprivateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }",
        instead: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack, dualStackTasks: true }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }\nprivateLink: { allow: [\"222233334444\"] }",
        source: "AWS PrivateLink guide, share your services"
    }
    ENDPOINT_ADDRESSES = "RF0415", "endpoint-addresses", Error {
        summary: "A kind of address that endpoints cannot have",
        why: "Endpoints can have IPv6 addresses only while the load balancer is dual-stack, and must have some kind of address.",
        example: "privateLink: { allow: [\"222233334444\"], ipTypes: [ipv4, ipv6] }",
        instead: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack }\nprivateLink: { allow: [\"222233334444\"], ipTypes: [ipv4, ipv6] }",
        source: "AWS PrivateLink guide, share your services"
    }
    VERIFY_WITHOUT_ZONE = "RF0416", "verify-without-zone", Error {
        summary: "A verification that would wait for a record which nobody can have made yet",
        why: "AWS names the TXT record when it creates the endpoint service, so only the same stack can make it in time for the verification.",
        example: "privateLink: { allow: [\"222233334444\"], privateDns: { name: payments.example.com, verify: true } }",
        instead: "privateLink: { allow: [\"222233334444\"], privateDns: { name: payments.example.com, hostedZone: Z0123456789ABCDEFGHIJ, verify: true } }",
        source: "AWS PrivateLink guide, manage DNS names"
    }
    BAD_HOSTED_ZONE = "RF0417", "bad-hosted-zone", Error {
        summary: "A hosted zone that is no hosted zone ID",
        why: "The record needs the ID of the zone, in capitals and digits; names of zones are not unique.",
        example: "privateLink: { allow: [\"222233334444\"], privateDns: { name: payments.example.com, hostedZone: example.com } }",
        instead: "privateLink: { allow: [\"222233334444\"], privateDns: { name: payments.example.com, hostedZone: Z0123456789ABCDEFGHIJ } }",
        source: "Amazon Route 53 API reference, ResourceId"
    }
    BAD_TOPIC = "RF0418", "bad-topic", Error {
        summary: "A topic that connection notifications cannot go to",
        why: "They go to an SNS topic in the Region of the endpoint service.",
        example: "privateLink: { allow: [\"222233334444\"], notifications: { topic: \"arn:aws:sns:us-east-1:111122223333:connections\" } }",
        instead: "privateLink: { allow: [\"222233334444\"], notifications: { topic: \"arn:aws:sns:eu-west-1:111122223333:connections\" } }",
        source: "AWS PrivateLink guide, receive alerts for endpoint service events"
    }
    FIFO_TOPIC = "RF0419", "fifo-topic", Warning {
        summary: "Connection notifications to a FIFO topic",
        why: "AWS does not document that it works, and other services that notify through SNS refuse it.",
        example: "privateLink: { allow: [\"222233334444\"], notifications: { topic: \"arn:aws:sns:eu-west-1:111122223333:connections.fifo\" } }",
        instead: "privateLink: { allow: [\"222233334444\"], notifications: { topic: \"arn:aws:sns:eu-west-1:111122223333:connections\" } }",
        source: "AWS PrivateLink guide, receive alerts for endpoint service events"
    }
    BAD_EMAIL = "RF0420", "bad-email", Error {
        summary: "Something that is no e-mail address, or the same one twice",
        why: "SNS refuses it.",
        example: "privateLink: { allow: [\"222233334444\"], notifications: { emails: [team] } }",
        instead: "privateLink: { allow: [\"222233334444\"], notifications: { emails: [team@example.com] } }",
        source: "Amazon SNS API reference, Subscribe"
    }
    NOBODY_NOTIFIED = "RF0421", "nobody-notified", Warning {
        summary: "Connections that wait for somebody who does not hear of them",
        why: "While acceptance is manual, a connection stays pending until somebody accepts it; a notification tells that there is one.",
        example: "privateLink: { allow: [\"222233334444\"], notifications: { enabled: false } }",
        instead: "privateLink: { allow: [\"222233334444\"], notifications: { enabled: true } }",
        source: "AWS PrivateLink guide, receive alerts for endpoint service events"
    }
}
