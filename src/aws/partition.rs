//! Partitions: the separate worlds of AWS, each with ARNs, DNS names and Regions of its own.

/// A partition of AWS. Accounts, principals and PrivateLink never cross one.
///
/// Source: `partitions.json` of botocore 1.44.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// The commercial Regions.
    Aws,
    /// China (Beijing and Ningxia).
    AwsCn,
    /// AWS GovCloud (US).
    AwsUsGov,
    /// The European Sovereign Cloud.
    AwsEusc,
    /// The isolated Regions `us-iso-*`.
    AwsIso,
    /// The isolated Regions `us-isob-*`.
    AwsIsoB,
    /// The isolated Regions `eu-isoe-*`.
    AwsIsoE,
    /// The isolated Regions `us-isof-*`.
    AwsIsoF,
}

/// How the names of a partition's Regions begin, the longer ones first: `us-gov-west-1` is not of `aws`.
const PREFIXES: &[(&str, Partition)] = &[
    ("cn-", Partition::AwsCn),
    ("us-gov-", Partition::AwsUsGov),
    ("eusc-", Partition::AwsEusc),
    ("us-isob-", Partition::AwsIsoB),
    ("us-isof-", Partition::AwsIsoF),
    ("us-iso-", Partition::AwsIso),
    ("eu-isoe-", Partition::AwsIsoE),
    ("us-", Partition::Aws),
    ("eu-", Partition::Aws),
    ("ap-", Partition::Aws),
    ("sa-", Partition::Aws),
    ("ca-", Partition::Aws),
    ("me-", Partition::Aws),
    ("af-", Partition::Aws),
    ("il-", Partition::Aws),
    ("mx-", Partition::Aws),
];

impl Partition {
    /// All partitions.
    pub const ALL: &[Self] = &[
        Self::Aws,
        Self::AwsCn,
        Self::AwsUsGov,
        Self::AwsEusc,
        Self::AwsIso,
        Self::AwsIsoB,
        Self::AwsIsoE,
        Self::AwsIsoF,
    ];

    /// The second part of its ARNs, and the value of the pseudo parameter `AWS::Partition`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsEusc => "aws-eusc",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
        }
    }

    /// What the names of its endpoints end with, and the value of the pseudo parameter `AWS::URLSuffix`.
    #[must_use]
    pub const fn dns_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::AwsUsGov => "amazonaws.com",
            Self::AwsCn => "amazonaws.com.cn",
            Self::AwsEusc => "amazonaws.eu",
            Self::AwsIso => "c2s.ic.gov",
            Self::AwsIsoB => "sc2s.sgov.gov",
            Self::AwsIsoE => "cloud.adc-e.uk",
            Self::AwsIsoF => "csp.hci.ic.gov",
        }
    }

    /// What the names of its dual-stack endpoints end with.
    #[must_use]
    pub const fn dual_stack_dns_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::AwsUsGov => "api.aws",
            Self::AwsCn => "api.amazonwebservices.com.cn",
            Self::AwsEusc => "api.amazonwebservices.eu",
            Self::AwsIso => "api.aws.ic.gov",
            Self::AwsIsoB => "api.aws.scloud",
            Self::AwsIsoE => "api.cloud-aws.adc-e.uk",
            Self::AwsIsoF => "api.aws.hci.ic.gov",
        }
    }

    /// The partition with this ID.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|partition| partition.id() == id)
    }

    /// The partition of a Region, known or not, by how its name begins; `None` when no partition's names look like it.
    #[must_use]
    pub fn of_region(region: &str) -> Option<Self> {
        let (prefix, partition) = PREFIXES.iter().find(|(prefix, _)| region.starts_with(prefix))?;
        is_place_and_number(region.strip_prefix(prefix)?).then_some(*partition)
    }
}

/// Whether `rest` looks like `west-1`: what botocore's `regionRegex` of every partition ends with (for the European
/// Sovereign Cloud, `de-east-1`).
fn is_place_and_number(rest: &str) -> bool {
    let Some((place, number)) = rest.rsplit_once('-') else { return false };
    let place = place.strip_prefix("de-").unwrap_or(place);
    let is_word = !place.is_empty() && place.chars().all(|character| character.is_ascii_lowercase());
    is_word && !number.is_empty() && number.chars().all(|character| character.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_is_found_by_its_id() {
        for partition in Partition::ALL {
            assert_eq!(Partition::from_id(partition.id()), Some(*partition));
        }
        assert_eq!(Partition::from_id("aws-"), None);
        assert_eq!(Partition::from_id("AWS"), None);
    }

    #[test]
    fn a_region_that_is_not_known_yet_has_a_partition() {
        assert_eq!(Partition::of_region("eu-west-9"), Some(Partition::Aws));
        assert_eq!(Partition::of_region("us-gov-north-1"), Some(Partition::AwsUsGov));
        assert_eq!(Partition::of_region("us-isob-south-1"), Some(Partition::AwsIsoB));
        assert_eq!(Partition::of_region("eusc-de-east-2"), Some(Partition::AwsEusc));
        assert_eq!(Partition::of_region("cn-south-1"), Some(Partition::AwsCn));
    }

    #[test]
    fn what_is_no_region_has_no_partition() {
        for text in
            ["", "eu", "eu-", "eu-west", "eu-west-", "eu-west-1a", "eu-West-1", "xx-west-1", "us-gov-1", "eu--1"]
        {
            assert_eq!(Partition::of_region(text), None, "{text}");
        }
    }
}
