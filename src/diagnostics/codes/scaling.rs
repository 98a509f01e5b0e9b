//! Codes RF025x: how many tasks run, and how they are replaced.

super::codes! {
    SCALE_LIMITS = "RF0250", "scale-limits", Error {
        summary: "Scaling limits that contradict each other",
        why: "Application Auto Scaling refuses a smallest number above the largest.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 5, max: 2, cpu: 60 } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 2, max: 5, cpu: 60 } } }",
        source: "Application Auto Scaling API reference, RegisterScalableTarget"
    }
    SCALE_WITHOUT_MAX = "RF0251", "scale-without-max", Error {
        summary: "A scaling target without a largest number of tasks",
        why: "Without `max` the number of tasks is fixed, and the target would do nothing.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 2, cpu: 60 } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 2, max: 6, cpu: 60 } } }",
        source: "Application Auto Scaling user guide, target tracking scaling policies"
    }
    SCALE_WITHOUT_TARGET = "RF0252", "scale-without-target", Error {
        summary: "A largest number of tasks that nothing ever makes use of",
        why: "Without a target or a schedule the service stays at its smallest number.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 2, max: 6 } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 2, max: 6, cpu: 60 } } }",
        source: "Application Auto Scaling user guide, target tracking scaling policies"
    }
    BAD_SCHEDULE = "RF0253", "bad-schedule", Error {
        summary: "A schedule that cannot be read, or that changes nothing",
        why: "Application Auto Scaling refuses it.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 2, max: 6, schedules: { night: { when: \"cron(0 20 * * *)\", min: 2 } } } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 2, max: 6, schedules: { night: { when: \"cron(0 20 * * ? *)\", min: 2 } } } } }",
        source: "Application Auto Scaling user guide, scheduled scaling"
    }
    STUCK_DEPLOYMENT = "RF0254", "stuck-deployment", Error {
        summary: "Deployment percentages with which no task can ever be replaced",
        why: "All tasks must keep running and none may be added, so a deployment never gets anywhere.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, deployment: { minHealthyPercent: 100, maxPercent: 100, azRebalancing: false } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, deployment: { minHealthyPercent: 100, maxPercent: 200 } } }",
        source: "Amazon ECS developer guide, service deployment parameters"
    }
    NO_ROOM_TO_REBALANCE = "RF0255", "no-room-to-rebalance", Error {
        summary: "Rebalancing over the zones without room for another task",
        why: "ECS starts the new task before it stops the old one, and refuses the service when it may not.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, deployment: { minHealthyPercent: 50, maxPercent: 100 } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, deployment: { minHealthyPercent: 50, maxPercent: 200 } } }",
        source: "Amazon ECS developer guide, service rebalancing"
    }
    NO_CAPACITY = "RF0256", "no-capacity", Error {
        summary: "Weights with which no task can be placed",
        why: "A capacity provider strategy needs a provider with a weight above zero.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, spot: { weight: 0, onDemandWeight: 0, base: 1 } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, spot: { weight: 3, onDemandWeight: 1, base: 1 } } }",
        source: "Amazon ECS API reference, CapacityProviderStrategyItem"
    }
    ALL_ON_SPOT = "RF0259", "all-on-spot", Warning {
        summary: "A service all of whose tasks may be interrupted at the same time",
        why: "AWS takes Spot capacity back with two minutes' notice, from all tasks at once if need be, and there may be no other.",
        example: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, spot: { weight: 1, onDemandWeight: 0 } } }",
        instead: "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, spot: { weight: 1, onDemandWeight: 0, base: 2 } } }",
        source: "Amazon ECS developer guide, Fargate capacity providers"
    }
    FEWER_TASKS_THAN_ZONES = "RF0257", "fewer-tasks-than-zones", Warning {
        summary: "Fewer tasks than zones, where each zone serves only itself",
        why: "Without cross-zone load balancing the consumers in a zone without a task get no answer.",
        example: "loadBalancer: { crossZone: false }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 1 } } }",
        instead: "loadBalancer: { crossZone: true }\nservices: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, scale: { min: 1 } } }",
        source: "Network Load Balancers guide, cross-zone load balancing"
    }
    TOO_MANY_TARGET_GROUPS = "RF0258", "too-many-target-groups", Error {
        summary: "More listeners to one service than ECS registers its tasks with",
        why: "A service takes at most five target groups, and each listener has one.",
        example: "listeners: [{ port: 1, to: api }, { port: 2, to: api }, { port: 3, to: api }, { port: 4, to: api }, { port: 5, to: api }, { port: 6, to: api }]",
        instead: "listeners: [{ port: 1, to: api }, { port: 2, to: api }]",
        source: "Amazon ECS developer guide, service quotas"
    }
}
