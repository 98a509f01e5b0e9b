//! What a bootstrapped environment offers: the roles, the bucket and the repository of CDK's default synthesizer.
//!
//! Source: `aws-cdk-lib/core/lib/stack-synthesizers/default-synthesizer.ts` and the bootstrap template of the CDK CLI.

use crate::constructs::Stack;
use crate::spec::SynthesizerKind;

/// The version of the bootstrap stack that deploying needs.
pub(super) const REQUIRED_VERSION: i64 = 6;

/// The version of the bootstrap stack from which there is a role for look-ups.
pub(super) const LOOKUP_ROLE_VERSION: i64 = 8;

/// Whether the stack's template goes through a bucket, so that there are assets to publish.
pub(super) fn has_assets(stack: &Stack) -> bool {
    stack.props().synthesizer == SynthesizerKind::Default
}

/// The account, or what the CDK CLI puts it in for.
pub(super) fn account(stack: &Stack) -> &str {
    stack.props().env.account.as_ref().map_or("${AWS::AccountId}", |account| account.as_str())
}

/// The Region, or what the CDK CLI puts it in for.
pub(super) fn region(stack: &Stack) -> &str {
    stack.props().env.region.as_ref().map_or("${AWS::Region}", |region| region.as_str())
}

/// The environment as the manifest names it.
pub(super) fn environment(stack: &Stack) -> String {
    let env = &stack.props().env;
    let account = env.account.as_ref().map_or("unknown-account", |account| account.as_str());
    let region = env.region.as_ref().map_or("unknown-region", |region| region.as_str());
    format!("aws://{account}/{region}")
}

/// The ARN of a bootstrap role: `deploy-role`, `cfn-exec-role`, `lookup-role`, `file-publishing-role` or
/// `image-publishing-role`.
pub(super) fn role(stack: &Stack, name: &str) -> String {
    let (account, region, qualifier) = (account(stack), region(stack), &stack.props().qualifier);
    format!("arn:${{AWS::Partition}}:iam::{account}:role/cdk-{qualifier}-{name}-{account}-{region}")
}

/// The bucket for templates.
pub(super) fn bucket(stack: &Stack) -> String {
    format!("cdk-{}-assets-{}-{}", stack.props().qualifier, account(stack), region(stack))
}

/// The repository for container images.
pub(super) fn repository(stack: &Stack) -> String {
    format!("cdk-{}-container-assets-{}-{}", stack.props().qualifier, account(stack), region(stack))
}

/// The parameter that holds the version of the bootstrap stack.
pub(super) fn version_parameter(stack: &Stack) -> String {
    format!("/cdk-bootstrap/{}/version", stack.props().qualifier)
}
