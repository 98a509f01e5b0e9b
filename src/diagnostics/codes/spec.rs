//! Codes RF00xx: what is wrong with the text of a spec or template.

super::codes! {
    SYNTAX = "RF0001", "syntax", Error {
        summary: "The file is not well-formed YAML or JSON",
        why: "Nothing can be said about a file that cannot be read.",
        example: "name: [payments",
        instead: "name: payments",
        source: "YAML 1.2.2; RFC 8259"
    }
    UNKNOWN_KEY = "RF0002", "unknown-key", Error {
        summary: "A key that the spec does not have",
        why: "A key that is misspelt would otherwise be ignored, and the setting with it.",
        example: "name: payments\nnetwrok: { cidr: 10.0.0.0/16 }",
        instead: "name: payments\nnetwork: { cidr: 10.0.0.0/16 }",
        source: "the JSON Schema that `ringfence schema` prints"
    }
    MISSING_KEY = "RF0003", "missing-key", Error {
        summary: "A key that must be given is missing",
        why: "There is no safe default for it.",
        example: "listeners:\n  - { to: api }",
        instead: "listeners:\n  - { port: 443, to: api }",
        source: "the JSON Schema that `ringfence schema` prints"
    }
    WRONG_KIND = "RF0004", "wrong-kind", Error {
        summary: "A value of another kind than the key takes",
        why: "CloudFormation would refuse it, or take it for something else.",
        example: "env: { account: 111122223333 }",
        instead: "env: { account: \"111122223333\" }",
        source: "the JSON Schema that `ringfence schema` prints"
    }
    BAD_VALUE = "RF0005", "bad-value", Error {
        summary: "A value that AWS does not accept here",
        why: "The deployment would fail.",
        example: "network: { cidr: 10.0.0.0/33 }",
        instead: "network: { cidr: 10.0.0.0/16 }",
        source: "the CloudFormation resource specification"
    }
    OUT_OF_RANGE = "RF0006", "out-of-range", Error {
        summary: "A number outside the range that AWS accepts",
        why: "The deployment would fail.",
        example: "listeners: [{ port: 70000, to: api }]",
        instead: "listeners: [{ port: 443, to: api }]",
        source: "the CloudFormation resource specification"
    }
    DUPLICATE_CONSTRUCT = "RF0007", "duplicate-construct", Error {
        summary: "Two constructs with the same path",
        why: "Their logical IDs would be the same, and one would overwrite the other.",
        example: "scope.add(\"Vpc\", …); scope.add(\"Vpc\", …)",
        instead: "scope.add(\"Vpc\", …); scope.add(\"SecondVpc\", …)",
        source: "the CDK developer guide, construct identifiers"
    }
    TOO_MANY_RESOURCES = "RF0008", "too-many-resources", Error {
        summary: "More resources in a stack than CloudFormation takes",
        why: "The deployment would be refused as a whole.",
        example: "services: # sixty of them",
        instead: "services: # thirty of them, and a second spec with the others",
        source: "AWS CloudFormation user guide, quotas"
    }
    TEMPLATE_TOO_LARGE = "RF0009", "template-too-large", Error {
        summary: "A template with more bytes than CloudFormation takes",
        why: "The deployment would be refused as a whole. With `synthesizer: bootstrapless` a template must fit into the request, or the CDK CLI must find the bucket of a bootstrapped environment.",
        example: "stack: { synthesizer: bootstrapless } # and several services",
        instead: "stack: { synthesizer: bootstrapless } # after `cdk bootstrap aws://111122223333/eu-west-1`",
        source: "AWS CloudFormation user guide, quotas"
    }
}
