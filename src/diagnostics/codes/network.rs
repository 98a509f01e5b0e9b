//! Codes RF01xx: networks, flow logs and endpoints.

super::codes! {
    UNKNOWN_ZONES = "RF0101", "unknown-zones", Error {
        summary: "More Availability Zones than an account is known to see in the Region",
        why: "A stack that asks for a zone which the account does not see fails. Every account sees two zones in every Region; how many more there are is known for most Regions, but not for a stack without one.",
        example: "env: { region: eu-west-1 }\nnetwork: { azs: 4 }",
        instead: "env: { region: eu-west-1 }\nnetwork: { azs: [eu-west-1a, eu-west-1b, eu-west-1c] }",
        source: "AWS Regions and Availability Zones: global-infrastructure/latest/regions/aws-availability-zones"
    }
    VPC_SIZE = "RF0102", "vpc-size", Error {
        summary: "A range for the VPC that cannot be cut into eight subnets",
        why: "A VPC has a range from /16 to /28 and a subnet at least a /28. The range is cut into eight equal parts, so that a zone can be added later without moving a subnet; a /25 is the smallest that leaves a /28 for each.",
        example: "network: { cidr: 10.0.0.0/27 }",
        instead: "network: { cidr: 10.0.0.0/20 }",
        source: "Amazon VPC user guide: vpc/latest/userguide/vpc-cidr-blocks and subnet-sizing"
    }
    RESERVED_RANGE = "RF0103", "reserved-range", Error {
        summary: "A range that no VPC can have",
        why: "AWS refuses VPCs in the ranges for loopback, link-local and multicast addresses and in 0.0.0.0/8.",
        example: "network: { cidr: 169.254.0.0/16 }",
        instead: "network: { cidr: 10.0.0.0/16 }",
        source: "Amazon VPC user guide: vpc/latest/userguide/vpc-cidr-blocks"
    }
    DUPLICATE_ZONE = "RF0104", "duplicate-zone", Error {
        summary: "Two subnets in one Availability Zone",
        why: "A load balancer, and an endpoint, take at most one subnet in each zone; the deployment would fail.",
        example: "network: { azs: [eu-west-1a, eu-west-1a] }",
        instead: "network: { azs: [eu-west-1a, eu-west-1b] }",
        source: "Elastic Load Balancing: elasticloadbalancing/latest/network/availability-zones; AWS PrivateLink guide: vpc/latest/privatelink/create-interface-endpoint"
    }
    FOREIGN_ZONE = "RF0105", "foreign-zone", Error {
        summary: "An Availability Zone of another Region",
        why: "All subnets of a VPC are in the zones of its Region.",
        example: "env: { region: eu-west-1 }\nnetwork: { azs: [us-east-1a, us-east-1b] }",
        instead: "env: { region: eu-west-1 }\nnetwork: { azs: [eu-west-1a, eu-west-1b] }",
        source: "AWS Regions and Availability Zones: global-infrastructure/latest/regions/aws-availability-zones"
    }
    NOT_A_ZONE = "RF0106", "not-a-zone", Error {
        summary: "Something that is no Availability Zone",
        why: "A Network Load Balancer can be in Availability Zones only, not in Local Zones or Wavelength Zones.",
        example: "network: { azs: [us-west-2-lax-1a] }",
        instead: "network: { azs: [us-west-2a, us-west-2b] }",
        source: "Elastic Load Balancing: elasticloadbalancing/latest/network/availability-zones"
    }
    SINGLE_ZONE = "RF0107", "single-zone", Warning {
        summary: "A network with a single Availability Zone",
        why: "When the zone is impaired, everything is. AWS advises at least two zones for a service that is shared through PrivateLink.",
        example: "network: { azs: 1 }",
        instead: "network: { azs: 2 }",
        source: "AWS PrivateLink guide: vpc/latest/privatelink/privatelink-share-your-services"
    }
    NO_SUBNETS = "RF0108", "no-subnets", Error {
        summary: "An existing network without subnets",
        why: "Load balancer, endpoints and tasks each need a subnet in every zone where they are.",
        example: "network: { existing: { vpcId: vpc-0123456789abcdef0, cidrs: [10.0.0.0/16], subnets: [] } }",
        instead: "network:\n  existing:\n    vpcId: vpc-0123456789abcdef0\n    cidrs: [10.0.0.0/16]\n    subnets:\n      - { id: subnet-0123456789abcdef0, routeTable: rtb-0123456789abcdef0 }\n      - { id: subnet-0123456789abcdef1, routeTable: rtb-0123456789abcdef1 }",
        source: "Elastic Load Balancing: elasticloadbalancing/latest/network/availability-zones"
    }
    SUBNET_RANGE = "RF0109", "subnet-range", Error {
        summary: "A subnet whose range does not fit the VPC or another subnet",
        why: "The range of a subnet lies in a range of its VPC and overlaps no other subnet, so one of the ranges is wrong; security groups that name it would let the wrong addresses in.",
        example: "network:\n  existing:\n    vpcId: vpc-0123456789abcdef0\n    cidrs: [10.0.0.0/16]\n    subnets:\n      - { id: subnet-0123456789abcdef0, cidr: 10.1.0.0/24, routeTable: rtb-0123456789abcdef0 }\n      - { id: subnet-0123456789abcdef1, cidr: 10.0.1.0/24, routeTable: rtb-0123456789abcdef1 }",
        instead: "network:\n  existing:\n    vpcId: vpc-0123456789abcdef0\n    cidrs: [10.0.0.0/16]\n    subnets:\n      - { id: subnet-0123456789abcdef0, cidr: 10.0.0.0/24, routeTable: rtb-0123456789abcdef0 }\n      - { id: subnet-0123456789abcdef1, cidr: 10.0.1.0/24, routeTable: rtb-0123456789abcdef1 }",
        source: "Amazon VPC user guide: vpc/latest/userguide/subnet-sizing"
    }
    BAD_RESOURCE_ID = "RF0110", "bad-resource-id", Error {
        summary: "An ID of another kind of resource",
        why: "AWS would not find the resource.",
        example: "network:\n  existing:\n    vpcId: subnet-0123456789abcdef0\n    cidrs: [10.0.0.0/16]\n    subnets:\n      - { id: subnet-0123456789abcdef0, routeTable: rtb-0123456789abcdef0 }\n      - { id: subnet-0123456789abcdef1, routeTable: rtb-0123456789abcdef1 }",
        instead: "network:\n  existing:\n    vpcId: vpc-0123456789abcdef0\n    cidrs: [10.0.0.0/16]\n    subnets:\n      - { id: subnet-0123456789abcdef0, routeTable: rtb-0123456789abcdef0 }\n      - { id: subnet-0123456789abcdef1, routeTable: rtb-0123456789abcdef1 }",
        source: "Amazon EC2 user guide: AWSEC2/latest/UserGuide/resource-ids"
    }
    SUBNET_TOO_SMALL = "RF0111", "subnet-too-small", Error {
        summary: "A subnet without room for load balancer, endpoints and tasks",
        why: "AWS keeps five addresses of a subnet, a load balancer needs eight that are free, and each interface endpoint and each task takes one. When a subnet is full the deployment fails, or the service cannot grow.",
        example: "network: { cidr: 10.0.0.0/25 }",
        instead: "network: { cidr: 10.0.0.0/20 }",
        source: "Elastic Load Balancing: elasticloadbalancing/latest/network/availability-zones; Amazon VPC user guide: vpc/latest/userguide/subnet-sizing"
    }
    IGNORED_NETWORK_SETTING = "RF0112", "ignored-network-setting", Warning {
        summary: "A setting of new networks, for a network that exists already",
        why: "The range, the zones and IPv6 of an existing VPC are what they are; nothing comes of the setting.",
        example: "network: { azs: 3, existing: { vpcId: vpc-0123456789abcdef0, cidrs: [10.0.0.0/16], subnets: [{ id: subnet-0123456789abcdef0, routeTable: rtb-0123456789abcdef0 }] } }",
        instead: "network: { existing: { vpcId: vpc-0123456789abcdef0, cidrs: [10.0.0.0/16], subnets: [{ id: subnet-0123456789abcdef0, routeTable: rtb-0123456789abcdef0 }] } }",
        source: "Amazon VPC user guide"
    }
    UNKNOWN_ENDPOINT = "RF0120", "unknown-endpoint", Error {
        summary: "An endpoint of an AWS service that is not known",
        why: "The tasks have no other way to an AWS service than its endpoint, and the deployment would fail on a name that does not exist.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, aws: [secretmanager] } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, aws: [secretsmanager] } }",
        source: "AWS PrivateLink guide: vpc/latest/privatelink/aws-services-privatelink-support"
    }
    UNKNOWN_PREFIX_LIST = "RF0121", "unknown-prefix-list", Error {
        summary: "A Region whose managed prefix list is not known here",
        why: "Tasks are let out to the addresses of Amazon S3 (or DynamoDB) in their Region and nowhere else. A rule names them by the ID of a prefix list, which CloudFormation cannot look up.",
        example: "env: { region: me-west-1 }\nservices: { api: { image: \"111122223333.dkr.ecr.me-west-1.amazonaws.com/api:1\", port: 8080 } }",
        instead: "env: { region: me-west-1 }\nnetwork: { endpoints: { s3PrefixList: pl-0123456789abcdef0 } }\nservices: { api: { image: \"111122223333.dkr.ecr.me-west-1.amazonaws.com/api:1\", port: 8080 } }",
        source: "AWS PrivateLink guide: vpc/latest/privatelink/gateway-endpoints"
    }
    BAD_PREFIX_LIST = "RF0122", "bad-prefix-list", Error {
        summary: "Something that is not the ID of a prefix list",
        why: "A security group rule takes the ID, not the name.",
        example: "network: { endpoints: { s3PrefixList: com.amazonaws.eu-west-1.s3 } }",
        instead: "network: { endpoints: { s3PrefixList: pl-6da54004 } }",
        source: "Amazon VPC user guide: vpc/latest/userguide/working-with-aws-managed-prefix-lists"
    }
    TOO_MANY_ENDPOINTS = "RF0123", "too-many-endpoints", Error {
        summary: "More interface endpoints than a VPC can have",
        why: "A VPC has at most 50 interface endpoints unless AWS raises the quota.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, aws: [acm, acm-pca, appconfig, appconfigdata, application-autoscaling, aps-workspaces, athena, batch, bedrock, bedrock-agent-runtime, bedrock-runtime, cassandra, cloudformation, cognito-idp, comprehend, data-servicediscovery, ec2, ec2messages, ecs, ecs-agent, ecs-telemetry, elasticache, elasticfilesystem, elasticloadbalancing, email, events, execute-api, glue, guardduty-data, kafka, kinesis-firehose, kinesis-streams, kms, lambda, monitoring, polly, rds, rds-data, redshift-data, rekognition, sagemaker.runtime, scheduler, secretsmanager, servicecatalog, servicediscovery, sns, sqs, ssm, ssmmessages, states] } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, aws: [sqs, sns] } }",
        source: "AWS PrivateLink guide: vpc/latest/privatelink/vpc-limits-endpoints"
    }
    ENDPOINT_POLICY_TOO_LONG = "RF0124", "endpoint-policy-too-long", Error {
        summary: "An endpoint policy with more characters than AWS takes",
        why: "A policy that names every resource one by one can grow beyond 20,480 characters, white space included. The deployment would fail.",
        example: "services:\n  api:\n    image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\n    aws: [sqs]\n    permissions:\n      - actions: [sqs:SendMessage]\n        resources: # five hundred queues, one by one",
        instead: "services:\n  api:\n    image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\n    aws: [sqs]\n    permissions:\n      - actions: [sqs:SendMessage]\n        resources: \"arn:aws:sqs:eu-west-1:111122223333:orders-*\"",
        source: "AWS PrivateLink guide: vpc/latest/privatelink/vpc-endpoints-access"
    }
    FLOW_LOG_INTERVAL = "RF0131", "flow-log-interval", Error {
        summary: "An interval over which flow logs cannot sum up",
        why: "A record sums up one minute or ten minutes; the deployment would fail.",
        example: "network: { flowLogs: { aggregationSeconds: 300 } }",
        instead: "network: { flowLogs: { aggregationSeconds: 60 } }",
        source: "Amazon VPC user guide: vpc/latest/userguide/flow-log-records"
    }
    FLOW_LOG_BUCKET = "RF0132", "flow-log-bucket", Error {
        summary: "A bucket for flow logs that cannot be used as it is written",
        why: "A bucket is named by its ARN, perhaps with a folder that is not called `AWSLogs`, and it is used for the destination `s3` only. An existing bucket has an encryption of its own.",
        example: "network: { flowLogs: { bucket: \"arn:aws:s3:::flow-logs\" } }",
        instead: "network: { flowLogs: { destination: s3, bucket: \"arn:aws:s3:::flow-logs\" } }",
        source: "Amazon VPC user guide: vpc/latest/userguide/flow-logs-s3-permissions"
    }
    ALARM_ACTION = "RF0140", "alarm-action", Error {
        summary: "Something that an alarm cannot tell",
        why: "An alarm tells at most five topics of its own Region; the deployment would fail, or nobody would hear of anything.",
        example: "env: { region: eu-west-1 }\nalarms: { actions: [\"arn:aws:sns:us-east-1:111122223333:alerts\"] }",
        instead: "env: { region: eu-west-1 }\nalarms: { actions: [\"arn:aws:sns:eu-west-1:111122223333:alerts\"] }",
        source: "Amazon CloudWatch user guide: AmazonCloudWatch/latest/monitoring/cloudwatch_limits; Amazon CloudWatch API reference: PutMetricAlarm"
    }
}
