//! The role by which a consumer stack reads the service name from the provider stack: the opt-in that needs no copying.

use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::consumer as codes;
use crate::spec::text::{AccountId, Arn};
use crate::spec::{self, ServiceNameSource};

use super::Scope;
use super::consumer::Provider;
use super::iam::Statement;
use super::location::Location;
use super::role::{Role, Trust};

/// The longest part of a role's name that comes from the names of the stack and consumer; the rest is for the Region.
/// Source: IAM API reference, CreateRole (64 characters).
const LONGEST_START: usize = 40;

/// Adds the role for a consumer that reads the output from another account, to the provider stack. The origin of `scope`
/// is the spec. Consumers that do not need it get none.
///
/// Its name is the one physical name that is ever given: the consumer stack has to know the role before there is one.
pub fn add(scope: &mut Scope<'_>, name: &str, settings: &spec::Consumer) -> Option<LogicalId> {
    if settings.service_name != ServiceNameSource::StackOutput || settings.reader_role.is_some() {
        return None;
    }
    let env = scope.stack().props().env.clone();
    let place = Location::of(&env);
    let account = settings.account.as_ref();
    if account.map(AccountId::as_str) == place.account && account.is_some() {
        return None;
    }
    let mut scope = scope.made_from(&format!("consumers/{name}"));
    let (Some(account), Some(role_name)) = (account, role_name(scope.stack().name(), name, place)) else {
        let message = "the role that reads the service name needs known accounts and a known Region of the provider";
        let help = "set `env.account`, `env.region` and `account` of the consumer, or name a `readerRole`";
        scope.error(codes::READER_UNKNOWN, "serviceName", message, help);
        return None;
    };
    let mut scope = scope.construct(&format!("OutputReader-{name}"), "ringfence.OutputReader");
    let description = format!("Lets the consumer {name} read the outputs of this stack");
    let role = Role::new(&mut scope, "Role", &Trust::account(account.as_str()), description);
    scope.set(&role.logical_id, "RoleName", role_name);
    let read = Statement::allow(["cloudformation:DescribeStacks"]).on(Value::reference("AWS::StackId"));
    role.allow(&mut scope, "read", vec![read]);
    Some(role.logical_id)
}

/// The role that a consumer stack assumes to read the output, when it needs one. Source: CloudFormation template
/// reference, `Fn::GetStackOutput`.
pub(super) fn role_to_assume(name: &str, settings: &spec::Consumer, provider: &Provider<'_>) -> Option<Value> {
    if let Some(role) = &settings.reader_role {
        return Some(role.to_value());
    }
    let place = provider.place();
    let account = place.account?;
    if settings.account.as_ref().is_some_and(|ours| ours.as_str() == account) {
        return None;
    }
    let role = role_name(provider.stack.name(), name, place)?;
    let end = Value::from(format!(":iam::{account}:role/{role}"));
    Some(Value::join([Value::from("arn:"), Value::reference("AWS::Partition"), end]))
}

/// Role names are unique in an account across its Regions, so the Region is part of it.
fn role_name(stack: &str, consumer: &str, place: Location<'_>) -> Option<String> {
    place.account?;
    let region = place.region?;
    let start = LogicalId::from_path([stack, consumer, "OutputReader"]).to_string();
    let surplus = start.len().saturating_sub(LONGEST_START);
    // The end has the hash that tells two apart.
    let start: String = start.chars().skip(surplus).gather();
    Some(format!("{start}-{region}"))
}

/// Says what is wrong with a role that the spec names.
pub(super) fn check(scope: &mut Scope<'_>, settings: &spec::Consumer, provider: &Provider<'_>) {
    if settings.reader_role.is_some() && settings.service_name != ServiceNameSource::StackOutput {
        let message = "nothing is read with the role: the service name comes as a parameter";
        let help = "remove `readerRole`, or set `serviceName: stack-output`";
        return scope.error(codes::BAD_READER, "readerRole", message, help);
    }
    let Some(role) = settings.reader_role.as_ref().and_then(spec::Input::known).map(Arn::as_str) else { return };
    let parsed = crate::aws::Arn::parse(role);
    let is_role = parsed.is_ok_and(|arn| {
        let of_provider = arn.account.known().zip(provider.place().account).is_none_or(|(theirs, ours)| theirs == ours);
        arn.service.known().is_none_or(|service| service == "iam")
            && arn.resource_type().is_none_or(|kind| kind == "role")
            && of_provider
            && provider.stack.props().refusal(&arn).is_none()
    });
    if !is_role {
        let message = format!("`{role}` is no role in the account of the provider");
        scope.error(codes::BAD_READER, "readerRole", message, "give the ARN of a role there, or leave it out");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Location<'_> = Location { account: Some("111122223333"), region: Some("ap-southeast-1") };

    #[test]
    fn names_of_roles_fit_and_differ() {
        let long = "a".repeat(120);
        let names = [
            role_name("payments", "orders", PLACE).unwrap(),
            role_name("payments", "billing", PLACE).unwrap(),
            role_name(&long, "orders", PLACE).unwrap(),
            role_name(&long, "billing", PLACE).unwrap(),
        ];
        for (index, name) in names.iter().enumerate() {
            assert!(name.len() <= 64, "{name}");
            assert!(!names.iter().skip(index + 1).any(|other| other == name), "{name}");
        }
    }

    #[test]
    fn there_is_no_name_without_a_place() {
        assert_eq!(role_name("payments", "orders", Location::default()), None);
    }
}
