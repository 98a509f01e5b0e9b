//! Codes RF020x to RF024x: services, tasks and what they need.

super::codes! {
    NO_IMAGE = "RF0201", "no-image", Error {
        summary: "A service without an image",
        why: "A task has to run something: give exactly one of `image` and `build`.",
        example: "services: { api: { port: 8080 } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080 } }",
        source: "Amazon ECS developer guide, task definition parameters"
    }
    BAD_IMAGE = "RF0202", "bad-image", Error {
        summary: "A text that does not name an image",
        why: "No registry would know what is meant, and no task would start.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/Api:1\", port: 8080 } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080 } }",
        source: "Amazon ECR API reference, CreateRepository; the reference grammar of the Distribution project"
    }
    UNREACHABLE_IMAGE = "RF0203", "unreachable-image", Error {
        summary: "An image in a registry to which no endpoint leads",
        why: "Tasks have no way to the internet. Endpoints lead to private ECR repositories only, by their plain host name; Docker Hub, GitHub, ECR Public and the dual-stack names of ECR are out of reach.",
        example: "services: { api: { image: \"public.ecr.aws/nginx/nginx:1.27\", port: 8080 } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecr-public/nginx/nginx:1.27\", port: 8080 } }",
        source: "Amazon ECR user guide, interface VPC endpoints; pull through cache rules"
    }
    IMAGE_IN_ANOTHER_REGION = "RF0204", "image-in-another-region", Error {
        summary: "An image in the ECR of another Region",
        why: "Endpoints of ECR and S3 lead to their own Region only.",
        example: "env: { region: eu-west-1 }\nservices: { api: { image: \"111122223333.dkr.ecr.us-east-1.amazonaws.com/api:1\", port: 8080 } }",
        instead: "env: { region: eu-west-1 }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080 } }",
        source: "Amazon ECR user guide, interface VPC endpoints; private image replication"
    }
    UNKNOWN_REPOSITORY = "RF0205", "unknown-repository", Error {
        summary: "An image whose repository cannot be read off",
        why: "The role that pulls the image, and the endpoint through which it is pulled, are limited to its repository. When the image is known at deployment only, the repository has to be said.",
        example: "services: { api: { image: { \"Fn::ImportValue\": ApiImage }, port: 8080 } }",
        instead: "services: { api: { image: { \"Fn::ImportValue\": ApiImage }, repository: \"arn:aws:ecr:eu-west-1:111122223333:repository/api\", port: 8080 } }",
        source: "Amazon ECR user guide, identity-based policies"
    }
    BUILD_WITHOUT_BOOTSTRAP = "RF0206", "build-without-bootstrap", Error {
        summary: "An image to build, and no repository to push it to",
        why: "The CDK CLI pushes images to the repository of a bootstrapped environment. Without one there is none.",
        example: "stack: { synthesizer: bootstrapless }\nservices: { api: { build: { context: docker }, port: 8080 } }",
        instead: "stack: { synthesizer: bootstrapless }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080 } }",
        source: "AWS CDK developer guide, bootstrapping and stack synthesizers"
    }
    UNKNOWN_BUILD_CONTEXT = "RF0207", "unknown-build-context", Error {
        summary: "A folder to build from whose content is not known",
        why: "An image is called by what it is built from, so that a change makes a new one. The command reads the folder; a program that uses the library has to say what it hashes to.",
        example: "services: { api: { build: { context: no-such-folder }, port: 8080 } }",
        instead: "services: { api: { build: { context: docker }, port: 8080 } }",
        source: "AWS CDK developer guide, assets"
    }
    BAD_TASK_SIZE = "RF0208", "bad-task-size", Error {
        summary: "CPU and memory that Fargate does not offer together",
        why: "Each number of CPU units goes with certain amounts of memory; any other pair is refused.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, cpu: 256, memory: 4096 } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, cpu: 512, memory: 4096 } }",
        source: "Amazon ECS developer guide, task definition parameters, task size"
    }
    CONTAINERS_EXCEED_TASK = "RF0209", "containers-exceed-task", Error {
        summary: "Sidecars that are given more than the task has",
        why: "What containers reserve is taken from the task; ECS refuses a definition in which it does not fit.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, cpu: 256, memory: 512, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\", memory: 1024 } } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, cpu: 256, memory: 2048, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\", memory: 1024 } } } }",
        source: "Amazon ECS developer guide, task definition parameters, memory and CPU"
    }
    BAD_CONTAINER_NAME = "RF0210", "bad-container-name", Error {
        summary: "A sidecar whose name is taken by the main container, or cannot be one",
        why: "ECS tells the containers of a task apart by name. The main container has the name of the service.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, sidecars: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\" } } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\" } } } }",
        source: "Amazon ECS API reference, ContainerDefinition"
    }
    UNKNOWN_CONTAINER = "RF0211", "unknown-container", Error {
        summary: "A dependency on a container that the task does not have",
        why: "ECS refuses the definition.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, dependsOn: { lgo: start }, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\" } } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, dependsOn: { log: start }, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\" } } } }",
        source: "Amazon ECS API reference, ContainerDependency"
    }
    IMPOSSIBLE_CONDITION = "RF0212", "impossible-condition", Error {
        summary: "A dependency on a state that the other container never reaches",
        why: "A container without a health check never becomes healthy, and when an essential container ends, the task ends with it.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, dependsOn: { log: healthy }, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\" } } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, dependsOn: { log: healthy }, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\", health: { command: [\"true\"] } } } } }",
        source: "Amazon ECS API reference, ContainerDependency"
    }
    DEPENDENCY_CIRCLE = "RF0213", "dependency-circle", Error {
        summary: "Containers that wait for each other",
        why: "None of them ever starts; ECS refuses the definition.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, dependsOn: { log: start }, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\", dependsOn: { api: start } } } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, dependsOn: { log: start }, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\" } } } }",
        source: "Amazon ECS API reference, ContainerDependency"
    }
    SHARED_PORT = "RF0214", "shared-port", Error {
        summary: "Two containers of a task on one port",
        why: "The containers of a task share one network interface, so the second cannot listen.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\", port: 8080 } } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, sidecars: { log: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/log:1\", port: 9090 } } } }",
        source: "Amazon ECS developer guide, task networking for Fargate"
    }
    BAD_VARIABLE = "RF0215", "bad-variable", Error {
        summary: "An environment variable that is set twice or cannot be named so",
        why: "ECS refuses a secret or parameter with the name of another variable.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, environment: { DB_HOST: db.internal }, parameters: { DB_HOST: /prod/db/host } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, parameters: { DB_HOST: /prod/db/host } } }",
        source: "Amazon ECS API reference, Secret and KeyValuePair"
    }
    BAD_WRITABLE_PATH = "RF0216", "bad-writable-path", Error {
        summary: "A writable folder that no volume can be mounted at",
        why: "A volume is mounted at one whole path inside the container.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, writablePaths: [tmp] } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, writablePaths: [/tmp] } }",
        source: "Amazon ECS developer guide, bind mounts"
    }
    BAD_CONTAINER_HEALTH = "RF0217", "bad-container-health", Error {
        summary: "A container health check without a command",
        why: "There is nothing that could succeed or fail; ECS refuses the definition.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, containerHealth: { command: [] } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, containerHealth: { command: [\"curl -f http://localhost:8080/healthz || exit 1\"] } } }",
        source: "Amazon ECS API reference, HealthCheck"
    }
    SLOW_CONTAINER_HEALTH = "RF0218", "slow-container-health", Warning {
        summary: "A container health check that may take longer than the time between two checks",
        why: "Checks would pile up, and a container that hangs is found out later than the interval says.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, containerHealth: { command: [\"true\"], interval: 5, timeout: 10 } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, containerHealth: { command: [\"true\"], interval: 15, timeout: 10 } } }",
        source: "Amazon ECS API reference, HealthCheck"
    }
    EXEC_WITH_READ_ONLY_ROOT = "RF0219", "exec-with-read-only-root", Warning {
        summary: "ECS Exec in a container whose root file system is read-only",
        why: "The agent behind ECS Exec writes to the file system, and AWS does not support it on a read-only one. The folders that the agent writes to are made writable, which users report to work, but nobody warrants it.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, exec: true } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, exec: true, readOnlyRootFilesystem: false } }",
        source: "Amazon ECS developer guide, monitor Amazon ECS containers with ECS Exec, considerations"
    }
    BAD_SECRET_REFERENCE = "RF0220", "bad-secret-reference", Error {
        summary: "A reference that does not lead to a secret",
        why: "The agent that starts the task reads the secret by its ARN, and no task starts when it cannot.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, secrets: { DB: \"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf:password\" } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, secrets: { DB: \"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf:password::\" } } }",
        source: "Amazon ECS developer guide, pass Secrets Manager secrets through environment variables"
    }
    PARTIAL_SECRET_ARN = "RF0221", "partial-secret-arn", Warning {
        summary: "The ARN of a secret without the six characters at its end",
        why: "Secrets Manager finds the secret by what there is of the ARN, but may find another one whose name goes on alike, and ECS documents the whole ARN only.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, secrets: { DB: \"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db\" } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, secrets: { DB: \"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf\" } } }",
        source: "Secrets Manager API reference, GetSecretValue"
    }
    BAD_PARAMETER_REFERENCE = "RF0222", "bad-parameter-reference", Error {
        summary: "A reference that does not lead to a parameter",
        why: "The agent that starts the task reads the parameter by its name or ARN, and no task starts when it cannot.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, parameters: { DB: prod/db/host } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, parameters: { DB: /prod/db/host } } }",
        source: "AWS Systems Manager API reference, PutParameter"
    }
    IN_ANOTHER_REGION = "RF0223", "in-another-region", Error {
        summary: "A secret, parameter or key of another Region",
        why: "Endpoints lead to their own Region only, and a key serves its own.",
        example: "env: { region: eu-west-1 }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, secrets: { DB: \"arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf\" } } }",
        instead: "env: { region: eu-west-1 }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, secrets: { DB: \"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf\" } } }",
        source: "Secrets Manager user guide, replicate secrets across Regions"
    }
    BAD_KEY = "RF0224", "bad-key", Error {
        summary: "A text that is not the ARN of a KMS key",
        why: "Policies and resources know a key by its own ARN; that of an alias allows nothing.",
        example: "cluster: { execKey: \"arn:aws:kms:eu-west-1:111122223333:alias/exec\" }",
        instead: "cluster: { execKey: \"arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000\" }",
        source: "AWS KMS developer guide, specifying KMS keys in IAM policy statements"
    }
    BAD_RETENTION = "RF0225", "bad-retention", Error {
        summary: "A number of days for which CloudWatch Logs keeps no log",
        why: "CloudWatch Logs has a fixed list of retentions and refuses any other.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, logs: { retentionDays: 100 } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, logs: { retentionDays: 120 } } }",
        source: "Amazon CloudWatch Logs API reference, PutRetentionPolicy"
    }
    BAD_PERMISSION = "RF0226", "bad-permission", Error {
        summary: "A permission that IAM would refuse",
        why: "An action is the prefix of a service, a colon and a name; conditions are a map of operators.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, aws: [sqs], permissions: [{ actions: SendMessage, resources: \"arn:aws:sqs:eu-west-1:111122223333:orders\" }] } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, aws: [sqs], permissions: [{ actions: \"sqs:SendMessage\", resources: \"arn:aws:sqs:eu-west-1:111122223333:orders\" }] } }",
        source: "IAM user guide, IAM JSON policy elements"
    }
    BROAD_PERMISSION = "RF0227", "broad-permission", Warning {
        summary: "A permission on everything, for an action that can be limited",
        why: "A task that is taken over may do all that its role may. The service lets the action be limited to resources.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, aws: [sqs], permissions: [{ actions: \"sqs:SendMessage\", resources: \"*\" }] } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, aws: [sqs], permissions: [{ actions: \"sqs:SendMessage\", resources: \"arn:aws:sqs:eu-west-1:111122223333:orders\" }] } }",
        source: "IAM user guide, security best practices, apply least-privilege permissions"
    }
    PERMISSION_WITHOUT_ENDPOINT = "RF0228", "permission-without-endpoint", Warning {
        summary: "A permission for a service of AWS to which no endpoint leads",
        why: "The tasks may call the service, and cannot reach it.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, permissions: [{ actions: \"sqs:SendMessage\", resources: \"arn:aws:sqs:eu-west-1:111122223333:orders\" }] } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, aws: [sqs], permissions: [{ actions: \"sqs:SendMessage\", resources: \"arn:aws:sqs:eu-west-1:111122223333:orders\" }] } }",
        source: "AWS PrivateLink guide, access AWS services through AWS PrivateLink"
    }
    BAD_CLUSTER = "RF0229", "bad-cluster", Error {
        summary: "A text that does not name a cluster",
        why: "A cluster is known by its name or its ARN.",
        example: "cluster: { existing: \"arn:aws:ecs:eu-west-1:111122223333:service/main/api\" }",
        instead: "cluster: { existing: \"arn:aws:ecs:eu-west-1:111122223333:cluster/main\" }",
        source: "Amazon ECS API reference, CreateService"
    }
    IGNORED_CLUSTER_SETTING = "RF0230", "ignored-cluster-setting", Warning {
        summary: "A setting for a cluster that somebody else has made",
        why: "The stack does not change a cluster that it does not own.",
        example: "cluster: { existing: main, containerInsights: enhanced }",
        instead: "cluster: { existing: main }",
        source: "Amazon ECS API reference, UpdateClusterSettings"
    }
    SHORT_STOP_TIMEOUT = "RF0233", "short-stop-timeout", Warning {
        summary: "Tasks that are killed while the load balancer may still send to them",
        why: "A load balancer goes on sending for a while to a task that was told to stop. What it sends to a task that is gone is lost.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, stopTimeout: 30 } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, stopTimeout: 120 } }",
        source: "Network Load Balancers guide, deregistration delay; AWS containers roadmap, issue 470"
    }
    BAD_SECRET_TEMPLATE = "RF0231", "bad-secret-template", Error {
        summary: "A template to which no generated value can be added",
        why: "Secrets Manager adds the generated value to a JSON object under a key of its own.",
        example: "secrets: { db: { template: \"payments\" } }",
        instead: "secrets: { db: { template: \"{\\\"username\\\": \\\"payments\\\"}\" } }",
        source: "AWS::SecretsManager::Secret GenerateSecretString in the CloudFormation template reference"
    }
    BAD_ROTATION = "RF0232", "bad-rotation", Error {
        summary: "A rotation that Secrets Manager would refuse",
        why: "A rotation is done by one Lambda function of the same account and Region, either every so many days or by a schedule, at most every four hours.",
        example: "secrets: { db: { rotation: { function: \"arn:aws:lambda:eu-west-1:111122223333:function:rotate\", schedule: rate(1 hour) } } }",
        instead: "secrets: { db: { rotation: { function: \"arn:aws:lambda:eu-west-1:111122223333:function:rotate\", schedule: rate(12 hours) } } }",
        source: "Secrets Manager user guide, schedule expressions; API reference, RotateSecret"
    }
}
