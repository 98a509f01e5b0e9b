//! Regions: their partitions, Availability Zones, and what differs between them for this kind of service.

use super::Partition::{self, Aws, AwsCn, AwsEusc, AwsIso, AwsIsoB, AwsIsoE, AwsIsoF, AwsUsGov};

/// A Region of AWS.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// Its code, such as `eu-west-1`.
    pub name: &'static str,
    /// The partition that it belongs to.
    pub partition: Partition,
    /// Its name for people, such as `Europe (Ireland)`.
    pub description: &'static str,
    /// Whether an account must enable it first: true for the Regions introduced after 20 March 2019. Source:
    /// `global-infrastructure/latest/regions/aws-regions` (2026) for the partition `aws`, and the npm package
    /// `@aws-cdk/region-info` 2.269.0 for the others.
    pub opt_in: bool,
    /// Whether it was introduced on or after 23 December 2023 as ECS counts (Calgary, opened three days earlier, is one
    /// of them). Whoever uses one ECS endpoint there needs all of `ecs`, `ecs-agent` and `ecs-telemetry`; tasks on
    /// Fargate need none. Source: `AmazonECS/latest/developerguide/vpc-endpoints`; which Regions are older is read off
    /// botocore 1.34.0, released on 13 December 2023.
    pub needs_all_ecs_endpoints: bool,
    zone_prefix: &'static str,
    zone_numbers: &'static [u8],
}

/// How many Availability Zones every account has in every Region at the least.
///
/// Regions have three or more, but newer accounts see two in `us-west-1`, and a constrained zone may be withheld from
/// new accounts anywhere. Source: `global-infrastructure/latest/regions/aws-availability-zones` (2026).
pub const ZONES_IN_EVERY_ACCOUNT: u8 = 2;

/// The Availability Zones, by ID, in which PrivateLink does not offer access across Regions.
///
/// Source: `vpc/latest/privatelink/privatelink-share-your-services` (2026).
pub const ZONES_WITHOUT_CROSS_REGION_ACCESS: &[&str] = &["use1-az3", "usw1-az2", "apne1-az3", "apne2-az2", "apne2-az4"];

/// How an account comes to use a Region.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Enabled,
    OptIn,
}

/// When a Region was introduced, as the endpoints of ECS divide them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    Older,
    Newer,
}

use Access::{Enabled, OptIn};
use Age::{Newer, Older};

const fn region(
    name: &'static str,
    partition: Partition,
    description: &'static str,
    access: Access,
    age: Age,
    zone_prefix: &'static str,
    zone_numbers: &'static [u8],
) -> Region {
    Region {
        name,
        partition,
        description,
        opt_in: matches!(access, OptIn),
        needs_all_ecs_endpoints: matches!(age, Newer),
        zone_prefix,
        zone_numbers,
    }
}

