//! The prefix lists of AWS that gateway endpoints route to, which security group rules and routes name by ID.
//!
//! CloudFormation cannot look an ID up, so a template carries it. The IDs are the same for every account of a Region and
//! stay the same while the ranges behind them change.

/// How sure an ID is: what it was read from. Every ID here stands in at least two sources that do not copy each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Output of `aws ec2 describe-prefix-lists` over all Regions, in the README of the public repository `aws` of
    /// sharadchhetri.com.
    DescribeOutput,
    /// The constants of the CDK app of a service of AWS (CodeGuru Reviewer), published in 2021 or later.
    ServiceConstants,
    /// The mapping `AWSRegions2S3PrefixListID` of a public template generator (Troposphere) of an ECS application.
    TemplateMapping,
    /// The mapping of a public CloudFormation template of security groups, as its documentation prints it.
    TemplateDocumentation,
    /// What a run of Terraform's data source `aws_ec2_managed_prefix_list` printed in that Region.
    TerraformRun,
    /// Rules, routes, variables, inventories or runbooks that were published for that one Region.
    RegionalCode,
    /// The table of a public CDK application. It gives many newer Regions one and the same ID, so it counts only where
    /// a source that was read in the Region itself agrees.
    ApplicationTable,
}

use Source::{
    ApplicationTable, DescribeOutput, RegionalCode, ServiceConstants, TemplateDocumentation, TemplateMapping,
    TerraformRun,
};

/// The ID of a prefix list in one Region.
#[derive(Debug, PartialEq, Eq)]
pub struct PrefixList {
    /// The Region.
    pub region: &'static str,
    /// The ID, such as `pl-63a5400a`.
    pub id: &'static str,
    /// Where it was read.
    pub sources: &'static [Source],
}

const fn list(region: &'static str, id: &'static str, sources: &'static [Source]) -> PrefixList {
    PrefixList { region, id, sources }
}

/// The IPv4 prefix lists `com.amazonaws.REGION.s3`, sorted by Region. A Region that is missing has no ID that two sources
/// agree on.
pub static S3: &[PrefixList] = &[
    list("ap-northeast-1", "pl-61a54008", &[DescribeOutput, ServiceConstants, TemplateMapping]),
    list("ap-northeast-2", "pl-78a54011", &[DescribeOutput, ServiceConstants, TemplateMapping]),
    list("ap-northeast-3", "pl-a4a540cd", &[TemplateMapping, RegionalCode]),
    list("ap-south-1", "pl-78a54011", &[DescribeOutput, ServiceConstants, TemplateMapping]),
    list("ap-southeast-1", "pl-6fa54006", &[DescribeOutput, ServiceConstants, TemplateMapping]),
    list("ap-southeast-2", "pl-6ca54005", &[DescribeOutput, ServiceConstants, TemplateMapping]),
    list("ca-central-1", "pl-7da54014", &[DescribeOutput, TemplateMapping, TerraformRun]),
    list("eu-central-1", "pl-6ea54007", &[DescribeOutput, ServiceConstants, TemplateMapping, TemplateDocumentation]),
    list("eu-north-1", "pl-c3aa4faa", &[ServiceConstants, TemplateMapping, RegionalCode]),
    list("eu-south-2", "pl-64a5400d", &[RegionalCode, ApplicationTable]),
    list("eu-west-1", "pl-6da54004", &[DescribeOutput, ServiceConstants, TemplateMapping, TemplateDocumentation]),
    list("eu-west-2", "pl-7ca54015", &[DescribeOutput, ServiceConstants, TemplateMapping]),
    list("eu-west-3", "pl-23ad484a", &[DescribeOutput, TemplateMapping, RegionalCode]),
    list("sa-east-1", "pl-6aa54003", &[DescribeOutput, ServiceConstants, TemplateMapping]),
    list("us-east-1", "pl-63a5400a", &[DescribeOutput, ServiceConstants, TemplateMapping]),
    list("us-east-2", "pl-7ba54012", &[DescribeOutput, ServiceConstants, TemplateMapping]),
    list("us-west-1", "pl-6ba54002", &[DescribeOutput, ServiceConstants, TemplateMapping, TemplateDocumentation]),
    list("us-west-2", "pl-68a54001", &[DescribeOutput, ServiceConstants, TemplateMapping, TemplateDocumentation]),
];

