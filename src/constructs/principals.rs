//! The allow-list of an endpoint service: checked, and normalised to what AWS takes.

use crate::aws::Partition;
use crate::aws::principal::{Principal, PrincipalError, PrincipalKind};
use crate::aws::private_link::is_vpc_id;
use crate::cfn::Gather as _;
use crate::cfn::{Text, Value};
use crate::diagnostics::codes::private_link as codes;
use crate::spec::{self, Acceptance, Input, PrivateLink};

use super::Scope;
use super::location::Location;

/// What a principal is normalised to when the partition is not known: only to compare principals with each other.
const SOME_PARTITION: &str = "aws";

/// The principals of the allow-list as `AllowedPrincipals` takes them. The origin of `scope` is the settings.
pub(super) fn allowed(scope: &mut Scope<'_>, settings: &PrivateLink, enforced: bool) -> Vec<Value> {
    if settings.allow.is_empty() {
        let help = "name accounts, users or roles in `allow`";
        scope.warn(codes::NOBODY_ALLOWED, "allow", "nobody may connect", help);
    }
    let env = scope.stack().props().env.clone();
    let partition = Location::of(&env).partition();
    let mut values = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (index, entry) in settings.allow.iter().enumerate() {
        let at = format!("allow/{index}");
        check_vpcs(scope, &at, entry, settings.acceptance, enforced);
        let Input::Known(text) = &entry.principal else {
            values.push(entry.principal.to_value());
            continue;
        };
        let Some(principal) = judge(scope, &at, text, partition) else { continue };
        let arn = principal.arn(partition.map_or(SOME_PARTITION, Partition::id));
        if seen.contains(&arn) {
            let message = format!("`{text}` is allowed already");
            scope.error(codes::DUPLICATE_PRINCIPAL, &at, message, "name it once, with all its `vpcs` and `cidrs`");
            continue;
        }
        warn(scope, &at, &principal, text, settings.acceptance);
        seen.push(arn);
        values.push(value(&principal, text));
    }
    values
}

/// The principal as a value: an account number becomes the ARN of the account's root in the partition of the stack.
fn value(principal: &Principal<'_>, text: &Text) -> Value {
    if principal.kind == PrincipalKind::Account && principal.partition.is_none() {
        let account = Value::from(format!(":iam::{}:root", principal.account));
        return Value::join([Value::from("arn:"), Value::reference("AWS::Partition"), account]);
    }
    Value::from(text.clone())
}

fn judge<'a>(scope: &mut Scope<'_>, at: &str, text: &'a str, ours: Option<Partition>) -> Option<Principal<'a>> {
    let principal = match Principal::parse(text) {
        Ok(principal) => principal,
        Err(error) => {
            let message = match error {
                PrincipalError::AccountDigits(12) => format!("`{text}` cannot be allowed: write the 12 digits alone"),
                _ => format!("`{text}` cannot be allowed: {error}"),
            };
            scope.error(codes::BAD_PRINCIPAL, at, message, advice(&error));
            return None;
        }
    };
    if text.contains("${") {
        let message = format!("`{text}` cannot be allowed: `${{…}}` is not replaced in plain text");
        scope.error(codes::BAD_PRINCIPAL, at, message, "write it with `!Sub`");
        return None;
    }
    if let (Some(theirs), Some(ours)) = (principal.partition, ours)
        && theirs != ours.id()
    {
        let message =
            format!("`{text}` cannot be allowed: its partition is `{theirs}`, that of the service `{}`", ours.id());
        scope.error(codes::BAD_PRINCIPAL, at, message, "PrivateLink stays within a partition");
        return None;
    }
    Some(principal)
}

fn advice(error: &PrincipalError) -> String {
    match error {
        PrincipalError::Vpc => "allow its account with `{ account: …, vpcs: […] }`: a VPC cannot be a principal, so \
                                acceptance limited to the endpoints of known VPCs, the consumers' IAM policy, and with \
                                `loadBalancer.enforcePrivateLink` their address ranges carry what that means"
            .to_owned(),
        PrincipalError::Session { role } => format!("allow the role itself: `{role}`"),
        PrincipalError::Path { account } => format!("allow the whole account, `{account}`, or a role without a path"),
        PrincipalError::Group => "allow the users or roles of the group, or the whole account".to_owned(),
        PrincipalError::AccountDigits(_) => "write an account like `\"111122223333\"`, in quotes".to_owned(),
        _ => "allow an account like `\"111122223333\"`, or the ARN of a user or role".to_owned(),
    }
}

fn warn(scope: &mut Scope<'_>, at: &str, principal: &Principal<'_>, text: &str, acceptance: Acceptance) {
    match (principal.kind, acceptance) {
        (PrincipalKind::Everyone, Acceptance::Automatic) => scope.error(
            codes::PUBLIC_SERVICE,
            at,
            "everybody with an AWS account could connect, and nobody would have to accept it",
            "name the accounts in `allow`, or set `acceptance: manual`",
        ),
        (PrincipalKind::Everyone, Acceptance::Manual) => scope.warn(
            codes::EVERYBODY_MAY_ASK,
            at,
            "everybody with an AWS account can ask to connect",
            "name the accounts in `allow`",
        ),
        (PrincipalKind::Organization, _) => scope.warn(
            codes::UNDOCUMENTED_PRINCIPAL,
            at,
            format!("AWS does not document that an endpoint service can allow `{text}`"),
            "name the accounts of the organization one by one",
        ),
        _ => {}
    }
}

