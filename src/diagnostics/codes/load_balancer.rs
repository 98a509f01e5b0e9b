//! Codes RF03xx: load balancers and listeners.

super::codes! {
    UNKNOWN_SERVICE = "RF0301", "unknown-service", Error {
        summary: "A listener that leads to a service which is not in the spec",
        why: "There is nothing to send connections to.",
        example: "listeners: [{ port: 443, to: apo }]",
        instead: "listeners: [{ port: 443, to: api }]",
        source: "the services of the spec"
    }
}