/// The IPv4 prefix lists `com.amazonaws.REGION.dynamodb`, sorted by Region, with the same rule as for S3.
pub static DYNAMODB: &[PrefixList] = &[
    list("ap-northeast-1", "pl-78a54011", &[DescribeOutput, ServiceConstants]),
    list("ap-northeast-2", "pl-48a54021", &[DescribeOutput, ServiceConstants]),
    list("ap-south-1", "pl-66a7420f", &[DescribeOutput, ServiceConstants]),
    list("ap-southeast-1", "pl-67a5400e", &[DescribeOutput, ServiceConstants]),
    list("ap-southeast-2", "pl-62a5400b", &[DescribeOutput, ServiceConstants]),
    list("ca-central-1", "pl-4ea54027", &[DescribeOutput, TerraformRun]),
    list("eu-central-1", "pl-66a5400f", &[DescribeOutput, ServiceConstants]),
    list("eu-north-1", "pl-adae4bc4", &[ServiceConstants, RegionalCode]),
    list("eu-west-1", "pl-6fa54006", &[DescribeOutput, ServiceConstants]),
    list("eu-west-2", "pl-b3a742da", &[DescribeOutput, ServiceConstants]),
    list("eu-west-3", "pl-abb451c2", &[DescribeOutput, RegionalCode]),
    list("us-east-1", "pl-02cd2c6b", &[DescribeOutput, ServiceConstants]),
    list("us-east-2", "pl-4ca54025", &[DescribeOutput, ServiceConstants]),
    list("us-west-1", "pl-6ea54007", &[DescribeOutput, ServiceConstants]),
    list("us-west-2", "pl-00a54069", &[DescribeOutput, ServiceConstants]),
];

/// The ID of the prefix list that the gateway endpoint of S3 routes to.
#[must_use]
pub fn s3_prefix_list(region: &str) -> Option<&'static str> {
    find(S3, region)
}

/// The ID of the prefix list that the gateway endpoint of DynamoDB routes to.
#[must_use]
pub fn dynamodb_prefix_list(region: &str) -> Option<&'static str> {
    find(DYNAMODB, region)
}

fn find(lists: &'static [PrefixList], region: &str) -> Option<&'static str> {
    let index = lists.binary_search_by(|list| list.region.cmp(region)).ok()?;
    lists.get(index).map(|list| list.id)
}

/// The name of the prefix list of `service` (`s3` or `dynamodb`) in a Region.
#[must_use]
pub fn prefix_list_name(region: &str, service: &str) -> String {
    format!("com.amazonaws.{region}.{service}")
}

/// The command that finds the ID of the prefix list of `service` (`s3` or `dynamodb`) in a Region that is missing here.
#[must_use]
pub fn look_up_command(region: &str, service: &str) -> String {
    let name = prefix_list_name(region, service);
    format!("aws ec2 describe-managed-prefix-lists --region {region} --filters Name=prefix-list-name,Values={name}")
}

/// Whether `text` is written like the ID of a prefix list: `pl-` and 8 or 17 hexadecimal digits. Lists of AWS have had
/// both lengths.
#[must_use]
pub fn is_prefix_list_id(text: &str) -> bool {
    let Some(digits) = text.strip_prefix("pl-") else { return false };
    matches!(digits.len(), 8 | 17) && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::super::Region;
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_name_known_regions() {
        for lists in [S3, DYNAMODB] {
            assert!(lists.is_sorted_by(|left, right| left.region < right.region));
            assert!(lists.iter().all(|list| Region::find(list.region).is_some() && is_prefix_list_id(list.id)));
        }
    }

    #[test]
    fn every_id_has_two_different_sources() {
        for list in S3.iter().chain(DYNAMODB) {
            assert!(list.sources.len() >= 2, "{}", list.region);
            assert!(list.sources.is_sorted_by(|left, right| left < right), "{}", list.region);
        }
    }

    #[test]
    fn the_lists_of_one_region_differ() {
        for list in S3 {
            assert_ne!(Some(list.id), dynamodb_prefix_list(list.region), "{}", list.region);
        }
    }

    #[test]
    fn a_region_without_a_confirmed_id_has_none_and_a_command_that_finds_it() {
        assert_eq!(s3_prefix_list("us-east-1"), Some("pl-63a5400a"));
        assert_eq!(s3_prefix_list("eu-west-9"), None);
        assert_eq!(
            look_up_command("eu-south-1", "s3"),
            "aws ec2 describe-managed-prefix-lists --region eu-south-1 --filters \
             Name=prefix-list-name,Values=com.amazonaws.eu-south-1.s3"
        );
    }

    #[test]
    fn ids_have_eight_or_seventeen_hexadecimal_digits() {
        assert!(is_prefix_list_id("pl-0123456789abcdef0"));
        for text in ["", "pl-", "pl-63A5400A", "pl-63a5400", "pl-63a5400g", "sg-63a5400a"] {
            assert!(!is_prefix_list_id(text), "{text}");
        }
    }
}
