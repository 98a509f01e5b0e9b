//! Endpoint services, as their provider sees them: codes RF12xx.

use super::Rule;
use crate::model::Gather as _;
use crate::model::{
    ConnectionNotification, EndpointService, EndpointServicePermissions, Model, Node, OrderedMap, Relation, ResourceId,
    Subnet, Topic, TopicPolicy, View,
};

mod acceptance_not_said;
mod address_type_not_of_balancer;
mod bad_private_dns_name;
mod bad_supported_region;
mod consumer_not_allowed;
mod fifo_topic;
mod key_closed;
mod no_network_load_balancer;
mod nobody_may_connect;
mod open_to_everybody;
mod open_to_requests;
mod organization_as_principal;
mod payer_for_good;
mod permissions_in_two_places;
mod private_dns_before_verification;
mod private_dns_by_custom_resource;
mod private_dns_unverified;
mod region_to_enable;
mod regions_from_one_zone;
mod requests_unheard;
mod topic_closed;
mod topic_for_another_account;
mod topic_open_to_others;
mod topic_under_aws_key;
mod unusable_principal;
mod wrong_connection_event;
mod wrong_payer;
mod wrong_verification_record;
mod zone_without_cross_region;

/// The rules of this subject, in order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &open_to_everybody::RULE,
    &open_to_requests::RULE,
    &nobody_may_connect::RULE,
    &consumer_not_allowed::RULE,
    &unusable_principal::RULE,
    &organization_as_principal::RULE,
    &permissions_in_two_places::RULE,
    &requests_unheard::RULE,
    &acceptance_not_said::RULE,
    &wrong_connection_event::RULE,
    &topic_closed::RULE,
    &topic_open_to_others::RULE,
    &topic_under_aws_key::RULE,
    &key_closed::RULE,
    &fifo_topic::RULE,
    &topic_for_another_account::RULE,
    &private_dns_before_verification::RULE,
    &private_dns_unverified::RULE,
    &private_dns_by_custom_resource::RULE,
    &wrong_verification_record::RULE,
    &bad_private_dns_name::RULE,
    &address_type_not_of_balancer::RULE,
    &bad_supported_region::RULE,
    &region_to_enable::RULE,
    &regions_from_one_zone::RULE,
    &zone_without_cross_region::RULE,
    &wrong_payer::RULE,
    &payer_for_good::RULE,
    &no_network_load_balancer::RULE,
];

/// The policies of topics that the app holds.
struct TopicPolicies<'a> {
    model: &'a Model<'a>,
    /// Whether some policy may be that of any topic.
    is_open: bool,
    /// The topics of policies that are for one topic each.
    inline: OrderedMap<ResourceId, ResourceId>,
}

impl<'a> TopicPolicies<'a> {
    fn of(model: &'a Model<'a>) -> Self {
        let mut is_open = model.all::<TopicPolicy<'a>>().any(|policy| policy.topics().is_unknown());
        let mut inline = OrderedMap::new();
        for id in model.of_type("AWS::SNS::TopicInlinePolicy") {
            match model.property(id, "TopicArn").resource() {
                Some(topic) => drop(inline.insert(topic, id)),
                None => is_open = true,
            }
        }
        Self { model, is_open, inline }
    }

    /// The topic to which a notification publishes, and its policies, each with the resource in which it is written; nothing
    /// when the topic is of elsewhere or its policy may be.
    fn told(&self, notification: ConnectionNotification<'a>) -> Option<(Topic<'a>, Vec<(ResourceId, Node<'a>)>)> {
        let model = self.model;
        let topic = model.find::<Topic<'a>>(&notification.topic().known()?).filter(|_| !self.is_open)?;
        let alone = model.referring(Relation::TopicPolicyTopic, &topic.identity());
        let all = alone.chain(self.inline.get(&topic.id()).copied());
        Some((topic, all.map(|id| (id, model.property(id, "PolicyDocument"))).gather()))
    }
}

/// The principals of a list that are known to be there, each with its path.
fn principals(permissions: EndpointServicePermissions<'_>) -> impl Iterator<Item = (String, Node<'_>)> {
    let principals = permissions.principals().known_items();
    principals.into_iter().enumerate().map(|(index, principal)| (format!("AllowedPrincipals/{index}"), principal))
}

/// Whether a principal is everybody.
fn is_everybody(principal: &Node<'_>) -> bool {
    principal.text().is_known_and(|text| text == "*")
}

/// Whether a service is known to be offered to another Region than its own.
pub(super) fn serves_other_regions(service: EndpointService<'_>) -> bool {
    let home = service.home_region();
    let regions = service.regions().known_items();
    let is_other = |region: &str| home.as_ref().map(|home| home.as_ref() != region);
    let known: Vec<_> = regions.iter().filter_map(|region| region.text().known()).gather();
    // One of two different Regions is another than the service's own, whichever that is.
    known.iter().any(|region| is_other(region) == Some(true))
        || known.iter().any(|region| known.first() != Some(region))
        || home.is_none() && !known.is_empty()
}

/// Whether a subnet is known to have no IPv6 range.
pub(super) fn has_no_ipv6(subnet: Subnet<'_>) -> bool {
    const WAYS: [&str; 4] = ["Ipv6CidrBlock", "Ipv6IpamPoolId", "Ipv6Native", "Ipv6NetmaskLength"];
    WAYS.iter().all(|way| subnet.property(way).is_absent())
        && subnet.model().referring(Relation::SubnetCidr, &subnet.identity()).next().is_none()
}
