//! What a question about traffic is answered with: admitted, blocked by these, or unknown because of these.

use std::borrow::Cow;

use crate::model::{Because, ResourceId};

/// The answer to a question about one kind of traffic.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<'a> {
    /// All of it surely passes.
    Admitted,
    /// None of it can pass: everything that is in its way.
    Blocked(Vec<Blocker<'a>>),
    /// It passes or not, depending on these.
    Unknown(Vec<Doubt<'a>>),
}

impl<'a> Answer<'a> {
    /// What is in the way; nothing unless it is surely blocked.
    #[must_use]
    pub fn blockers(&self) -> &[Blocker<'a>] {
        match self {
            Self::Blocked(blockers) => blockers,
            Self::Admitted | Self::Unknown(_) => &[],
        }
    }

    /// Whether all of it surely passes.
    #[must_use]
    pub const fn is_admitted(&self) -> bool {
        matches!(self, Self::Admitted)
    }

    /// Whether none of it can pass.
    #[must_use]
    pub const fn is_blocked(&self) -> bool {
        matches!(self, Self::Blocked(_))
    }

    /// What is true of traffic that may go either way, as the network decides: blocked on both is blocked, and anything but
    /// the same answer is unknown.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Admitted, Self::Admitted) => Self::Admitted,
            (Self::Blocked(one), Self::Blocked(other)) => Self::Blocked(joined(one, other)),
            (Self::Unknown(one), Self::Unknown(other)) => Self::Unknown(joined(one, other)),
            (Self::Unknown(doubts), _) | (_, Self::Unknown(doubts)) => Self::Unknown(doubts),
            (Self::Blocked(blockers), _) | (_, Self::Blocked(blockers)) => Self::Unknown(vec![Doubt {
                resource: blockers.first().and_then(|one| one.resource),
                ..Doubt::partly()
            }]),
        }
    }

    /// What is true of traffic that has to go both ways one after the other, or from every one of several places.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Blocked(one), Self::Blocked(other)) => Self::Blocked(joined(one, other)),
            (Self::Blocked(blockers), _) | (_, Self::Blocked(blockers)) => Self::Blocked(blockers),
            (Self::Unknown(one), Self::Unknown(other)) => Self::Unknown(joined(one, other)),
            (Self::Unknown(doubts), _) | (_, Self::Unknown(doubts)) => Self::Unknown(doubts),
            (Self::Admitted, Self::Admitted) => Self::Admitted,
        }
    }
}

/// How many blockers or doubts of one answer are kept: many zones have the same ones.
const MAX_REASONS: usize = 64;

/// All of both, each once.
fn joined<T: PartialEq>(mut one: Vec<T>, other: Vec<T>) -> Vec<T> {
    for reason in other {
        if one.len() < MAX_REASONS && !one.contains(&reason) {
            one.push(reason);
        }
    }
    one
}

/// What is in the way of traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocker<'a> {
    /// What kind of thing it is.
    pub cause: Cause,
    /// At which end it stands.
    pub end: End,
    /// The resource that blocks, when it is of the app.
    pub resource: Option<ResourceId>,
    /// The property of it, or nothing for the resource as a whole.
    pub property: Cow<'static, str>,
    /// The resource at the end where it stands, whose traffic is blocked.
    pub party: Option<ResourceId>,
    /// The subnet where it stands.
    pub subnet: Option<ResourceId>,
    /// The other resource in question, such as an endpoint.
    pub other: Option<ResourceId>,
    /// The name of the service of AWS in question, or empty.
    pub service: &'a str,
}

impl Blocker<'_> {
    /// Something in the way.
    #[must_use]
    pub const fn new(cause: Cause, end: End, resource: Option<ResourceId>) -> Self {
        let property = Cow::Borrowed("");
        Self { cause, end, resource, property, party: None, subnet: None, other: None, service: "" }
    }
}

/// At which end of the traffic something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Where it comes from.
    Source,
    /// On the way.
    Between,
    /// Where it goes to.
    Destination,
}

macro_rules! causes {
    ($($(#[$doc:meta])* $cause:ident = $code:literal, $words:literal;)+) => {
        /// Kinds of things that are in the way of traffic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Cause { $($(#[$doc])* $cause,)+ }

        impl Cause {
            /// The code: that of VPC Reachability Analyzer where the meaning is the same, otherwise one that begins with `X_`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$cause => $code,)+ }
            }

            /// The kind of thing in words.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$cause => $words,)+ }
            }
        }
    };
}

