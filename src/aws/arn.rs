//! ARNs and account IDs: a strict parser that lets holes such as `${AWS::AccountId}` stand for what is not known.

use std::fmt;

use super::Partition;
use super::hole::{self, has_hole};

/// How many digits an account ID has. Source: `accounts/latest/reference/manage-acct-identifiers`.
pub const ACCOUNT_ID_LENGTH: usize = 12;

/// Whether `text` is an account ID: exactly twelve digits, leading zeros included.
#[must_use]
pub fn is_account_id(text: &str) -> bool {
    text.len() == ACCOUNT_ID_LENGTH && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Words that stand where an account ID stands in ARNs of things that AWS itself owns, such as
/// `arn:aws:iam::aws:policy/…`. Source: the managed policy reference and the IAM JSON policy elements reference.
const OWNERS: &[&str] = &["aws", "aws-marketplace", "cloudfront"];

/// A part of an ARN: text, which may have holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a>(&'a str);

impl<'a> Part<'a> {
    /// The part as it was written, holes included.
    #[must_use]
    pub const fn text(self) -> &'a str {
        self.0
    }

    /// The part when all of it is known: `None` when it has a hole.
    #[must_use]
    pub fn known(self) -> Option<&'a str> {
        (!has_hole(self.0)).then_some(self.0)
    }

    /// Whether nothing stands there, as between the colons after `iam` in `arn:aws:iam::…`.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// An ARN: `arn:partition:service:region:account:resource`.
///
/// Source: `IAM/latest/UserGuide/reference-arns`. It borrows the text that it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// The partition, such as `aws`.
    pub partition: Part<'a>,
    /// The service, such as `iam`.
    pub service: Part<'a>,
    /// The Region; empty for resources without one.
    pub region: Part<'a>,
    /// The account ID, a word such as `aws` for what AWS owns, or empty.
    pub account: Part<'a>,
    /// All the rest, which may have colons and slashes.
    pub resource: Part<'a>,
}

/// Why a text is not an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArnError {
    /// It does not begin with `arn:`.
    NotAnArn,
    /// It has fewer than six parts; how many it has.
    TooFewParts(usize),
    /// A hole `${` is never closed.
    OpenHole,
    /// The partition is none of AWS's.
    UnknownPartition,
    /// The service is empty or has a character other than lower-case letters, digits and hyphens.
    MalformedService,
    /// The Region does not look like one.
    MalformedRegion,
    /// The account is not twelve digits.
    MalformedAccount,
    /// The resource is empty.
    EmptyResource,
    /// It has a white-space or control character.
    StrayCharacter,
}

impl fmt::Display for ArnError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnArn => formatter.write_str("it does not begin with `arn:`"),
            Self::TooFewParts(count) => write!(formatter, "it has {count} parts instead of 6"),
            Self::OpenHole => formatter.write_str("a `${` is never closed"),
            Self::UnknownPartition => formatter.write_str("its partition is unknown"),
            Self::MalformedService => formatter.write_str("its service is malformed"),
            Self::MalformedRegion => formatter.write_str("its Region is malformed"),
            Self::MalformedAccount => formatter.write_str("its account ID does not have 12 digits"),
            Self::EmptyResource => formatter.write_str("it names no resource"),
            Self::StrayCharacter => formatter.write_str("it has a space or control character"),
        }
    }
}

impl std::error::Error for ArnError {}

impl<'a> Arn<'a> {
    /// Reads an ARN. Parts that have a hole are not judged; the others must be well-formed.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, from left to right.
    pub fn parse(text: &'a str) -> Result<Self, ArnError> {
        if !text.starts_with("arn:") {
            return Err(ArnError::NotAnArn);
        }
        let arn = Self::split(text)?;
        arn.check()?;
        Ok(arn)
    }

    /// Cuts at the first five colons that are outside holes.
    pub(crate) fn split(text: &'a str) -> Result<Self, ArnError> {
        let colons = hole::positions(text, |character| character == ':').map_err(|_| ArnError::OpenHole)?;
        if colons.len() < 5 {
            return Err(ArnError::TooFewParts(colons.len() + 1));
        }
        let mut rest = text;
        let mut start = 0;
        let mut parts = [""; 5];
        for (part, colon) in parts.iter_mut().zip(colons) {
            (*part, rest) = hole::split_around(rest, colon - start);
            start = colon + 1;
        }
        let [_, partition, service, region, account] = parts;
        Ok(Self {
            partition: Part(partition),
            service: Part(service),
            region: Part(region),
            account: Part(account),
            resource: Part(rest),
        })
    }

