//! Codes RF002x: what is checked, how it is configured, and what is suppressed.

super::codes! {
    UNUSED_SUPPRESSION = "RF0020", "unused-suppression", Warning {
        summary: "A suppression that suppresses nothing",
        why: "It would hide the next finding of its rule, which nobody has looked at.",
        example: "# ringfence.toml\n[[suppress]]\nrule = \"RF0203\"\nreason = \"mended long ago\"",
        instead: "# ringfence.toml, without the entry",
        source: "this project's own convention"
    }
    SUPPRESSION_WITHOUT_REASON = "RF0021", "suppression-without-reason", Error {
        summary: "A suppression that does not say why",
        why: "Whoever reads it later cannot tell whether it still holds.",
        example: "# ringfence.toml\n[[suppress]]\nrule = \"RF0203\"",
        instead: "# ringfence.toml\n[[suppress]]\nrule = \"RF0203\"\nreason = \"the registry is reached through a proxy in the VPC\"",
        source: "this project's own convention"
    }
    UNKNOWN_RULE = "RF0022", "unknown-rule", Error {
        summary: "A code that no rule has",
        why: "A code that is misspelt would change nothing, and nobody would notice.",
        example: "# ringfence.toml\n[rules]\nRF9999 = \"off\"",
        instead: "# ringfence.toml\n[rules]\nRF0203 = \"off\"",
        source: "the list that `ringfence explain codes` prints"
    }
    BAD_CONFIGURATION = "RF0023", "bad-configuration", Error {
        summary: "A configuration file that does not say what it could",
        why: "A setting that is misspelt would be ignored, and findings be judged otherwise than was meant.",
        example: "# ringfence.toml\n[rule]\nRF0203 = \"off\"",
        instead: "# ringfence.toml\n[rules]\nRF0203 = \"off\"",
        source: "the chapter on configuration in the README"
    }
    UNKNOWN_INPUT = "RF0024", "unknown-input", Error {
        summary: "A file that is neither a spec nor a template",
        why: "There is nothing to check in it.",
        example: "version: 2\njobs: []",
        instead: "name: payments\nservices:\n  api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080 }",
        source: "the template anatomy in the CloudFormation user guide; the JSON Schema that `ringfence schema` prints"
    }
    BAD_ASSEMBLY = "RF0025", "bad-assembly", Error {
        summary: "A cloud assembly that is not complete",
        why: "What its missing parts hold cannot be checked.",
        example: "a manifest.json that names a template which is not in the folder",
        instead: "the folder as `cdk synth` wrote it",
        source: "npm package @aws-cdk/cloud-assembly-schema"
    }
    UNREADABLE_INPUT = "RF0026", "unreadable-input", Error {
        summary: "An input that cannot be read",
        why: "It is not there, or may not be read, or is too large: nothing was checked.",
        example: "ringfence check --format json no-such-file.yaml",
        instead: "ringfence check --format json hello.yaml",
        source: "the chapter on checking in the README"
    }
}
