//! A rotation function that Secrets Manager should make, without the transform that makes it.

use crate::diagnostics::{Mend, Root};
use crate::model::{Model, RotationSchedule, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1532", "hosted-rotation-without-transform", Error {
        pitfalls: [72],
        summary: "A hosted rotation function in a template without the transform that makes it",
        why: "The function is made by a macro of Secrets Manager, which runs only when the template names it. Its name cannot come from a parameter or a function.",
        example: "Resources:
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { GenerateSecretString: { PasswordLength: 32 } } }
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Secret
      HostedRotationLambda: { RotationType: PostgreSQLSingleUser }
      RotationRules: { AutomaticallyAfterDays: 30 }
",
        instead: "Transform: AWS::SecretsManager-2024-09-16
Resources:
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { GenerateSecretString: { PasswordLength: 32 } } }
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Secret
      HostedRotationLambda: { RotationType: PostgreSQLSingleUser }
      RotationRules: { AutomaticallyAfterDays: 30 }
",
        source: "CloudFormation user guide, AWS::SecretsManager transform",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for schedule in model.all::<RotationSchedule<'a>>() {
        let template = model.template_of(schedule.id());
        let is_made = template.is_none_or(|template| template.has_macros() || template.makes_rotation_functions());
        if !is_made && schedule.hosted().written().is_some() {
            findings
                .report(schedule.id(), "HostedRotationLambda", "nothing makes the rotation function")
                .mend(
                    Mend::safe("add the transform")
                        .at(Root::Template)
                        .add("Transform", vec!["AWS::SecretsManager-2024-09-16".into()]),
                )
                .help("add `Transform: AWS::SecretsManager-2024-09-16` to the template");
        }
    }
}