    fn check(&self) -> Result<(), ArnError> {
        let holds = |part: Part<'_>, test: fn(&str) -> bool| part.known().is_none_or(test);
        if !holds(self.partition, |text| Partition::from_id(text).is_some()) {
            return Err(ArnError::UnknownPartition);
        }
        if !holds(self.service, is_service) {
            return Err(ArnError::MalformedService);
        }
        if !holds(self.region, |text| text.is_empty() || Partition::of_region(text).is_some()) {
            return Err(ArnError::MalformedRegion);
        }
        if !holds(self.account, |text| text.is_empty() || is_account_id(text) || OWNERS.contains(&text)) {
            return Err(ArnError::MalformedAccount);
        }
        if self.resource.is_empty() {
            return Err(ArnError::EmptyResource);
        }
        if self.resource.text().chars().any(|character| character.is_whitespace() || character.is_control()) {
            return Err(ArnError::StrayCharacter);
        }
        Ok(())
    }

    /// The kind of resource: what stands before the first slash or colon of the resource, such as `role` in
    /// `role/caller`; `None` when the resource has neither, or the hole begins before them.
    #[must_use]
    pub fn resource_type(&self) -> Option<&'a str> {
        self.resource_parts().map(|(kind, _)| kind)
    }

    /// The resource without its kind: what stands after the first slash or colon, such as `caller` in `role/caller`.
    #[must_use]
    pub fn resource_id(&self) -> Option<&'a str> {
        self.resource_parts().map(|(_, id)| id)
    }

    fn resource_parts(&self) -> Option<(&'a str, &'a str)> {
        let (kind, id) = self.resource.text().split_once(['/', ':'])?;
        (!has_hole(kind)).then_some((kind, id))
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(formatter, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

fn is_service(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_full_arn_has_its_parts() {
        let arn = Arn::parse("arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf").unwrap();
        assert_eq!(arn.partition.known(), Some("aws"));
        assert_eq!(arn.service.known(), Some("secretsmanager"));
        assert_eq!(arn.region.known(), Some("eu-west-1"));
        assert_eq!(arn.account.known(), Some("111122223333"));
        assert_eq!(arn.resource_type(), Some("secret"));
        assert_eq!(arn.resource_id(), Some("prod/db-AbCdEf"));
    }

    #[test]
    fn region_and_account_may_be_empty() {
        let arn = Arn::parse("arn:aws:s3:::a-bucket/a/key").unwrap();
        assert!(arn.region.is_empty() && arn.account.is_empty());
        assert_eq!(arn.resource_type(), Some("a-bucket"));
    }

    #[test]
    fn holes_are_unknown_and_their_colons_do_not_count() {
        let arn = Arn::parse("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Role}").unwrap();
        assert_eq!(arn.partition.known(), None);
        assert_eq!(arn.account.known(), None);
        assert_eq!(arn.account.text(), "${AWS::AccountId}");
        assert_eq!(arn.resource_type(), Some("role"));
        assert_eq!(arn.resource.known(), None);
    }

    #[test]
    fn a_token_of_cdk_is_a_hole() {
        let arn = Arn::parse("arn:${Token[AWS.Partition.7]}:ecs:eu-west-1:111122223333:cluster/x").unwrap();
        assert_eq!(arn.partition.known(), None);
        assert_eq!(arn.region.known(), Some("eu-west-1"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            ("", ArnError::NotAnArn),
            ("111122223333", ArnError::NotAnArn),
            ("arn:aws:iam", ArnError::TooFewParts(3)),
            ("arn:aws:iam::111122223333", ArnError::TooFewParts(5)),
            ("arn:amazon:iam::111122223333:root", ArnError::UnknownPartition),
            ("arn:aws:IAM::111122223333:root", ArnError::MalformedService),
            ("arn:aws:::111122223333:root", ArnError::MalformedService),
            ("arn:aws:iam:ireland:111122223333:root", ArnError::MalformedRegion),
            ("arn:aws:iam::11112222333:root", ArnError::MalformedAccount),
            ("arn:aws:iam::1111-2222-3333:root", ArnError::MalformedAccount),
            ("arn:aws:iam::111122223333:", ArnError::EmptyResource),
            ("arn:aws:iam::111122223333:role/a b", ArnError::StrayCharacter),
            ("arn:aws:iam::${AWS::AccountId:root", ArnError::OpenHole),
        ];
        for (text, error) in cases {
            assert_eq!(Arn::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn what_aws_owns_has_a_word_for_an_account() {
        assert!(Arn::parse("arn:aws:iam::aws:policy/ReadOnlyAccess").is_ok());
    }

    #[test]
    fn account_ids_are_twelve_digits() {
        assert!(is_account_id("012345678901"));
        for text in ["", "12345678901", "1234567890123", "12345678901a", "１２３４５６７８９０１２"] {
            assert!(!is_account_id(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic_and_what_is_read_is_written_back(text in "(arn:)?[a-z0-9:${}/ é-]{0,60}") {
            if let Ok(arn) = Arn::parse(&text) {
                prop_assert_eq!(arn.to_string(), text);
            }
        }
    }
}
