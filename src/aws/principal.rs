//! Who may connect to an endpoint service: the forms of principals that AWS takes, and those that it refuses.

use std::fmt;
use std::ops::RangeInclusive;

use super::arn::{Arn, ArnError, is_account_id};
use super::hole::has_hole;
use super::private_link::is_vpc_id;

/// What kind of principal is allowed.
///
/// Source: `vpc/latest/privatelink/configure-endpoint-service` (2026) for the first four; botocore 1.44.5, shape
/// `PrincipalType`, knows the others, but no page documents an ARN of theirs that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrincipalKind {
    /// `*`: everybody with an AWS account.
    Everyone,
    /// An account, with all its users and roles.
    Account,
    /// A role.
    Role,
    /// A user.
    User,
    /// A service of AWS, such as `ec2.amazonaws.com`.
    Service,
    /// An organization or organizational unit.
    Organization,
    /// All that can be told is that it will be known later.
    Unknown,
}

impl PrincipalKind {
    /// Whether AWS documents this form for endpoint services.
    #[must_use]
    pub const fn is_documented(self) -> bool {
        matches!(self, Self::Everyone | Self::Account | Self::Role | Self::User)
    }
}

/// A principal that an endpoint service may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal<'a> {
    /// What kind it is.
    pub kind: PrincipalKind,
    /// The partition, when it was written (it may be a hole).
    pub partition: Option<&'a str>,
    /// The account ID, or a hole that stands for it; empty when the kind has none.
    pub account: &'a str,
    text: &'a str,
    name: &'a str,
}

/// Why a text is not a principal that an endpoint service can allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrincipalError {
    /// Nothing is written.
    Empty,
    /// It is a VPC: principals are accounts, users and roles.
    Vpc,
    /// It is an account ID with hyphens, spaces or a wrong number of digits; how many digits it has.
    AccountDigits(usize),
    /// It is the ARN of a session; the ARN of the role may be allowed instead.
    Session {
        /// The ARN of the role, which is wrong if the role has a path.
        role: String,
    },
    /// Users and roles with a path are refused; the account can be allowed instead.
    Path {
        /// The ARN of the account.
        account: String,
    },
    /// A group cannot be a principal.
    Group,
    /// It is an ARN, but of nothing that can be a principal.
    NotAPrincipal,
    /// The name of the user or role is malformed.
    Name,
    /// It is neither an account ID nor an ARN.
    Malformed(ArnError),
}

impl fmt::Display for PrincipalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("it is empty"),
            Self::Vpc => formatter.write_str("it is a VPC, and only accounts, users and roles can be allowed"),
            Self::AccountDigits(count) => write!(formatter, "an account ID has 12 digits, and this has {count}"),
            Self::Session { .. } => formatter.write_str("it is a session, and only its role can be allowed"),
            Self::Path { .. } => formatter.write_str("users and roles with a path cannot be allowed"),
            Self::Group => formatter.write_str("groups cannot be allowed"),
            Self::NotAPrincipal => formatter.write_str("it is neither an account nor a user nor a role"),
            Self::Name => formatter.write_str("the name of the user or role is malformed"),
            Self::Malformed(error) => write!(formatter, "{error}"),
        }
    }
}

impl std::error::Error for PrincipalError {}

impl<'a> Principal<'a> {
    /// Reads a principal: `*`, an account ID, the ARN of an account, user or role, a service, or an organization.
    ///
    /// # Errors
    ///
    /// What it is instead, with what to write where that is known.
    pub fn parse(text: &'a str) -> Result<Self, PrincipalError> {
        if text.is_empty() {
            return Err(PrincipalError::Empty);
        }
        if text == "*" {
            return Ok(Self::simple(PrincipalKind::Everyone, text));
        }
        if is_account_id(text) {
            return Ok(Self { account: text, ..Self::simple(PrincipalKind::Account, text) });
        }
        if text.starts_with("arn:") {
            return Self::from_arn(text);
        }
        Self::from_other(text)
    }

    const fn simple(kind: PrincipalKind, text: &'a str) -> Self {
        Self { kind, partition: None, account: "", text, name: "" }
    }

