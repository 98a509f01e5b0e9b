//! Transit gateways whose route tables are in the templates (R12).

use super::headers::Addresses;
use super::identity::same;
use super::{Answer, Blocker, Cause, Doubt, End, Party, Reach, Reason};
use crate::model::{Field, Identity, Relation, ResourceId};

impl<'a> Reach<'a> {
    /// What becomes of traffic to public addresses that a route sends to a transit gateway: blocked when the table that
    /// decides there is known, with all its routes, and none of them leads on. Where one does, the way goes on in another
    /// network, of which nothing is said.
    pub(super) fn through_transit_gateway(
        &self,
        from: &Party<'a>,
        to: &Party<'a>,
        gateway: &Identity<'a>,
        route: Option<ResourceId>,
    ) -> Answer<'a> {
        let table = match self.transit_table(from, gateway) {
            Some(Ok(table)) => table,
            Some(Err(attachment)) => return blocked(attachment),
            None => return foreign(route),
        };
        let model = self.model();
        if model.dependencies().is_put_out(table) {
            return foreign(Some(table));
        }
        let of_table = |id: &ResourceId| {
            let identity = model.property(*id, "TransitGatewayRouteTableId").identity().known();
            identity.is_none_or(|other| same(model, &other, &Identity::Resource(table)) != Some(false))
        };
        let leads_on = |id: ResourceId| match model.property(id, "DestinationCidrBlock").text() {
            _ if model.property(id, "Blackhole").bool().is_known_and(|is_hole| is_hole) => false,
            Field::Known(text) => Addresses::of_cidr(&text)
                .is_none_or(|addresses| to.addresses.iter().any(|public| public.meets(addresses))),
            _ => true,
        };
        let may_bring_more = |id: ResourceId| {
            let attachment = model.property(id, "TransitGatewayAttachmentId").identity();
            !attachment.is_known_and(|identity| matches!(identity, Identity::Resource(id) if self.is_of_vpc(id)))
        };
        let is_open = model.of_type("AWS::EC2::TransitGatewayRoute").filter(of_table).any(leads_on)
            || model.of_type("AWS::EC2::TransitGatewayRouteTablePropagation").filter(of_table).any(may_bring_more);
        if is_open { foreign(Some(table)) } else { blocked(table) }
    }

    /// Whether an attachment is that of a VPC, which brings the addresses of the VPC alone.
    fn is_of_vpc(&self, attachment: ResourceId) -> bool {
        let name = self.model().type_of(attachment);
        matches!(name, "AWS::EC2::TransitGatewayAttachment" | "AWS::EC2::TransitGatewayVpcAttachment")
    }

    /// The route table that decides about traffic from the VPC of `from`, or the attachment when it has none; nothing when
    /// that is not known.
    fn transit_table(&self, from: &Party<'a>, gateway: &Identity<'a>) -> Option<Result<ResourceId, ResourceId>> {
        let model = self.model();
        let Identity::Resource(gateway) = gateway else { return None };
        let vpc = from.vpc.as_ref()?;
        let relations = [Relation::TransitAttachmentVpc, Relation::TransitVpcAttachmentVpc];
        let mut attachments = relations.into_iter().flat_map(|relation| model.referring(relation, vpc)).filter(|id| {
            let of = model.property(*id, "TransitGatewayId").identity();
            of.is_known_and(|identity| identity == Identity::Resource(*gateway))
        });
        let (Some(attachment), None) = (attachments.next(), attachments.next()) else { return None };
        let mut associated = None;
        for id in model.of_type("AWS::EC2::TransitGatewayRouteTableAssociation") {
            let of = model.property(id, "TransitGatewayAttachmentId").identity().known()?;
            match same(model, &of, &Identity::Resource(attachment)) {
                Some(true) => associated = Some(model.property(id, "TransitGatewayRouteTableId").identity().known()?),
                Some(false) => {}
                None => return None,
            }
        }
        match associated {
            Some(Identity::Resource(table)) => Some(Ok(table)),
            Some(_) => None,
            None => {
                let is_off = model.property(*gateway, "DefaultRouteTableAssociation").text();
                is_off.is_known_and(|word| word == "disable").then_some(Err(attachment))
            }
        }
    }
}

fn foreign<'a>(resource: Option<ResourceId>) -> Answer<'a> {
    Answer::Unknown(vec![Doubt { resource, ..Doubt::about(Reason::ForeignNetwork) }])
}

fn blocked<'a>(resource: ResourceId) -> Answer<'a> {
    Answer::Blocked(vec![Blocker::new(Cause::NoRoute, End::Between, Some(resource))])
}