/// All Regions that the API models know, sorted by name. Those of Saudi Arabia and Chile are in the models and not yet in
/// the documentation.
///
/// Source: `partitions.json` of botocore 1.44.5 (names, partitions, descriptions), and
/// `global-infrastructure/latest/regions/aws-availability-zones` (2026; zone IDs).
pub static REGIONS: &[Region] = &[
    region("af-south-1", Aws, "Africa (Cape Town)", OptIn, Older, "afs1", &[1, 2, 3]),
    region("ap-east-1", Aws, "Asia Pacific (Hong Kong)", OptIn, Older, "ape1", &[1, 2, 3]),
    region("ap-east-2", Aws, "Asia Pacific (Taipei)", OptIn, Newer, "ape2", &[1, 2, 3]),
    region("ap-northeast-1", Aws, "Asia Pacific (Tokyo)", Enabled, Older, "apne1", &[1, 2, 3, 4]),
    region("ap-northeast-2", Aws, "Asia Pacific (Seoul)", Enabled, Older, "apne2", &[1, 2, 3, 4]),
    region("ap-northeast-3", Aws, "Asia Pacific (Osaka)", Enabled, Older, "apne3", &[1, 2, 3]),
    region("ap-south-1", Aws, "Asia Pacific (Mumbai)", Enabled, Older, "aps1", &[1, 2, 3]),
    region("ap-south-2", Aws, "Asia Pacific (Hyderabad)", OptIn, Older, "aps2", &[1, 2, 3]),
    region("ap-southeast-1", Aws, "Asia Pacific (Singapore)", Enabled, Older, "apse1", &[1, 2, 3]),
    region("ap-southeast-2", Aws, "Asia Pacific (Sydney)", Enabled, Older, "apse2", &[1, 2, 3]),
    region("ap-southeast-3", Aws, "Asia Pacific (Jakarta)", OptIn, Older, "apse3", &[1, 2, 3]),
    region("ap-southeast-4", Aws, "Asia Pacific (Melbourne)", OptIn, Older, "apse4", &[1, 2, 3]),
    region("ap-southeast-5", Aws, "Asia Pacific (Malaysia)", OptIn, Newer, "apse5", &[1, 2, 3]),
    region("ap-southeast-6", Aws, "Asia Pacific (New Zealand)", OptIn, Newer, "apse6", &[1, 2, 3]),
    region("ap-southeast-7", Aws, "Asia Pacific (Thailand)", OptIn, Newer, "apse7", &[1, 2, 3]),
    region("ca-central-1", Aws, "Canada (Central)", Enabled, Older, "cac1", &[1, 2, 4]),
    region("ca-west-1", Aws, "Canada West (Calgary)", OptIn, Newer, "caw1", &[1, 2, 3]),
    region("cn-north-1", AwsCn, "China (Beijing)", Enabled, Older, "", &[]),
    region("cn-northwest-1", AwsCn, "China (Ningxia)", Enabled, Older, "", &[]),
    region("eu-central-1", Aws, "Europe (Frankfurt)", Enabled, Older, "euc1", &[1, 2, 3]),
    region("eu-central-2", Aws, "Europe (Zurich)", OptIn, Older, "euc2", &[1, 2, 3]),
    region("eu-isoe-west-1", AwsIsoE, "EU ISOE West", Enabled, Newer, "", &[]),
    region("eu-north-1", Aws, "Europe (Stockholm)", Enabled, Older, "eun1", &[1, 2, 3]),
    region("eu-south-1", Aws, "Europe (Milan)", OptIn, Older, "eus1", &[1, 2, 3]),
    region("eu-south-2", Aws, "Europe (Spain)", OptIn, Older, "eus2", &[1, 2, 3]),
    region("eu-west-1", Aws, "Europe (Ireland)", Enabled, Older, "euw1", &[1, 2, 3]),
    region("eu-west-2", Aws, "Europe (London)", Enabled, Older, "euw2", &[1, 2, 3, 4]),
    region("eu-west-3", Aws, "Europe (Paris)", Enabled, Older, "euw3", &[1, 2, 3]),
    region("eusc-de-east-1", AwsEusc, "AWS European Sovereign Cloud (Germany)", Enabled, Newer, "", &[]),
    region("il-central-1", Aws, "Israel (Tel Aviv)", OptIn, Older, "ilc1", &[1, 2, 3]),
    region("me-central-1", Aws, "Middle East (UAE)", OptIn, Older, "mec1", &[1, 2, 3]),
    region("me-south-1", Aws, "Middle East (Bahrain)", OptIn, Older, "mes1", &[1, 2, 3]),
    region("me-west-1", Aws, "Middle East (Saudi Arabia)", OptIn, Newer, "", &[]),
    region("mx-central-1", Aws, "Mexico (Central)", OptIn, Newer, "mxc1", &[1, 2, 3]),
    region("sa-east-1", Aws, "South America (São Paulo)", Enabled, Older, "sae1", &[1, 2, 3]),
    region("sa-west-1", Aws, "South America (Chile)", OptIn, Newer, "", &[]),
    region("us-east-1", Aws, "US East (N. Virginia)", Enabled, Older, "use1", &[1, 2, 3, 4, 5, 6]),
    region("us-east-2", Aws, "US East (Ohio)", Enabled, Older, "use2", &[1, 2, 3]),
    region("us-gov-east-1", AwsUsGov, "AWS GovCloud (US-East)", Enabled, Older, "", &[]),
    region("us-gov-west-1", AwsUsGov, "AWS GovCloud (US-West)", Enabled, Older, "", &[]),
    region("us-iso-east-1", AwsIso, "US ISO East", Enabled, Older, "", &[]),
    region("us-iso-west-1", AwsIso, "US ISO WEST", Enabled, Older, "", &[]),
    region("us-isob-east-1", AwsIsoB, "US ISOB East (Ohio)", Enabled, Older, "", &[]),
    region("us-isob-west-1", AwsIsoB, "US ISOB West", Enabled, Newer, "", &[]),
    region("us-isof-east-1", AwsIsoF, "US ISOF EAST", Enabled, Newer, "", &[]),
    region("us-isof-south-1", AwsIsoF, "US ISOF SOUTH", Enabled, Newer, "", &[]),
    region("us-west-1", Aws, "US West (N. California)", Enabled, Older, "usw1", &[1, 2, 3]),
    region("us-west-2", Aws, "US West (Oregon)", Enabled, Older, "usw2", &[1, 2, 3, 4]),
];

/// Why a text is not the name of a known Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionError {
    /// It does not look like a Region's name at all.
    Malformed,
    /// It looks like one of this partition, but no such Region is known here. It may be newer than this table.
    Unknown(Partition),
}

