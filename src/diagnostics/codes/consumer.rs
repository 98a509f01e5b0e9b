//! Codes RF05xx: consumers.

super::codes! {
    NOT_ALLOWED = "RF0501", "consumer-not-allowed", Error {
        summary: "A consumer whose account is not allowed to connect",
        why: "It would be told that the service does not exist. That holds for the provider's own account too.",
        example: "privateLink: { allow: [\"333344445555\"] }\nconsumers: { orders: { account: \"222233334444\" } }",
        instead: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\" } }",
        source: "AWS PrivateLink guide, configure an endpoint service"
    }
    VPC_NOT_ALLOWED = "RF0502", "consumer-vpc-not-allowed", Error {
        summary: "A consumer in a VPC from which its account may not connect",
        why: "The provider accepts only endpoints in the VPCs that it allows.",
        example: "privateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0] }] }\nconsumers: { orders: { account: \"222233334444\", vpc: { id: vpc-0fedcba9876543210, cidrs: 10.30.0.0/16, subnets: [subnet-0123456789abcdef0] } } }",
        instead: "privateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0] }] }\nconsumers: { orders: { account: \"222233334444\", vpc: { id: vpc-0123456789abcdef0, cidrs: 10.30.0.0/16, subnets: [subnet-0123456789abcdef0] } } }",
        source: "the allow-list of the spec"
    }
    REGION_NOT_SUPPORTED = "RF0503", "consumer-region-not-supported", Error {
        summary: "A consumer in a Region from which the service cannot be used",
        why: "An endpoint service can be used from other Regions only when it names them.",
        example: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", region: eu-central-1 } }",
        instead: "privateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }\nconsumers: { orders: { account: \"222233334444\", region: eu-central-1 } }",
        source: "AWS PrivateLink guide, share your services"
    }
    OTHER_PARTITION = "RF0504", "consumer-in-another-partition", Error {
        summary: "A consumer in another partition of AWS",
        why: "PrivateLink stays within a partition, such as the Regions in China or GovCloud.",
        example: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", region: us-gov-west-1 } }",
        instead: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", region: eu-west-1 } }",
        source: "AWS PrivateLink guide, share your services"
    }
    REGION_UNKNOWN = "RF0505", "provider-region-unknown", Error {
        summary: "A consumer with a Region while that of the service is not known",
        why: "An endpoint to another Region must name it, and that cannot be changed later.",
        example: "env: {}\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", region: eu-west-1 } }",
        instead: "env: { region: eu-west-1 }\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", region: eu-west-1 } }",
        source: "CloudFormation template reference, AWS::EC2::VPCEndpoint"
    }
    ZONES_WITHOUT_REGIONS = "RF0506", "consumer-zones-without-regions", Warning {
        summary: "A consumer in a Region where some Availability Zones offer no access to other Regions",
        why: "In a few Availability Zones, named by their IDs, an endpoint to another Region cannot be made. Which name an account has for them differs.",
        example: "privateLink: { allow: [\"222233334444\"], regions: [us-east-1] }\nconsumers: { orders: { account: \"222233334444\", region: us-east-1 } }",
        instead: "privateLink: { allow: [\"222233334444\"], regions: [us-east-2] }\nconsumers: { orders: { account: \"222233334444\", region: us-east-2 } }",
        source: "AWS PrivateLink guide, share your services"
    }
    BAD_PLACE = "RF0507", "bad-consumer-vpc", Error {
        summary: "A VPC or subnets in which there cannot be an endpoint",
        why: "An endpoint is in a VPC, by ID, and in one subnet of each of its Availability Zones.",
        example: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", vpc: { id: vpc-0123456789abcdef0, cidrs: 10.30.0.0/16, subnets: [] } } }",
        instead: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", vpc: { id: vpc-0123456789abcdef0, cidrs: 10.30.0.0/16, subnets: [subnet-0123456789abcdef0] } } }",
        source: "Amazon EC2 API reference, CreateVpcEndpoint"
    }
    PORT_UNKNOWN = "RF0508", "consumer-port-unknown", Error {
        summary: "A port of the service that the consumer stack cannot know",
        why: "The consumer's security group admits clients on the ports of the listeners, and no reference of CloudFormation reaches from its stack into that of the provider.",
        example: "listeners: [{ port: { Ref: Port }, to: api }]\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\" } }",
        instead: "listeners: [{ port: 443, to: api }]\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\" } }",
        source: "CloudFormation user guide, intrinsic functions"
    }
    ENDPOINT_ADDRESSES = "RF0509", "consumer-endpoint-addresses", Error {
        summary: "An endpoint with addresses that the service does not take",
        why: "AWS refuses the endpoint.",
        example: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", ipType: dualstack } }",
        instead: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack }\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", ipType: dualstack } }",
        source: "AWS PrivateLink guide, share your services"
    }
    CLIENT_NOT_ADMITTED = "RF0510", "client-not-admitted", Error {
        summary: "Clients of a consumer that the security group of the load balancer does not admit",
        why: "While the group is enforced on PrivateLink, it is compared with the address that the client has in its own VPC; other connections are dropped without a word.",
        example: "loadBalancer: { enforcePrivateLink: true }\nprivateLink: { allow: [{ account: \"222233334444\", cidrs: [10.30.0.0/16] }] }\nconsumers: { orders: { account: \"222233334444\", clients: [10.31.0.0/16] } }",
        instead: "loadBalancer: { enforcePrivateLink: true }\nprivateLink: { allow: [{ account: \"222233334444\", cidrs: [10.30.0.0/16] }] }\nconsumers: { orders: { account: \"222233334444\", clients: [10.30.4.0/24] } }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security groups"
    }
    ALIAS_TAKEN = "RF0511", "alias-taken", Error {
        summary: "An alias that the consumer's VPC cannot have",
        why: "For a private DNS name AWS makes a hosted zone in the consumer's VPC, and a second one with the same name is refused. An alias is one name, not a wildcard.",
        example: "privateLink: { allow: [\"222233334444\"], privateDns: { name: payments.example.com, verified: true } }\nconsumers: { orders: { account: \"222233334444\", alias: payments.example.com } }",
        instead: "privateLink: { allow: [\"222233334444\"], privateDns: { name: payments.example.com, verified: true } }\nconsumers: { orders: { account: \"222233334444\" } }",
        source: "Amazon Route 53 API reference, AssociateVPCWithHostedZone"
    }
    NAME_NOT_CERTIFIED = "RF0512", "name-not-certified", Warning {
        summary: "TLS clients that call the service by a name which its certificate cannot have",
        why: "The names of endpoints are in a domain of AWS, for which the provider gets no certificate. Clients that check the certificate refuse the connection.",
        example: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" } }]\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\" } }",
        instead: "listeners: [{ port: 443, to: api, tls: { certificate: \"arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000\" } }]\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", alias: payments.example.com } }",
        source: "Elastic Load Balancing user guide for Network Load Balancers, server certificates"
    }
    UDP_ACROSS_REGIONS = "RF0513", "consumer-udp-across-regions", Warning {
        summary: "A consumer that uses UDP from another Region",
        why: "Across Regions PrivateLink does not carry fragments of UDP datagrams, so large ones are lost.",
        example: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack, dualStackTasks: true }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }\nprivateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }\nconsumers: { orders: { account: \"222233334444\", region: eu-central-1 } }",
        instead: "network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack, dualStackTasks: true }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: { port: 8080 } } }\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\" } }",
        source: "AWS PrivateLink guide, share your services"
    }
    BAD_CREATOR = "RF0514", "bad-creator-role", Error {
        summary: "A role that cannot get the policy, because it is no role name or named twice",
        why: "CloudFormation attaches a policy to roles by their names.",
        example: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", creatorRoles: [\"arn:aws:iam::222233334444:role/deployer\"] } }",
        instead: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", creatorRoles: [deployer] } }",
        source: "CloudFormation template reference, AWS::IAM::ManagedPolicy"
    }
    READER_UNKNOWN = "RF0515", "reader-unknown", Error {
        summary: "A service name that is to be read from a stack in an account that is not known",
        why: "To read an output across accounts, the consumer stack assumes a role of the provider, which it must name.",
        example: "env: { region: eu-west-1 }\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", serviceName: stack-output } }",
        instead: "env: { account: \"111122223333\", region: eu-west-1 }\nprivateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", serviceName: stack-output } }",
        source: "CloudFormation template reference, Fn::GetStackOutput"
    }
    BAD_READER = "RF0516", "bad-reader-role", Error {
        summary: "Something else than a role of the provider to read the service name with",
        why: "The role must be able to read the provider stack, so it is in the provider's account.",
        example: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", serviceName: stack-output, readerRole: \"arn:aws:iam::222233334444:role/reader\" } }",
        instead: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\", serviceName: stack-output, readerRole: \"arn:aws:iam::111122223333:role/reader\" } }",
        source: "CloudFormation template reference, Fn::GetStackOutput"
    }
    NOTHING_SHARED = "RF0517", "nothing-shared", Error {
        summary: "A consumer of a spec that shares nothing",
        why: "Without an endpoint service there is nothing to connect to.",
        example: "consumers: { orders: { account: \"222233334444\" } }",
        instead: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\" } }",
        source: "AWS PrivateLink guide, share your services"
    }
}