/// A VPC cannot be a principal, so something else must keep the other VPCs of the account away.
fn check_vpcs(scope: &mut Scope<'_>, at: &str, entry: &spec::Principal, acceptance: Acceptance, enforced: bool) {
    for (index, vpc) in entry.vpcs.iter().enumerate() {
        let Some(vpc) = vpc.known().filter(|vpc| !is_vpc_id(vpc)) else { continue };
        let message = format!("`{vpc}` is no VPC ID");
        scope.error(codes::BAD_VPC, &format!("{at}/vpcs/{index}"), message, "write it like `vpc-0123456789abcdef0`");
    }
    if entry.vpcs.is_empty() || acceptance == Acceptance::Manual {
        return;
    }
    let at = format!("{at}/vpcs");
    if enforced {
        let message = "with automatic acceptance only the address ranges keep other VPCs of the account away";
        let help = "set `acceptance: manual`, and accept only the endpoints of these VPCs";
        scope.warn(codes::VPCS_HELD_BY_ADDRESSES, &at, message, help);
    } else {
        let message = "with automatic acceptance nothing keeps other VPCs of the account away";
        let help = "set `acceptance: manual`, and accept only the endpoints of these VPCs";
        scope.error(codes::VPCS_NOT_HELD, &at, message, help);
    }
}

/// Whether an allow-list lets the principals of an account connect.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Coverage<'a> {
    /// No entry is about the account.
    No,
    /// That depends on what is known at deployment only, or on what AWS does not document.
    Unknown,
    /// It does: from these VPCs, or from all when there are none.
    From(Vec<&'a Input<Text>>),
}

/// Whether, and from which VPCs, an allow-list lets the principals of `account` connect.
pub(super) fn coverage<'a>(settings: &'a PrivateLink, account: &str) -> Coverage<'a> {
    let mut unknown = false;
    let mut entries = Vec::new();
    for entry in &settings.allow {
        match entry.principal.known().map(|text| Principal::parse(text)) {
            Some(Ok(principal)) if principal.account == account => entries.push(entry),
            Some(Ok(principal)) if principal.kind == PrincipalKind::Everyone => entries.push(entry),
            Some(Ok(principal)) if principal.kind == PrincipalKind::Organization => unknown = true,
            None => unknown = true,
            Some(_) => {}
        }
    }
    match (entries.is_empty(), unknown) {
        (true, false) => Coverage::No,
        (true, true) => Coverage::Unknown,
        (false, _) if entries.iter().any(|entry| entry.vpcs.is_empty()) => Coverage::From(Vec::new()),
        (false, _) => Coverage::From(entries.into_iter().flat_map(|entry| &entry.vpcs).gather()),
    }
}

/// The address ranges of all entries that let the principals of `account` connect.
pub(super) fn ranges<'a>(
    settings: &'a PrivateLink,
    account: &str,
) -> impl Iterator<Item = &'a Input<spec::text::AnyCidr>> {
    let entries = settings.allow.iter().filter(move |entry| {
        let principal = entry.principal.known().and_then(|text| Principal::parse(text).ok());
        principal.is_some_and(|principal| principal.account == account || principal.kind == PrincipalKind::Everyone)
    });
    entries.flat_map(|entry| &entry.cidrs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(allow: Vec<spec::Principal>) -> PrivateLink {
        PrivateLink { allow, ..PrivateLink::default() }
    }

    fn entry(principal: &'static str, vpcs: &[&'static str]) -> spec::Principal {
        let vpcs = vpcs.iter().map(|vpc| Input::from(*vpc)).collect();
        spec::Principal { principal: principal.into(), vpcs, ..spec::Principal::default() }
    }

    const VPC: &str = "vpc-0123456789abcdef0";

    #[test]
    fn an_account_is_covered_by_itself_its_roles_and_everybody() {
        for principal in
            ["222233334444", "arn:aws:iam::222233334444:root", "arn:aws:iam::222233334444:role/caller", "*"]
        {
            let settings = settings(vec![entry(principal, &[])]);
            assert_eq!(coverage(&settings, "222233334444"), Coverage::From(Vec::new()), "{principal}");
        }
        assert_eq!(coverage(&settings(vec![entry("333344445555", &[])]), "222233334444"), Coverage::No);
    }

    #[test]
    fn what_is_not_known_now_may_cover_an_account() {
        let token = spec::Principal { principal: Input::Token(Value::reference("Consumer")), ..Default::default() };
        assert_eq!(coverage(&settings(vec![token]), "222233334444"), Coverage::Unknown);
        let organization = entry("o-exampleorgid", &[]);
        assert_eq!(coverage(&settings(vec![organization]), "222233334444"), Coverage::Unknown);
    }

    #[test]
    fn an_entry_without_vpcs_lets_all_of_them_in() {
        let limited = entry("222233334444", &[VPC]);
        let vpc = Input::from(VPC);
        let only = settings(vec![limited.clone()]);
        assert_eq!(coverage(&only, "222233334444"), Coverage::From(vec![&vpc]));
        let both = settings(vec![limited, entry("arn:aws:iam::222233334444:role/caller", &[])]);
        assert_eq!(coverage(&both, "222233334444"), Coverage::From(Vec::new()));
    }
}
