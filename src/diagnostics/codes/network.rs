//! Codes RF01xx: networks and endpoints.

super::codes! {
    UNKNOWN_ZONES = "RF0101", "unknown-zones", Error {
        summary: "More Availability Zones than an account is known to see in the Region",
        why: "A stack that asks for a zone which the account does not see fails.",
        example: "network: { azs: 5 }",
        instead: "network: { azs: [eu-west-1a, eu-west-1b, eu-west-1c] }",
        source: "AWS documentation, Regions and Availability Zones"
    }
}
