//! Codes RF003x: what is said of a construct in a CDK app, whose values may be known at deployment only.

super::codes! {
    VALUE_NOT_KNOWN = "RF0030", "value-not-known", Info {
        summary: "A value that is known at deployment only, and is not checked",
        why: "Whether AWS accepts it, and whether it goes with the other settings, shows at deployment only. Nothing is wrong with that; it is said so that nobody takes silence for a check.",
        example: "new PrivateFargateService(this, 'Payments', { cpu: Token.asNumber(parameter), … })",
        instead: "new PrivateFargateService(this, 'Payments', { cpu: 512, … })",
        source: "the CDK developer guide, tokens"
    }
    UNTOLD_ENDPOINT = "RF0031", "untold-endpoint", Warning {
        summary: "A role that may do something for which no endpoint could be derived",
        why: "Tasks without a way to the internet reach a service of AWS through an endpoint or not at all. What `NotAction`, `*` or a service with several endpoints leads to cannot be told, and nothing is guessed.",
        example: "service.taskRole.addToPrincipalPolicy(new PolicyStatement({ notActions: ['iam:*'], resources: ['*'] }))",
        instead: "bucket.grantRead(service.taskRole)",
        source: "AWS PrivateLink guide, AWS services that integrate with AWS PrivateLink"
    }
    LIST_NOT_KNOWN = "RF0032", "list-not-known", Error {
        summary: "A list that is known at deployment only where its elements decide what is made",
        why: "There is a rule, a subnet or a zone for each element, so their number must be known when the template is made.",
        example: "clients: Fn.split(',', parameter.valueAsString)",
        instead: "clients: [Fn.select(0, Fn.split(',', parameter.valueAsString))]",
        source: "the CDK developer guide, tokens"
    }
    NOT_OF_CONSTRUCTS = "RF0033", "not-of-constructs", Error {
        summary: "A setting of a spec that a construct in a CDK app does not have",
        why: "The stack of the app says where it is deployed, and images are built as assets of the app.",
        example: "new PrivateFargateService(this, 'Payments', { env: { region: 'eu-west-1' }, … })",
        instead: "new Stack(app, 'Payments', { env: { region: 'eu-west-1' } })",
        source: "the CDK developer guide, environments and assets"
    }
}