impl Region {
    /// The Region of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        let index = REGIONS.binary_search_by(|region| region.name.cmp(name)).ok()?;
        REGIONS.get(index)
    }

    /// The Region of this name, or what is wrong with the name.
    ///
    /// # Errors
    ///
    /// `Malformed` and `Unknown` differ because AWS opens Regions faster than this table grows.
    pub fn parse(name: &str) -> Result<&'static Self, RegionError> {
        match (Self::find(name), Partition::of_region(name)) {
            (Some(region), _) => Ok(region),
            (None, Some(partition)) => Err(RegionError::Unknown(partition)),
            (None, None) => Err(RegionError::Malformed),
        }
    }

    /// The IDs of its Availability Zones, such as `euw1-az1`; none when no source lists them. The same ID is the same
    /// place in every account.
    pub fn zone_ids(&self) -> impl Iterator<Item = String> {
        self.zone_numbers.iter().map(|number| format!("{}-az{number}", self.zone_prefix))
    }

    /// How many Availability Zones it has, of which one account may see fewer; `None` when no source lists them.
    #[must_use]
    pub const fn zone_count(&self) -> Option<usize> {
        if self.zone_numbers.is_empty() { None } else { Some(self.zone_numbers.len()) }
    }

    /// The Region that has an Availability Zone with this ID.
    #[must_use]
    pub fn of_zone_id(zone_id: &str) -> Option<&'static Self> {
        let (prefix, number) = zone_id.split_once("-az")?;
        let number: u8 = number.parse().ok()?;
        REGIONS.iter().find(|region| region.zone_prefix == prefix && region.zone_numbers.contains(&number))
    }
}

/// At most three names of Regions that `text` may have been meant for, the most alike first. An Availability Zone
/// (`eu-west-1a`), capital letters, missing or wrong hyphens and up to two wrong letters are understood.
#[must_use]
pub fn did_you_mean(text: &str) -> Vec<&'static str> {
    const MOST_EDITS: usize = 2;
    let wanted = text.trim().to_ascii_lowercase().replace(['_', ' '], "-");
    let distances = REGIONS.iter().map(|region| (strsim::osa_distance(&wanted, region.name), region.name));
    let candidates: Vec<(usize, &'static str)> = distances.filter(|(distance, _)| *distance <= MOST_EDITS).collect();
    // `REGIONS` is in order of the names.
    let at = |wanted: usize| candidates.iter().filter(move |(distance, _)| *distance == wanted).map(|(_, name)| *name);
    (0..=MOST_EDITS).flat_map(at).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_name_is_of_its_partition() {
        assert!(REGIONS.is_sorted_by(|left, right| left.name < right.name));
        for region in REGIONS {
            assert_eq!(Partition::of_region(region.name), Some(region.partition), "{}", region.name);
            assert_eq!(Region::find(region.name), Some(region));
        }
    }

    #[test]
    fn every_partition_has_a_region() {
        for partition in Partition::ALL {
            assert!(REGIONS.iter().any(|region| region.partition == *partition), "{}", partition.id());
        }
    }

    #[test]
    fn what_is_wrong_with_a_name_is_said() {
        assert_eq!(Region::parse("eu-west-1").map(|region| region.description), Ok("Europe (Ireland)"));
        assert_eq!(Region::parse("eu-west-9"), Err(RegionError::Unknown(Partition::Aws)));
        assert_eq!(Region::parse("eu-west-1a"), Err(RegionError::Malformed));
        assert_eq!(Region::parse(""), Err(RegionError::Malformed));
    }

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        assert_eq!(did_you_mean("eu-west-1a").first(), Some(&"eu-west-1"));
        assert_eq!(did_you_mean("EU-West-1").first(), Some(&"eu-west-1"));
        assert_eq!(did_you_mean("us_east_1").first(), Some(&"us-east-1"));
        assert_eq!(did_you_mean("useast1").first(), Some(&"us-east-1"));
        assert!(did_you_mean("ireland").is_empty());
        assert!(REGIONS.iter().all(|region| did_you_mean(region.name).first() == Some(&region.name)));
    }

    #[test]
    fn zone_ids_belong_to_one_region() {
        for region in REGIONS {
            for zone in region.zone_ids() {
                assert_eq!(Region::of_zone_id(&zone), Some(region));
            }
        }
        assert_eq!(
            Region::find("ca-central-1").unwrap().zone_ids().collect::<Vec<_>>(),
            ["cac1-az1", "cac1-az2", "cac1-az4"]
        );
        assert_eq!(Region::of_zone_id("cac1-az3"), None);
        assert_eq!(Region::find("cn-north-1").unwrap().zone_count(), None);
        assert!(ZONES_WITHOUT_CROSS_REGION_ACCESS.iter().all(|zone| Region::of_zone_id(zone).is_some()));
    }

    #[test]
    fn every_region_has_the_zones_that_every_account_sees() {
        let counts = REGIONS.iter().filter_map(Region::zone_count);
        assert!(counts.into_iter().all(|count| count >= usize::from(ZONES_IN_EVERY_ACCOUNT)));
    }

    #[test]
    fn calgary_counts_as_newer_and_tel_aviv_does_not() {
        assert!(Region::find("ca-west-1").unwrap().needs_all_ecs_endpoints);
        assert!(!Region::find("il-central-1").unwrap().needs_all_ecs_endpoints);
        assert!(!Region::find("eu-north-1").unwrap().opt_in);
        assert!(Region::find("ap-east-1").unwrap().opt_in);
    }
}