    fn from_other(text: &'a str) -> Result<Self, PrincipalError> {
        if has_hole(text) {
            return Ok(Self::simple(PrincipalKind::Unknown, text));
        }
        if is_vpc_id(text) || text.starts_with("vpc-") {
            return Err(PrincipalError::Vpc);
        }
        if is_service_principal(text) {
            return Ok(Self::simple(PrincipalKind::Service, text));
        }
        if is_organization_id(text) {
            return Ok(Self::simple(PrincipalKind::Organization, text));
        }
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let is_number = digits > 0 && text.chars().all(|letter| letter.is_ascii_digit() || "- _.".contains(letter));
        Err(if is_number {
            PrincipalError::AccountDigits(digits)
        } else {
            PrincipalError::Malformed(ArnError::NotAnArn)
        })
    }

    fn from_arn(text: &'a str) -> Result<Self, PrincipalError> {
        let arn = Arn::parse(text).map_err(PrincipalError::Malformed)?;
        match arn.service.known() {
            Some("iam") => Self::from_iam_arn(text, &arn),
            Some("sts") => Err(session(&arn)),
            Some("organizations") => {
                let organization = Self::simple(PrincipalKind::Organization, text);
                Ok(Self { partition: Some(arn.partition.text()), ..organization })
            }
            Some("ec2") if arn.resource_type() == Some("vpc") => Err(PrincipalError::Vpc),
            Some(_) => Err(PrincipalError::NotAPrincipal),
            None => Ok(Self::simple(PrincipalKind::Unknown, text)),
        }
    }

    fn from_iam_arn(text: &'a str, arn: &Arn<'a>) -> Result<Self, PrincipalError> {
        let resource = arn.resource.text();
        let of_kind = |kind, name| {
            let account = arn.account.text();
            Ok(Self { kind, partition: Some(arn.partition.text()), account, text, name })
        };
        if resource == "root" {
            return of_kind(PrincipalKind::Account, "");
        }
        let kind = match arn.resource_type() {
            Some("role") => PrincipalKind::Role,
            Some("user") => PrincipalKind::User,
            Some("group") => return Err(PrincipalError::Group),
            _ if has_hole(resource) => return of_kind(PrincipalKind::Unknown, ""),
            _ => return Err(PrincipalError::NotAPrincipal),
        };
        let name = arn.resource_id().unwrap_or_default();
        if has_hole(name) {
            return of_kind(kind, name);
        }
        if name.contains('/') {
            return Err(PrincipalError::Path { account: account_arn(arn.partition.text(), arn.account.text()) });
        }
        if is_iam_name(name) { of_kind(kind, name) } else { Err(PrincipalError::Name) }
    }

    /// The principal as `AllowedPrincipals` takes it. `partition` stands for the one that was not written: an ID such as
    /// `aws`, or a hole such as `${AWS::Partition}`. An account ID becomes the ARN of the account's root.
    #[must_use]
    pub fn arn(&self, partition: &str) -> String {
        match self.kind {
            PrincipalKind::Account => account_arn(self.partition.unwrap_or(partition), self.account),
            _ => self.text.to_owned(),
        }
    }

    /// The name of the user or role, when it is one and its name is known.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        (!self.name.is_empty() && !has_hole(self.name)).then_some(self.name)
    }
}

fn account_arn(partition: &str, account: &str) -> String {
    format!("arn:{partition}:iam::{account}:root")
}

/// AWS answers `InvalidPrincipal` to the ARN of a session. Source: hashicorp/terraform-provider-aws, issue 16657.
fn session(arn: &Arn<'_>) -> PrincipalError {
    let mut parts = arn.resource.text().split('/');
    match (parts.next(), parts.next()) {
        (Some("assumed-role"), Some(name)) if !name.is_empty() => {
            let Arn { partition, account, .. } = arn;
            PrincipalError::Session { role: format!("arn:{partition}:iam::{account}:role/{name}") }
        }
        _ => PrincipalError::NotAPrincipal,
    }
}

/// Whether `name` can be the name of a user or role. Source: botocore 1.44.5, shapes `roleNameType` and
/// `existingUserNameType` of IAM.
fn is_iam_name(name: &str) -> bool {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter);
    (1..=128).contains(&name.len()) && name.chars().all(is_allowed)
}

fn is_service_principal(text: &str) -> bool {
    let name = text.strip_suffix(".amazonaws.com").or_else(|| text.strip_suffix(".amazonaws.com.cn"));
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(is_service_letter))
}

const fn is_service_letter(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.')
}

