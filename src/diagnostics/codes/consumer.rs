//! Codes RF05xx: consumers.

super::codes! {
    NOT_ALLOWED = "RF0501", "consumer-not-allowed", Error {
        summary: "A consumer whose account is not allowed to connect",
        why: "It would be told that the service does not exist.",
        example: "consumers: { orders: { account: \"222233334444\" } }",
        instead: "privateLink: { allow: [\"222233334444\"] }\nconsumers: { orders: { account: \"222233334444\" } }",
        source: "AWS PrivateLink guide, configure an endpoint service"
    }
}
