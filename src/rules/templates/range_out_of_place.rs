//! Ranges of addresses that do not fit into one another.

use crate::aws::prefix_lists::{DYNAMODB, S3, dynamodb_prefix_list, s3_prefix_list};
use crate::diagnostics::Severity;
use crate::model::{
    Field, Gather as _, Homes, Identity, LoadBalancer, Model, Node, Relation, ResourceId, Subnet, View, Vpc,
    VpcCidrBlock, sort_by,
};
use crate::reach::Addresses;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1708", "range-out-of-place", Error {
        pitfalls: [92],
        summary: "A subnet outside of its VPC, two that overlap, a range of a size that AWS refuses, an address outside of its subnet, or a prefix list of another Region",
        why: "Subnets lie in the ranges of their VPC, side by side, and the fixed addresses of a load balancer lie in its \
              subnets. Whatever does not fit is refused in the middle of the deployment.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Other: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.128/25 } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Other: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24 } }
",
        source: "Amazon VPC user guide, subnet sizing",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let subnets = model.all::<Subnet<'a>>().map(|subnet| (subnet.id(), subnet.cidr_block()));
    for (id, block) in model.all::<Vpc<'a>>().map(|vpc| (vpc.id(), vpc.cidr_block())).chain(subnets) {
        let text = block.known().filter(|text| Addresses::of_cidr(text).is_some());
        let bits = text.and_then(|text| text.rsplit_once('/')?.1.trim().parse::<u8>().ok());
        if bits.is_some_and(|bits| !(16..=28).contains(&bits)) {
            findings
                .report(id, "CidrBlock", "a VPC and its subnets have from 16 to 65,536 addresses each")
                .help("take a range from `/16` to `/28`");
        }
    }
    for vpc in model.all::<Vpc<'a>>() {
        let subnets = model.related::<Subnet<'a>>(Relation::SubnetOfVpc, &vpc.identity());
        let mut placed: Vec<_> = subnets.filter_map(|subnet| Some((range(subnet.cidr_block())?, subnet))).gather();
        outside(model, vpc, &placed, findings);
        sort_by(&mut placed, |(one, _), (other, _)| one.range.first.cmp(&other.range.first));
        // Whatever overlaps with something overlaps with its neighbour.
        for pair in placed.windows(2) {
            let [(one, first), (other, second)] = pair else { continue };
            if one.meets(*other) {
                let message = format!("its addresses overlap with those of `{}`", first.logical_id());
                findings.report(second.id(), "CidrBlock", message).help("give each subnet a range of its own").mention(
                    first.id(),
                    "CidrBlock",
                    "this subnet has them as well",
                );
            }
        }
    }
    lists(model, findings);
    for balancer in model.all::<LoadBalancer<'a>>() {
        addresses(model, balancer, findings);
    }
}

fn range(text: Field<'_, std::borrow::Cow<'_, str>>) -> Option<Addresses> {
    Addresses::of_cidr(&text.known()?)
}

/// The subnets that are in no range of their VPC, when all its ranges are known.
fn outside<'a>(model: &'a Model<'a>, vpc: Vpc<'a>, subnets: &[(Addresses, Subnet<'a>)], findings: &mut Findings<'_>) {
    let further = model.related::<VpcCidrBlock<'a>>(Relation::VpcCidr, &vpc.identity());
    let of_ipv4 =
        further.filter(|block| block.ipv6_cidr_block().is_absent() && block.has_amazon_ipv6() != Field::Known(true));
    let ranges: Option<Vec<Addresses>> =
        std::iter::once(range(vpc.cidr_block())).chain(of_ipv4.map(|block| range(block.cidr_block()))).gather();
    let Some(ranges) = ranges else { return };
    for (_, subnet) in subnets.iter().filter(|(own, _)| !ranges.iter().any(|range| range.holds(*own))) {
        findings
            .report(
                subnet.id(),
                "CidrBlock",
                format!("the subnet lies outside of the addresses of `{}`", vpc.logical_id()),
            )
            .help("give it a range that lies in one of the VPC's, or add an `AWS::EC2::VPCCidrBlock`")
            .mention(vpc.id(), "CidrBlock", "these are the addresses of the VPC");
    }
}

/// The fixed addresses of a load balancer that are not in their subnets.
fn addresses<'a>(model: &'a Model<'a>, balancer: LoadBalancer<'a>, findings: &mut Findings<'_>) {
    for (index, mapping) in balancer.subnet_mappings().iter().enumerate() {
        let subnet = match mapping.get("SubnetId").identity() {
            Field::Known(Identity::Resource(id)) => model.view::<Subnet<'a>>(id),
            _ => None,
        };
        let Some(subnet) = subnet else { continue };
        let address = mapping.get("PrivateIPv4Address").text().known();
        let address = address.and_then(|text| Addresses::of_cidr(&format!("{text}/32")));
        let Some((address, own)) = address.zip(range(subnet.cidr_block())) else { continue };
        if !own.holds(address) {
            let place = format!("SubnetMappings/{index}/PrivateIPv4Address");
            findings
                .report(
                    balancer.id(),
                    place,
                    format!("the address lies outside of the subnet `{}`", subnet.logical_id()),
                )
                .help("take an address of the subnet, but none of its first four and not its last")
                .mention(subnet.id(), "CidrBlock", "these are the addresses of the subnet");
        }
    }
}

/// Prefix lists of AWS that stand for the ranges of a service in another Region.
fn lists<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let homes = Homes::of(model);
    let mut judge = |id: ResourceId, place: String, node: &Node<'a>| {
        let (Some(home), Field::Known(list)) = (homes.region(id), node.text()) else { return };
        let known: Vec<_> = S3.iter().chain(DYNAMODB).filter(|known| known.id == list).gather();
        // An ID may stand for another service in another Region, such as one whose lists are not known here.
        let is_home_known = s3_prefix_list(home).is_some() && dynamodb_prefix_list(home).is_some();
        if let Some(other) = known.first().filter(|_| is_home_known && known.iter().all(|known| known.region != home)) {
            findings
                .report(
                    id,
                    place,
                    format!("the prefix list `{list}` is one of `{}`, and this is in `{home}`", other.region),
                )
                .help("use the prefix list of the Region")
                .severity(Severity::Warning);
        }
    };
    for (type_name, key) in [
        ("AWS::EC2::Route", "DestinationPrefixListId"),
        ("AWS::EC2::SecurityGroupEgress", "DestinationPrefixListId"),
        ("AWS::EC2::SecurityGroupIngress", "SourcePrefixListId"),
    ] {
        for id in model.of_type(type_name) {
            judge(id, key.to_owned(), &model.property(id, key));
        }
    }
    for id in model.of_type("AWS::EC2::SecurityGroup") {
        for (list, key) in
            [("SecurityGroupEgress", "DestinationPrefixListId"), ("SecurityGroupIngress", "SourcePrefixListId")]
        {
            for (index, rule) in model.property(id, list).known_items().iter().enumerate() {
                judge(id, format!("{list}/{index}/{key}"), &rule.get(key));
            }
        }
    }
}
