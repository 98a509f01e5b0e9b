//! Access logs that are switched on, and yet not written.

use super::{attribute_path, is_on, network_load_balancers};
use crate::aws::load_balancer::Protocol;
use crate::model::Gather as _;
use crate::model::{Bucket, BucketPolicy, Field, LoadBalancer, Model, Node, Relation, View};
use crate::rules::mends::without_attribute;
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1180", "access-logs-not-written", Warning {
        pitfalls: [95],
        summary: "Access logs of a Network Load Balancer that stay empty or that it may not write",
        why: "A Network Load Balancer logs requests to its TLS listeners, and nothing else. The bucket is in the same Region, \
              its policy lets `delivery.logs.amazonaws.com` read its ACL and put objects under the prefix followed by \
              `AWSLogs`, which no prefix may contain, and it is not encrypted with a key that AWS manages.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      LoadBalancerAttributes:
        - { Key: access_logs.s3.enabled, Value: \"true\" }
        - { Key: access_logs.s3.bucket, Value: logs-of-payments }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 443, Protocol: TCP }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      LoadBalancerAttributes:
        - { Key: access_logs.s3.enabled, Value: \"true\" }
        - { Key: access_logs.s3.bucket, Value: logs-of-payments }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 443, Protocol: TLS }
",
        source: "Network Load Balancers, enable access logs; aws-cdk issue 1633 and copilot-cli pull request 4169 (the policy of the bucket comes first)",
        check: check,
    }
}

const LIST: &str = "LoadBalancerAttributes";
const ENABLED: &str = "access_logs.s3.enabled";
const BUCKET: &str = "access_logs.s3.bucket";
const PREFIX: &str = "access_logs.s3.prefix";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for balancer in network_load_balancers(model).filter(|balancer| is_on(balancer.attribute(ENABLED))) {
        let mut listeners = balancer.listeners().peekable();
        let may_be_tls = |protocol: Field<'_, std::borrow::Cow<'_, str>>| {
            !protocol.is_known_and(|name| name != Protocol::Tls.name())
        };
        if listeners.peek().is_some() && !listeners.any(|listener| may_be_tls(listener.protocol())) {
            findings
                .report(
                    balancer.id(),
                    attribute_path(balancer, LIST, ENABLED),
                    "access logs stay empty without a TLS listener",
                )
                .help("use flow logs of the VPC for TCP, or end TLS at the load balancer")
                // The construct's own check says it.
                .in_spec(InSpec::Nothing);
        }
        if balancer.attribute(BUCKET).is_absent() {
            findings
                .report(
                    balancer.id(),
                    attribute_path(balancer, LIST, ENABLED),
                    "access logs are on, but no bucket is named",
                )
                .help(format!("set `{BUCKET}`"));
        }
        if balancer.attribute(PREFIX).is_known_and(|prefix| prefix.contains("AWSLogs")) {
            findings
                .report(
                    balancer.id(),
                    attribute_path(balancer, LIST, PREFIX),
                    "the prefix of access logs cannot contain `AWSLogs`",
                )
                .mend_by(without_attribute(&attribute_path(balancer, LIST, PREFIX)))
                .help("leave it out: AWS adds `AWSLogs` after the prefix");
        }
        let items = balancer.property(LIST).known_items();
        let named = items.iter().find(|item| item.get("Key").text().is_known_and(|key| key == BUCKET));
        let bucket = named.and_then(|item| model.view::<Bucket<'a>>(item.get("Value").resource()?));
        let given = named.and_then(|item| item.get("Value").attribute());
        if given.is_some_and(|given| given.name == "Arn") {
            findings
                .report(
                    balancer.id(),
                    attribute_path(balancer, LIST, BUCKET),
                    "access logs name their bucket, and this is its ARN",
                )
                .help("write the name of the bucket, which `Ref` gives");
        }
        if let Some(bucket) = bucket {
            bucket_of(model, findings, balancer, bucket);
        }
    }
}