causes! {
    /// No rule of the security groups admits it.
    GroupRules = "ENI_SG_RULES_MISMATCH", "no rule of the security groups admits it";
    /// The security groups have no rules in this direction.
    GroupWithoutRules = "SG_HAS_NO_RULES", "the security groups have no rule in this direction";
    /// The default security group of the VPC admits its own members alone.
    DefaultGroup = "X_VPCE_DEFAULT_SG", "the default security group of the VPC admits only its own members";
    /// The network ACL of a subnet refuses it.
    NetworkAcl = "SUBNET_ACL_RESTRICTION", "the network ACL of the subnet refuses it";
    /// The network ACL of a subnet refuses the replies.
    NetworkAclReplies = "X_SUBNET_ACL_RESTRICTION_REPLIES", "the network ACL of the subnet refuses the replies";
    /// No route leads there.
    NoRoute = "NO_ROUTE_TO_DESTINATION", "no route leads there";
    /// The route leads to an internet gateway, and the source has no public address.
    NoPublicAddress = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", "the internet gateway passes public addresses only";
    /// The internet gateway is attached to no VPC, or to another one.
    GatewayNotAttached = "BAD_STATE_ATTACHMENT", "the internet gateway is not attached to the VPC";
    /// The destination has no public address.
    NotAddressable = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", "the destination has no public address";
    /// The peering passes addresses of the other VPC only.
    PeeringAddress = "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", "a peering passes addresses of the other VPC only";
    /// The NAT gateway is a private one.
    PrivateNat = "X_NAT_GATEWAY_PRIVATE", "the NAT gateway is private and leads to no public address";
    /// The subnet of the NAT gateway has no route to an internet gateway.
    NatWithoutWayOut = "X_NAT_GATEWAY_NO_ROUTE", "the subnet of the NAT gateway has no way to the internet";
    /// There is no endpoint for the service.
    NoEndpoint = "X_VPCE_MISSING", "the VPC has no endpoint for the service";
    /// The endpoint does not answer to the public name of the service.
    PrivateDnsOff = "X_VPCE_PRIVATE_DNS_OFF", "the endpoint does not answer to the name of the service";
    /// The VPC does not resolve the private names of endpoints.
    DnsOff = "X_VPC_DNS_HOSTNAMES_OFF", "the VPC does not resolve the private names of endpoints";
    /// The gateway endpoint is not in the route table of the subnet.
    GatewayNotInTable = "X_GATEWAY_ENDPOINT_NOT_IN_ROUTE_TABLE", "the gateway endpoint is not in the route table";
    /// The policy of the endpoint does not allow it.
    EndpointPolicy = "X_VPCE_POLICY_DENIES", "the policy of the endpoint does not allow it";
}

/// Why something is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt<'a> {
    /// The resource in which it stands, when it is of the app.
    pub resource: Option<ResourceId>,
    /// The property of it, or nothing.
    pub property: Cow<'static, str>,
    /// What is the matter with it.
    pub reason: Reason<'a>,
}

impl<'a> Doubt<'a> {
    /// A doubt about a resource.
    #[must_use]
    pub const fn of(resource: ResourceId, reason: Reason<'a>) -> Self {
        Self { resource: Some(resource), property: Cow::Borrowed(""), reason }
    }

    /// A doubt about the value of a property.
    #[must_use]
    pub fn value(resource: ResourceId, property: impl Into<Cow<'static, str>>, because: Because<'a>) -> Self {
        Self { resource: Some(resource), property: property.into(), reason: Reason::Value(because) }
    }

    /// A doubt about nothing that is in the app.
    #[must_use]
    pub const fn about(reason: Reason<'a>) -> Self {
        Self { resource: None, property: Cow::Borrowed(""), reason }
    }

    /// The doubt that some of it passes and some does not.
    #[must_use]
    pub const fn partly() -> Self {
        Self::about(Reason::Partly)
    }
}

/// What is the matter with what is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason<'a> {
    /// A value is not known.
    Value(Because<'a>),
    /// It is outside of what was given: a VPC, a subnet, a security group, a gateway.
    Outside,
    /// Something outside may add to what is here: a nested stack, a module or a macro that was not given, another stack's
    /// rule for a group that it takes as a parameter.
    MayBeElsewhere,
    /// It leads into a network that is not in the templates: a transit gateway, a VPN, a peering.
    ForeignNetwork,
    /// It goes through an appliance, which may let it pass or not.
    Inspected,
    /// AWS does not say which addresses these are.
    Opaque,
    /// AWS's documentation does not settle it.
    Undocumented,
    /// Some of it passes, and some does not.
    Partly,
    /// It is more intricate than is looked at.
    Limit,
}
