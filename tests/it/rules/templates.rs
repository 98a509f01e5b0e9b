//! Faces of mistakes in templates that no page shows, and neighbours of them that are right.

use super::{found, of_rule};

#[test]
fn a_circle_is_told_of_once_and_what_leads_to_it_is_not_part_of_it() {
    let text = "Resources:
  Before: { Type: AWS::SNS::Topic, DependsOn: One }
  One: { Type: AWS::SNS::Topic, DependsOn: Two }
  Two: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub \"${Three.TopicName}\" } }
  Three: { Type: AWS::SNS::Topic, Properties: { DisplayName: !GetAtt One.TopicName } }
  After: { Type: AWS::SNS::Topic }
  Itself: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Itself } }
";
    assert_eq!(of_rule(text, "RF1701"), ["One", "Itself"]);
}

#[test]
fn a_branch_that_is_not_taken_refers_to_nothing() {
    let text = |properties: &str| {
        format!(
            "Parameters: {{ Stage: {{ Type: String }} }}
Conditions: {{ IsLive: !Equals [!Ref Stage, live] }}
Resources:
  Maybe: {{ Type: AWS::SNS::Topic, Condition: IsLive }}
  Topic: {{ Type: AWS::SNS::Topic, {properties} }}
"
        )
    };
    let is_found = |properties: &str| found(&text(properties)).contains("RF1702");
    assert!(is_found("Properties: { DisplayName: !Ref Maybe }"));
    assert!(!is_found("Properties: { DisplayName: !If [IsLive, !Ref Maybe, none] }"));
    assert!(is_found("Properties: { DisplayName: !If [IsLive, none, !Ref Maybe] }"));
    assert!(!is_found("Condition: IsLive, Properties: { DisplayName: !Ref Maybe }"));
    assert!(!is_found("DependsOn: Maybe"), "CloudFormation passes over it");
    assert!(!is_found("Properties: { DisplayName: !Sub [\"${Maybe}\", { Maybe: text }] }"));
    assert!(is_found("Properties: { DisplayName: !Sub \"${Maybe.TopicArn}\" }"));
}

#[test]
fn names_that_a_transform_makes_are_not_missed() {
    let text = "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Other } } }\n";
    assert!(found(text).contains("RF1702"));
    assert!(!found(&format!("Transform: AWS::Serverless-2016-10-31\n{text}")).contains("RF1702"));
}

#[test]
fn an_output_of_what_is_not_made_is_found_on_what_is_not_made() {
    let text = "Parameters: { Stage: { Type: String } }
Conditions: { IsLive: !Equals [!Ref Stage, live] }
Resources: { Maybe: { Type: AWS::SNS::Topic, Condition: IsLive }, Topic: { Type: AWS::SNS::Topic } }
Outputs: { Name: { Value: !GetAtt Maybe.TopicName } }
";
    assert_eq!(of_rule(text, "RF1702"), ["Maybe"]);
    let conditional = text.replace("{ Value: !GetAtt Maybe.TopicName }", "{ Condition: IsLive, Value: !Ref Maybe }");
    assert!(!found(&conditional).contains("RF1702"));
}

#[test]
fn arns_of_another_region_are_compared_by_partition_only() {
    let text = |arn: &str| {
        format!("Resources: {{ Topic: {{ Type: AWS::SNS::Topic, Properties: {{ KmsMasterKeyId: \"{arn}\" }} }} }}\n")
    };
    assert!(found(&text("arn:aws:kms:us-gov-west-1:111122223333:key/a")).contains("RF1706"));
    assert!(!found(&text("arn:aws:kms:eu-west-3:111122223333:key/a")).contains("RF1706"));
    assert!(!found(&text("arn:aws:iam::111122223333:role/a")).contains("RF1706"));
}
