//! An endpoint policy that controls nothing.

use super::policies::is_full_access;
use crate::diagnostics::Mend;
use crate::model::policy::PolicyDocument;
use crate::model::{Endpoint, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1320", "policy-without-effect", Warning {
        pitfalls: [61],
        summary: "A policy of an endpoint for a service that takes none",
        why: "Endpoints for services of others than AWS always allow full access. A policy there controls nothing, or \
              is refused.",
        example: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      PolicyDocument:
        Statement: [{ Effect: Allow, Principal: \"*\", Action: \"s3:GetObject\", Resource: \"arn:aws:s3:::reports/*\" }]
",
        instead: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
",
        source: "AWS PrivateLink guide, control access with endpoint policies",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.is_for_endpoint_service()) {
        let policy = endpoint.policy();
        if policy.is_absent()
            || policy.because().is_some()
            || is_full_access(&PolicyDocument::read(model, &policy), "").is_some()
        {
            continue;
        }
        findings
            .report(
                endpoint.id(),
                "PolicyDocument",
                "endpoints for services of others than AWS always allow full access, whatever their policy says",
            )
            .help("remove the policy; limit callers with the security group of the endpoint, or in the service itself")
            .mend(Mend::safe("remove `PolicyDocument`, which has no effect").remove("PolicyDocument"));
    }
}
