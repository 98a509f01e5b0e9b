//! Policies of endpoints: what may be called through them, by anybody who can reach them.

use crate::aws::ecr::{PULL_ENDPOINTS, layer_bucket_arn};
use crate::cfn::{Function, Intrinsic, Value, to_compact_json};

use super::iam::{Statement, document};
use super::needs::Needs;

/// The policy that allows what `statements` say, and no more. The principal is everybody: the endpoint of a gateway takes
/// no other, and who somebody is, is decided by the identity policies. Source:
/// `vpc/latest/privatelink/vpc-endpoints-access`.
pub(super) fn policy(statements: &[Statement]) -> Value {
    document(statements.iter().cloned().map(Statement::anybody))
}

/// Adds what pulling an image from ECR needs beside ECR itself: the layers come from a bucket of AWS.
///
/// The statement has no condition on who asks: the layers are fetched with addresses that ECR signed itself, which any
/// condition on the caller's account or organization would refuse. Source: `AmazonECR/latest/userguide/vpc-endpoints`.
pub(super) fn add_image_layers(needs: &mut Needs, region: Option<&str>) {
    if !PULL_ENDPOINTS.iter().any(|endpoint| needs.contains(endpoint)) {
        return;
    }
    let bucket = match region {
        Some(region) => layer_bucket_arn(region).map(Value::from),
        None => Some(Value::join([
            Value::from("arn:"),
            Value::reference("AWS::Partition"),
            Value::from(":s3:::prod-"),
            Value::reference("AWS::Region"),
            Value::from("-starport-layer-bucket/*"),
        ])),
    };
    match bucket {
        Some(bucket) => needs.add("s3", Statement::allow(["s3:GetObject"]).on(bucket).sid("ImageLayers")),
        // Where no source names the bucket, a policy would only be a guess that stops every task.
        None => needs.need("s3"),
    }
}

/// How many characters the JSON of `value` has at the least, once CloudFormation has put in what is not known yet.
pub(super) fn least_length(value: &Value) -> usize {
    const QUOTES: usize = 2;
    match value {
        Value::Intrinsic(intrinsic) => QUOTES + least_text(intrinsic),
        Value::List(items) => {
            let lengths = items.iter().map(|item| least_length(item) + 1);
            lengths.sum::<usize>().max(1) + 1
        }
        Value::Map(map) => {
            let lengths = map.iter().map(|(key, value)| key.chars().count() + QUOTES + least_length(value) + 2);
            lengths.sum::<usize>().max(1) + 1
        }
        literal if literal.is_literal() => to_compact_json(literal).chars().count(),
        _ => QUOTES,
    }
}

/// How many characters the result of a function has at the least.
fn least_text(intrinsic: &Intrinsic) -> usize {
    match (intrinsic.function, &intrinsic.argument) {
        (Function::Join, Value::List(arguments)) => match arguments.as_slice() {
            [_, Value::List(parts)] => parts.iter().map(|part| least_length(part).saturating_sub(2)).sum(),
            _ => 0,
        },
        (Function::Ref, Value::String(target)) => match target.as_ref() {
            "AWS::AccountId" => 12,
            "AWS::Region" => 9,
            "AWS::Partition" => 3,
            _ => 0,
        },
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::iam::arn;

    #[test]
    fn the_length_of_a_literal_is_that_of_its_json() {
        let policy = policy(&[Statement::allow(["s3:GetObject", "s3:PutObject"]).on("arn:aws:s3:::bucket/*")]);
        assert_eq!(least_length(&policy), serde_json::to_string(&policy).unwrap().len());
        assert_eq!(least_length(&Value::List(Vec::new())), 2);
    }

    #[test]
    fn what_is_not_known_counts_as_short_as_it_can_be() {
        assert_eq!(least_length(&arn("sqs", "orders")), r#""arn:aws:sqs:eu-west-1:111122223333:orders""#.len());
        assert_eq!(least_length(&Value::attribute("Queue", "Arn")), 2);
    }

    #[test]
    fn images_need_their_layers() {
        let mut needs = Needs::default();
        add_image_layers(&mut needs, Some("eu-west-1"));
        assert_eq!(needs, Needs::default());

        needs.add("ecr.dkr", Statement::allow(["ecr:BatchGetImage"]).on("*"));
        let mut there = needs.clone();
        add_image_layers(&mut there, Some("eu-west-1"));
        let layers = "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*";
        let expected = Statement::allow(["s3:GetObject"]).on(layers).sid("ImageLayers");
        assert_eq!(there.limits("s3"), Some([expected].as_slice()));

        add_image_layers(&mut needs, Some("cn-north-1"));
        assert!(needs.contains("s3") && needs.limits("s3").is_none());
    }
}
