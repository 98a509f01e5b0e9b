//! An endpoint for a service with a name that no service has.

use crate::aws::Partition;
use crate::aws::endpoints::{of_product_name, of_service_name, service_name};
use crate::aws::private_link::{ServiceName, ServiceNameError, is_service_id, service_name_prefix};
use crate::diagnostics::{Mend, Severity};
use crate::model::Gather as _;
use crate::model::{Endpoint, EndpointService, Model, Node, Piece, Value, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1301", "wrong-service-name", Error {
        pitfalls: [45],
        summary: "An endpoint for a service with a name that no service has",
        why: "The names of endpoint services are `com.amazonaws.vpce.REGION.vpce-svc-ID`, in China with `cn.` before \
              it. The ID alone, or a made-up one, is the name of nothing.",
        example: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
",
        instead: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
",
        source: "AWS PrivateLink guide, share your services",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>() {
        let name = endpoint.service_name();
        if name.is_absent() || name.because().is_some() && name.attribute().is_none() {
            continue;
        }
        if let Some((message, help)) = name.text().known().and_then(|name| of_other_partition(&name)) {
            findings.report(endpoint.id(), "ServiceName", message).help(help).severity(Severity::Warning);
            continue;
        }
        if let Some((message, help)) = of_own_service(model, &name).or_else(|| of_text(&text_with_holes(&name))) {
            findings.report(endpoint.id(), "ServiceName", message).mend_by(mend(model, endpoint, &name)).help(help);
        }
    }
}

const FORM: &str = "write `com.amazonaws.vpce.REGION.vpce-svc-ID`, as the provider's console and outputs tell it";

/// What is wrong with a name that is made from an endpoint service of the app.
fn of_own_service<'a>(model: &'a Model<'a>, name: &Node<'a>) -> Option<(String, String)> {
    let service = model.view::<EndpointService<'a>>(name.resource()?)?;
    let pieces = name.pieces();
    let before = match pieces.as_slice() {
        [Piece::Hole(_)] => String::new(),
        [before @ .., Piece::Hole(_)] => {
            before.iter().map(|piece| if let Piece::Text(text) = piece { text.as_ref() } else { "${}" }).gather()
        }
        _ => return None,
    };
    if !before.is_empty() && is_beginning(&before) {
        return None;
    }
    let id = service.logical_id();
    let message = match before.is_empty() {
        true => format!("`{id}` gives only the ID of the endpoint service, and the name has the Region before it"),
        false => format!("the name of an endpoint service does not begin with `{before}`"),
    };
    Some((message, format!("write `!Sub \"com.amazonaws.vpce.${{AWS::Region}}.${{{id}}}\"`")))
}

/// Puts before the ID of an endpoint service what belongs there, or calls a service of AWS by its name.
fn mend<'a>(model: &'a Model<'a>, endpoint: Endpoint<'a>, name: &Node<'a>) -> Option<Mend> {
    let setting = |safe, text: String| Some(Mend::setting(safe, "ServiceName", Value::sub(text)));
    if let Some(service) = name.attribute().map(|attribute| attribute.resource) {
        let is_here = service.template == endpoint.id().template && endpoint.property("ServiceRegion").is_absent();
        let id = model.logical_id(service);
        let text = format!("com.amazonaws.vpce.${{AWS::Region}}.${{{id}}}");
        return setting(true, text).filter(|_| is_here);
    }
    let text = text_with_holes(name);
    let (region, product) = text.strip_prefix("com.amazonaws.")?.split_once('.')?;
    let key = of_product_name(product)?;
    match region {
        "${}" => setting(false, format!("com.amazonaws.${{AWS::Region}}.{key}")),
        _ => Some(Mend::setting(false, "ServiceName", format!("com.amazonaws.{region}.{key}").into())),
    }
}

/// Whether the names of endpoint services begin like this, before the ID.
fn is_beginning(text: &str) -> bool {
    text.starts_with("${}")
        || Partition::ALL.iter().any(|partition| {
            let region = text.strip_prefix(&service_name_prefix(*partition)).and_then(|rest| rest.strip_prefix('.'));
            region
                .and_then(|region| region.strip_suffix('.'))
                .is_some_and(|region| region == "${}" || Partition::of_region(region) == Some(*partition))
        })
}

/// What is wrong with a name, in which `${}` stands for what is not known.
fn of_text(text: &str) -> Option<(String, String)> {
    let wrong =
        |reason: &str| Some((format!("`{text}` is not the name of an endpoint service: {reason}"), FORM.to_owned()));
    if text.contains("${}") {
        let (before, last) = text.rsplit_once('.')?;
        let is_wrong = last.starts_with("vpce-svc-") && !last.contains("${}") && !is_service_id(last);
        let is_of_endpoint = last.starts_with("vpce-svc-") && !before.contains("vpce") && !before.starts_with("${}");
        return (is_wrong || is_of_endpoint)
            .then(|| wrong(&ServiceNameError::Id.to_string()))
            .flatten()
            .or_else(|| of_product(text));
    }
    let reason = match ServiceName::parse(text) {
        Ok(name) if name.service_id.len() < "vpce-svc-".len() + DIGITS => {
            return wrong(&ServiceNameError::Id.to_string());
        }
        Ok(_) => return None,
        Err(reason) => reason,
    };
    match reason {
        ServiceNameError::OfAws if text.contains("vpce-svc-") => wrong("it lacks `vpce` before the Region"),
        ServiceNameError::OfAws => of_product(text),
        ServiceNameError::Prefix if !text.contains("vpce-svc") && text.contains('.') => None,
        reason => wrong(&reason.to_string()),
    }
}

/// How many digits IDs of endpoint services have; shorter ones were given only to older kinds of things.
const DIGITS: usize = 17;

/// A service of AWS whose names begin otherwise in the Region.
fn of_other_partition(text: &str) -> Option<(String, String)> {
    let (region, key) = text.strip_prefix("com.amazonaws.")?.split_once('.')?;
    let name = service_name(region, key).filter(|name| name != text && Partition::of_region(region).is_some())?;
    of_service_name(text)
        .is_none()
        .then(|| (format!("in `{region}` the service has another name"), format!("write `{name}`")))
}

/// A service of AWS that is called by the name of its product.
fn of_product(text: &str) -> Option<(String, String)> {
    let (region, product) = text.strip_prefix("com.amazonaws.")?.split_once('.')?;
    let key = of_product_name(product)?;
    let region = if region == "${}" { "${AWS::Region}" } else { region };
    let message = format!("no service of AWS has endpoints with the name `com.amazonaws.{region}.{product}`");
    Some((message, format!("did you mean `com.amazonaws.{region}.{key}`?")))
}
