//! An endpoint service is handed to other stacks by an export.

use crate::diagnostics::{Mend, Root};
use crate::model::{Attribute, EndpointService, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1705", "endpoint-service-exported", Info {
        pitfalls: [103],
        summary: "The ID or name of an endpoint service in an export",
        why: "While another stack imports it, an export cannot change: every update that replaces the endpoint service fails. \
              Stacks of other accounts and Regions cannot import it at all, and consumers are mostly there.",
        example: "Resources:
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties:
      NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef]
      AcceptanceRequired: true
Outputs:
  Service: { Value: !Ref Share, Export: { Name: payments-service } }
",
        instead: "Resources:
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties:
      NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef]
      AcceptanceRequired: true
Outputs:
  Service: { Value: !Ref Share }
",
        source: "AWS CloudFormation user guide, exported stack output values",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (index, template) in (0..).zip(model.evaluation().app().templates()) {
        for output in template.outputs().iter().filter(|output| output.export.is_some()) {
            let Some(value) = output.value else { continue };
            let node = model.evaluation().node(index, value);
            let attribute =
                node.attribute().or_else(|| node.resource().map(|resource| Attribute { resource, name: "" }));
            let service = attribute.and_then(|attribute| model.view::<EndpointService<'a>>(attribute.resource));
            if let Some(service) = service {
                let name = output.name;
                let is_here = service.id().template == index;
                let mend = Mend::leaving_out(false, &format!("Outputs/{name}/Export"));
                findings
                    .report(service.id(), "", format!("the output `{name}` exports the endpoint service"))
                    .mend_by(is_here.then(|| mend.at(Root::Template)))
                    .help("leave `Export` out, and give consumers the name of the service as a parameter");
            }
        }
    }
}
