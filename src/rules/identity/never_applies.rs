//! Permissions for actions on what they are not done with: a part of the rule about policies.

use crate::diagnostics::Severity;
use crate::model::{Because, Field, Model, Node, Piece, ResourceId};
use crate::rules::Findings;

/// What an action is done with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    /// Nothing that could be named: `*` alone allows it.
    Anything,
    /// A bucket.
    Bucket,
    /// The objects of a bucket.
    Object,
    /// A task definition.
    Definition,
}

/// Actions and what they are done with. Source: AWS service authorization reference, the pages of each service (2026).
const ACTIONS: &[(&str, Target)] = &[
    ("cloudwatch:PutMetricData", Target::Anything),
    ("ecr:GetAuthorizationToken", Target::Anything),
    ("ecs:RunTask", Target::Definition),
    ("s3:AbortMultipartUpload", Target::Object),
    ("s3:DeleteObject", Target::Object),
    ("s3:GetBucketLocation", Target::Bucket),
    ("s3:GetObject", Target::Object),
    ("s3:ListBucket", Target::Bucket),
    ("s3:PutObject", Target::Object),
    ("ssmmessages:CreateControlChannel", Target::Anything),
    ("ssmmessages:CreateDataChannel", Target::Anything),
    ("ssmmessages:OpenControlChannel", Target::Anything),
    ("ssmmessages:OpenDataChannel", Target::Anything),
    ("xray:PutTelemetryRecords", Target::Anything),
    ("xray:PutTraceSegments", Target::Anything),
];

/// Reports the first action of a statement that none of its resources is right for.
pub(super) fn check<'a>(
    model: &'a Model<'a>,
    findings: &mut Findings<'_>,
    id: ResourceId,
    place: &str,
    statement: &Node<'a>,
) {
    let Field::Known(resources) = statement.get("Resource").items() else { return };
    if resources.is_empty() || !statement.get("Effect").text().is_known_and(|effect| effect == "Allow") {
        return;
    }
    for action in statement.get("Action").known_items() {
        let Field::Known(action) = action.text() else { continue };
        let known = ACTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&action));
        let Some((_, target)) = known else { continue };
        if resources.iter().all(|resource| is_other(model, resource, *target)) {
            let help = match target {
                Target::Anything => "allow it on `*` in a statement of its own",
                Target::Bucket => "allow it on the ARN of the bucket, without anything behind it",
                Target::Object => "allow it on the ARN of the bucket with `/*` behind it",
                Target::Definition => {
                    "allow it on the task definition, and name the cluster in a condition on `ecs:cluster`"
                }
            };
            findings
                .report(
                    id,
                    format!("{place}/Resource"),
                    format!("`{action}` is not done with this, and stays forbidden"),
                )
                .help(help)
                .severity(Severity::Warning);
            return;
        }
    }
}

/// Whether a resource is known to be something else than an action is done with.
fn is_other<'a>(model: &'a Model<'a>, resource: &Node<'a>, target: Target) -> bool {
    let pieces = resource.pieces();
    let is_text = |piece: &Piece<'_>, wanted: fn(&str) -> bool| matches!(piece, Piece::Text(text) if wanted(text));
    let named = match pieces.first() {
        Some(Piece::Hole(Because::Attribute(attribute))) if attribute.name == "Arn" => {
            Some(model.type_of(attribute.resource))
        }
        _ => None,
    };
    let is_written = pieces.first().is_some_and(|piece| is_text(piece, |text| text.starts_with("arn:")));
    if named.is_none() && !is_written {
        return false;
    }
    let has_key = pieces.iter().any(|piece| is_text(piece, |text| text.contains('/')));
    let may_be_more = pieces.iter().any(|piece| is_text(piece, |text| text.contains('*') || text.contains('?')));
    // A value that is given at deployment may have a key in it.
    let is_open = pieces.iter().skip(1).any(|piece| matches!(piece, Piece::Hole(_)));
    match target {
        Target::Anything => true,
        // Access points have a slash in their ARN.
        Target::Bucket => {
            has_key && (named.is_some() || pieces.iter().any(|piece| is_text(piece, |text| text.contains(":s3:::"))))
        }
        Target::Object => named == Some("AWS::S3::Bucket") && !has_key && !may_be_more && !is_open,
        Target::Definition => named == Some("AWS::ECS::Cluster"),
    }
}
