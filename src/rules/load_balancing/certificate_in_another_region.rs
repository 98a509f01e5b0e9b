//! A certificate that lies in another Region than the load balancer.

use super::indexed;
use crate::aws::Arn;
use crate::model::{Field, Function, Listener, ListenerCertificate, Model, Node, ResourceId, Value, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1126", "certificate-in-another-region", Error {
        pitfalls: [51, 104],
        summary: "A certificate of AWS Certificate Manager from another Region than the listener's",
        why: "Certificates are resources of one Region and cannot be used in another. Only CloudFront takes them from \
              us-east-1.",
        example: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TLS
      Certificates: [{ CertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        instead: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TLS
      Certificates: [{ CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        source: "AWS Certificate Manager user guide, supported Regions",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for listener in model.all::<Listener<'a>>() {
        certificates(model, findings, listener, listener);
    }
    for further in model.all::<ListenerCertificate<'a>>() {
        let listener = further.listener().known().and_then(|identity| model.find::<Listener<'a>>(&identity));
        if let Some(listener) = listener {
            certificates(model, findings, further, listener);
        }
    }
}

fn certificates<'a, V: View<'a>>(model: &'a Model<'a>, findings: &mut Findings<'_>, view: V, listener: Listener<'a>) {
    for (index, certificate) in indexed(model, &view.property("Certificates")) {
        let arn = certificate.get("CertificateArn");
        if let Some((region, place)) = of_mapping(model, view.id(), index) {
            findings
                .report(
                    view.id(),
                    format!("Certificates/{index}/CertificateArn"),
                    format!("the mapping gives a certificate in `{place}` for `{region}`"),
                )
                .help(format!("request or import the certificate in `{region}`"));
        }
        let (Some(place), Some(wanted)) = (region_of(model, &arn), region_of_listener(model, listener)) else {
            continue;
        };
        if place != wanted {
            findings
                .report(
                    view.id(),
                    format!("Certificates/{index}/CertificateArn"),
                    format!("the certificate is in `{place}`, the load balancer in `{wanted}`"),
                )
                .help(format!("request or import the certificate in `{wanted}`"));
        }
    }
}

/// The Region of the load balancer, or else of the target groups that the listener names.
fn region_of_listener<'a>(model: &'a Model<'a>, listener: Listener<'a>) -> Option<String> {
    let known = match listener.balancer() {
        Some(balancer) => balancer.home_region().map(std::borrow::Cow::into_owned),
        None => model.region_of(listener.id()).map(str::to_owned),
    };
    let named = || {
        let balancer = region_of(model, &listener.property("LoadBalancerArn"));
        balancer.or_else(|| listener.forwards_to().iter().find_map(|group| region_of(model, group)))
    };
    known.or_else(named)
}

/// The Region of what an ARN names.
fn region_of<'a>(model: &'a Model<'a>, arn: &Node<'a>) -> Option<String> {
    if let Some(resource) = arn.resource() {
        return model.region_of(resource).map(str::to_owned);
    }
    let Field::Known(text) = arn.text() else { return None };
    let region = Arn::parse(&text).ok()?.region.known()?.to_owned();
    (!region.is_empty()).then_some(region)
}

/// The Region for which a mapping of Regions gives a certificate of another one, and that other one.
fn of_mapping<'a>(model: &'a Model<'a>, id: ResourceId, index: usize) -> Option<(&'a str, &'a str)> {
    let chosen = |value| model.evaluation().chosen(id.template, value);
    let written = chosen(model.declaration(id)?.properties?.get("Certificates")?).as_list()?.get(index)?;
    let Value::Intrinsic(call) = chosen(chosen(written).get("CertificateArn")?) else { return None };
    let [name, Value::Intrinsic(by), key] = call.argument.as_list()? else { return None };
    let is_by_region = by.function == Function::Ref && by.argument.as_str() == Some("AWS::Region");
    if call.function != Function::FindInMap || !is_by_region {
        return None;
    }
    let rows = model.template_of(id)?.mappings()?.get(name.as_str()?)?.as_map()?;
    rows.iter().find_map(|(region, row)| {
        let place = row.get(key.as_str()?)?.as_str()?.split(':').nth(3)?;
        (!place.is_empty() && place != region.as_ref()).then_some((region.as_ref(), place))
    })
}