fn bucket_of<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, balancer: LoadBalancer<'a>, bucket: Bucket<'a>) {
    let path = attribute_path(balancer, LIST, BUCKET);
    if let (Some(one), Some(other)) = (model.region_of(balancer.id()), model.region_of(bucket.id()))
        && one != other
    {
        findings
            .report(balancer.id(), path.clone(), "the bucket of the access logs is in another Region")
            .help("use a bucket in the Region of the load balancer")
            .mention(bucket.id(), "", "this is the bucket");
    }
    let is_elsewhere = bucket.id().template != balancer.id().template;
    let policies: Vec<BucketPolicy<'a>> = model.related(Relation::BucketPolicyBucket, &bucket.identity()).gather();
    if policies.is_empty()
        && !is_elsewhere
        && !model.template_of(bucket.id()).is_none_or(|template| template.has_unwritten_resources())
    {
        findings
            .report(balancer.id(), path.clone(), "nothing lets the load balancer write to the bucket of its access logs")
            .help("add an `AWS::S3::BucketPolicy` that lets `delivery.logs.amazonaws.com` get the bucket's ACL and put objects")
            .mention(bucket.id(), "", "this bucket has no policy");
    }
    let encryption = bucket.property("BucketEncryption/ServerSideEncryptionConfiguration").known_items();
    let is_managed = |rule: &Node<'_>| {
        let by_default = rule.get("ServerSideEncryptionByDefault");
        let key = by_default.get("KMSMasterKeyID");
        by_default.get("SSEAlgorithm").text().is_known_and(|name| name.starts_with("aws:kms"))
            && (key.is_absent() || key.text().is_known_and(|key| key.ends_with("alias/aws/s3")))
    };
    if encryption.iter().any(is_managed) {
        findings
            .report(
                balancer.id(),
                path.clone(),
                "access logs cannot be written to a bucket that is encrypted with a key of AWS",
            )
            .help("encrypt the bucket with `AES256` or with a key of your own")
            .mention(bucket.id(), "BucketEncryption", "this is the bucket");
    }
    // The load balancer tries at once whether it may write. Source: aws-cdk#1633.
    let ids: Vec<_> = policies.iter().map(|policy| policy.id()).gather();
    let is_here = ids.iter().all(|id| id.template == balancer.id().template);
    if !ids.is_empty() && is_here && !model.dependencies().reaches(balancer.id(), &ids) {
        findings
            .report(
                balancer.id(),
                path.clone(),
                "the load balancer may be made before the policy of the bucket lets it write, and is refused then",
            )
            .help("let the load balancer wait for the policy (`DependsOn`)")
            .mention(ids.first().copied().unwrap_or(bucket.id()), "", "this is the policy");
    }
    if !policies.is_empty() && !policies.iter().any(|policy| may_put(*policy, balancer)) {
        findings
            .report(
                balancer.id(),
                path,
                "the policy of the bucket does not let the load balancer write where it writes to",
            )
            .help(
                "let `delivery.logs.amazonaws.com` put objects under the prefix, followed by `AWSLogs` and the account",
            )
            .mention(
                policies.first().map_or(bucket.id(), |policy| policy.id()),
                "PolicyDocument",
                "this is the policy",
            );
    }
}

/// Whether a policy may let log delivery put objects under the prefix of a load balancer; what is not known may.
fn may_put(policy: BucketPolicy<'_>, balancer: LoadBalancer<'_>) -> bool {
    let Field::Known(statements) = policy.document().get("Statement").items() else { return true };
    let wanted = match balancer.attribute(PREFIX).or("".into()) {
        Field::Known(prefix) if prefix.is_empty() => "/AWSLogs".to_owned(),
        Field::Known(prefix) => format!("/{}/AWSLogs", prefix.trim_matches('/')),
        _ => return true,
    };
    statements.iter().any(|statement| {
        !statement.get("Effect").text().is_known_and(|effect| effect != "Allow")
            && may_be_delivery(statement)
            && any(&statement.get("Action"), &|action| {
                action == "*"
                    || action.eq_ignore_ascii_case("s3:*")
                    || action.to_ascii_lowercase().starts_with("s3:put")
            })
            && may_cover(&statement.get("Resource"), &wanted)
    })
}

fn may_be_delivery(statement: &Node<'_>) -> bool {
    // Application Load Balancers write as another service or as an account of AWS, which is of no use here.
    let principal = statement.get("Principal");
    principal.text().is_known_and(|name| name == "*")
        || any(&principal.get("AWS"), &|name| name == "*")
        || any(&principal.get("Service"), &|name| name == "delivery.logs.amazonaws.com")
}

/// Whether one of the texts in a list may hold.
fn any(list: &Node<'_>, holds: &dyn Fn(&str) -> bool) -> bool {
    match list.items() {
        Field::Known(items) => items.iter().any(|item| !item.text().is_known_and(|text| !holds(&text))),
        Field::Absent => false,
        Field::Unknown(_) => true,
    }
}

/// Whether a resource of a statement may cover objects of which `wanted` is the beginning, after the bucket's name.
fn may_cover(resources: &Node<'_>, wanted: &str) -> bool {
    let Field::Known(resources) = resources.items() else { return true };
    resources.iter().any(|resource| {
        let text: String = resource
            .pieces()
            .iter()
            .map(|piece| match piece {
                crate::model::Piece::Text(text) => text.as_ref(),
                crate::model::Piece::Hole(_) => "?",
            })
            .gather();
        let Some((_, key)) = text.split_once('/') else {
            return resource.because().is_some() && resource.resource().is_none();
        };
        let (beginning, is_open) =
            key.find(['*', '?']).map_or((key, false), |at| (key.get(..at).unwrap_or_default(), true));
        let objects = wanted.trim_start_matches('/');
        beginning.starts_with(objects) || (is_open && objects.starts_with(beginning))
    })
}
