//! A custom resource whose function cannot answer CloudFormation.

use crate::diagnostics::Severity;
use crate::model::{Model, ResourceId, custom_resources, text_with_holes};
use crate::reach::Reach;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1024", "custom-resource-unanswered", Error {
        pitfalls: [39],
        summary: "A custom resource whose function cannot answer CloudFormation",
        why: "The function of a custom resource answers by a request to a presigned URL of Amazon S3. Where its subnets have no way \
              there, or its code never sends one, CloudFormation waits for an hour and fails, and so does the rollback.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of the function, VpcId: !Ref Vpc } }
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/asks
      Code: { S3Bucket: code, S3Key: asks.zip }
      VpcConfig: { SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref Group] }
  Question: { Type: Custom::Question, Properties: { ServiceToken: !GetAtt Function.Arn } }
",
        instead: "Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/asks
      Code: { S3Bucket: code, S3Key: asks.zip }
  Question: { Type: Custom::Question, Properties: { ServiceToken: !GetAtt Function.Arn } }
",
        source: "AWS CloudFormation user guide, custom resources, and access through an interface endpoint",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    let model = reach.model();
    for id in custom_resources(model) {
        let function = model.property(id, "ServiceToken").resource();
        let Some(function) = function.filter(|id| model.type_of(*id) == FUNCTION) else { continue };
        if never_answers(model, function) {
            findings
                .report(id, "ServiceToken", "the code of the function never answers CloudFormation")
                .help("send the result to `ResponseURL` of the event, as the module `cfnresponse` does")
                .severity(Severity::Warning)
                .mention(function, "Code", "this is the function");
        }
        let Some(answer) = reach.function_to_response(function) else { continue };
        let Some(blocker) = answer.blockers().first() else { continue };
        let message = format!(
            "the function has no way to Amazon S3, where CloudFormation waits for its answer: {}",
            blocker.cause.words()
        );
        let found = findings.report(id, "ServiceToken", message);
        found
            .help("leave `VpcConfig` of the function out, or let it reach `cloudformation-custom-resource-response-*` through a gateway endpoint for S3")
            .mention(function, "VpcConfig", "this is the function");
        if let Some(resource) = blocker.resource {
            found.mention(resource, blocker.property.clone(), "this is in the way");
        }
    }
}

const FUNCTION: &str = "AWS::Lambda::Function";

/// What the code of a function has that answers, or that hands the event to something else that may.
const ANSWERS: [&str; 9] = [
    "cfnresponse",
    "cfn-response",
    "cfn_response",
    "responseurl",
    "crhelper",
    "invoke",
    "execution",
    "publish",
    "send",
];

/// Whether all of the code of a function is in the template, and none of it answers.
fn never_answers<'a>(model: &'a Model<'a>, function: ResourceId) -> bool {
    let code = model.property(function, "Code/ZipFile");
    if code.is_absent() || code.because().is_some() || !model.property(function, "Layers").is_absent() {
        return false;
    }
    let text = text_with_holes(&code).to_ascii_lowercase();
    !ANSWERS.iter().any(|word| text.contains(word))
}
