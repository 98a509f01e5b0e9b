//! Codes RF04xx: sharing through PrivateLink.

super::codes! {
    BAD_PRINCIPAL = "RF0401", "bad-principal", Error {
        summary: "A principal that an endpoint service cannot allow",
        why: "The deployment would fail, or nobody could connect.",
        example: "privateLink: { allow: [vpc-0123456789abcdef0] }",
        instead: "privateLink: { allow: [{ account: \"111122223333\", vpcs: [vpc-0123456789abcdef0] }] }",
        source: "AWS PrivateLink guide, configure an endpoint service"
    }
}
