//! Codes RF02xx: services, tasks and what they need.

super::codes! {
    NO_IMAGE = "RF0201", "no-image", Error {
        summary: "A service without an image",
        why: "A task has to run something: give exactly one of `image` and `build`.",
        example: "services: { api: { port: 8080 } }",
        instead: "services: { api: { image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1, port: 8080 } }",
        source: "Amazon ECS developer guide, task definition parameters"
    }
}