/// Source: botocore 1.44.5, shapes `OrganizationId` and `OrganizationalUnitId` of Organizations.
fn is_organization_id(text: &str) -> bool {
    if let Some(id) = text.strip_prefix("o-") {
        return is_alphanumeric(id, 10..=32);
    }
    let parts = text.strip_prefix("ou-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(root, unit)| is_alphanumeric(root, 4..=32) && is_alphanumeric(unit, 8..=32))
}

fn is_alphanumeric(text: &str, length: RangeInclusive<usize>) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    length.contains(&text.len()) && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn_of(text: &str) -> String {
        Principal::parse(text).unwrap().arn("aws")
    }

    #[test]
    fn an_account_is_normalised() {
        assert_eq!(arn_of("111122223333"), "arn:aws:iam::111122223333:root");
        assert_eq!(arn_of("arn:aws:iam::111122223333:root"), "arn:aws:iam::111122223333:root");
        let principal = Principal::parse("012345678901").unwrap();
        assert_eq!(principal.arn("${AWS::Partition}"), "arn:${AWS::Partition}:iam::012345678901:root");
        assert_eq!(principal.account, "012345678901");
    }

    #[test]
    fn documented_forms_are_kept_as_they_are() {
        let cases = [
            ("*", PrincipalKind::Everyone),
            ("arn:aws:iam::111122223333:role/caller", PrincipalKind::Role),
            ("arn:aws-cn:iam::111122223333:user/a.b@c", PrincipalKind::User),
            ("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Role}", PrincipalKind::Role),
        ];
        for (text, kind) in cases {
            let principal = Principal::parse(text).unwrap();
            assert_eq!((principal.kind, principal.arn("aws").as_str()), (kind, text));
            assert!(principal.kind.is_documented());
        }
        assert_eq!(Principal::parse("arn:aws:iam::111122223333:role/caller").unwrap().name(), Some("caller"));
    }

    #[test]
    fn undocumented_forms_are_marked() {
        for (text, kind) in [
            ("ec2.amazonaws.com", PrincipalKind::Service),
            ("o-exampleorgid", PrincipalKind::Organization),
            ("ou-examplerootid-exampleouid", PrincipalKind::Organization),
            ("arn:aws:organizations::111122223333:organization/o-exampleorgid", PrincipalKind::Organization),
            ("${Consumer}", PrincipalKind::Unknown),
            ("arn:${Rest}:${Service}:${Region}:${Account}:${Resource}", PrincipalKind::Unknown),
        ] {
            let principal = Principal::parse(text).unwrap();
            assert_eq!(principal.kind, kind, "{text}");
            assert!(!principal.kind.is_documented());
        }
    }

    #[test]
    fn what_is_refused_says_what_to_write() {
        let session = Principal::parse("arn:aws:sts::111122223333:assumed-role/caller/session").unwrap_err();
        assert_eq!(session, PrincipalError::Session { role: "arn:aws:iam::111122223333:role/caller".to_owned() });
        let path = Principal::parse("arn:aws:iam::111122223333:role/team/caller").unwrap_err();
        assert_eq!(path, PrincipalError::Path { account: "arn:aws:iam::111122223333:root".to_owned() });
    }

    #[test]
    fn what_is_no_principal_is_told_apart() {
        let cases = [
            ("", PrincipalError::Empty),
            ("vpc-0abc123de456f7890", PrincipalError::Vpc),
            ("arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-0abc123de456f7890", PrincipalError::Vpc),
            ("1111-2222-3333", PrincipalError::AccountDigits(12)),
            ("11112222333", PrincipalError::AccountDigits(11)),
            ("arn:aws:iam::111122223333:group/callers", PrincipalError::Group),
            ("arn:aws:iam::111122223333:policy/p", PrincipalError::NotAPrincipal),
            ("arn:aws:s3:::bucket", PrincipalError::NotAPrincipal),
            ("arn:aws:sts::111122223333:federated-user/a", PrincipalError::NotAPrincipal),
            ("arn:aws:iam::111122223333:role/", PrincipalError::Name),
            ("arn:aws:iam::111122223333:role/a*", PrincipalError::Name),
            ("arn:aws:iam::1111222233:root", PrincipalError::Malformed(ArnError::MalformedAccount)),
            ("everyone", PrincipalError::Malformed(ArnError::NotAnArn)),
        ];
        for (text, error) in cases {
            assert_eq!(Principal::parse(text), Err(error), "{text}");
        }
    }
}
