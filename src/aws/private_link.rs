//! PrivateLink: endpoint services, their names, states, events and quotas.

use std::fmt;

use super::{Partition, Region};

/// Whether `text` is the ID of an endpoint service: `vpce-svc-` and 8 or 17 hexadecimal digits. IDs have had 17 since
/// 2018; the older form is still read. Source: the examples of
/// `vpc/latest/privatelink/privatelink-share-your-services`, and `AWSEC2/latest/UserGuide/resource-ids` for the lengths.
#[must_use]
pub fn is_service_id(text: &str) -> bool {
    text.strip_prefix("vpce-svc-").is_some_and(is_id_number)
}

/// Whether `text` is the ID of an endpoint: `vpce-` and 8 or 17 hexadecimal digits. Same sources.
#[must_use]
pub fn is_endpoint_id(text: &str) -> bool {
    text.strip_prefix("vpce-").is_some_and(is_id_number)
}

/// Whether `text` is the ID of a VPC: `vpc-` and 8 or 17 hexadecimal digits. Same sources.
#[must_use]
pub fn is_vpc_id(text: &str) -> bool {
    text.strip_prefix("vpc-").is_some_and(is_id_number)
}

fn is_id_number(text: &str) -> bool {
    matches!(text.len(), 8 | 17) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The name of an endpoint service, as consumers write it: `com.amazonaws.vpce.REGION.vpce-svc-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceName<'a> {
    /// The Region that hosts the service.
    pub region: &'a str,
    /// The partition of that Region.
    pub partition: Partition,
    /// The ID of the service.
    pub service_id: &'a str,
}

/// Why a text is not the name of an endpoint service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceNameError {
    /// It is the ID of a service: the name has the Region before it.
    OnlyTheId,
    /// It is the name of a service of AWS itself, not of an endpoint service.
    OfAws,
    /// It does not begin as the names of any partition do.
    Prefix,
    /// The Region does not look like one, or is of another partition than the prefix.
    Region,
    /// The last part is not the ID of a service.
    Id,
}

impl fmt::Display for ServiceNameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OnlyTheId => "it is only the ID of the service",
            Self::OfAws => "it names a service of AWS, not an endpoint service",
            Self::Prefix => "it does not begin with `com.amazonaws.vpce.`",
            Self::Region => "its Region is malformed or of another partition",
            Self::Id => "it does not end with `vpce-svc-` and 17 hexadecimal digits",
        })
    }
}

impl std::error::Error for ServiceNameError {}

/// What the names of endpoint services of a partition begin with: its DNS suffix reversed, and `vpce`.
///
/// Source: the fact `vpcEndpointServiceNamePrefix` of the npm package `@aws-cdk/region-info` 2.269.0.
#[must_use]
pub fn service_name_prefix(partition: Partition) -> String {
    let labels: Vec<&str> = partition.dns_suffix().split('.').rev().collect();
    format!("{}.vpce", labels.join("."))
}

/// The name of the endpoint service with this ID, hosted in a Region.
#[must_use]
pub fn service_name(region: &str, partition: Partition, service_id: &str) -> String {
    format!("{}.{region}.{service_id}", service_name_prefix(partition))
}

impl<'a> ServiceName<'a> {
    /// Reads the name of an endpoint service.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it.
    pub fn parse(text: &'a str) -> Result<Self, ServiceNameError> {
        if is_service_id(text) {
            return Err(ServiceNameError::OnlyTheId);
        }
        let prefixes = Partition::ALL.iter().map(|partition| service_name_prefix(*partition));
        let Some(rest) = prefixes.into_iter().find_map(|prefix| text.strip_prefix(&prefix)?.strip_prefix('.')) else {
            let is_of_aws = text.starts_with("com.amazonaws.") || text.starts_with("cn.com.amazonaws.");
            return Err(if is_of_aws { ServiceNameError::OfAws } else { ServiceNameError::Prefix });
        };
        let (region, service_id) = rest.split_once('.').ok_or(ServiceNameError::Id)?;
        let partition = Partition::of_region(region).ok_or(ServiceNameError::Region)?;
        if !is_service_id(service_id) {
            return Err(ServiceNameError::Id);
        }
        let name = Self { region, partition, service_id };
        if name.to_string() == text { Ok(name) } else { Err(ServiceNameError::Region) }
    }
}

impl fmt::Display for ServiceName<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&service_name(self.region, self.partition, self.service_id))
    }
}

/// The DNS name of an endpoint service, which resolves only for endpoints: `ID.REGION.vpce.amazonaws.com`. `None` for
/// partitions whose suffix no source gives. Source: `vpc/latest/privatelink/privatelink-share-your-services` (2026).
#[must_use]
pub fn service_dns_name(service_id: &str, region: &Region) -> Option<String> {
    match region.partition {
        Partition::Aws | Partition::AwsUsGov => {
            Some(format!("{service_id}.{}.vpce.{}", region.name, region.partition.dns_suffix()))
        }
        _ => None,
    }
}

/// Events that a connection notification can tell of; all of them are set explicitly. Source: botocore 1.44.5, shape
/// `CreateVpcEndpointConnectionNotificationRequest`.
pub const CONNECTION_EVENTS: &[&str] = &["Accept", "Connect", "Delete", "Reject"];

/// The service that publishes connection notifications, as the topic's policy names it. Source:
/// `vpc/latest/privatelink/create-notification-endpoint-service`.
pub const NOTIFICATION_PRINCIPAL: &str = "vpce.amazonaws.com";

/// States of an endpoint. Source: botocore 1.44.5, shape `State` of EC2.
pub const ENDPOINT_STATES: &[&str] =
    &["PendingAcceptance", "Pending", "Available", "Deleting", "Deleted", "Rejected", "Failed", "Expired", "Partial"];

/// States of an endpoint service. Source: botocore 1.44.5, shape `ServiceState` of EC2.
pub const SERVICE_STATES: &[&str] = &["Pending", "Available", "Deleting", "Deleted", "Failed"];

/// States of a private DNS name. Consumers can use it from `verified` on. Source: botocore 1.44.5, shape `DnsNameState`.
pub const PRIVATE_DNS_NAME_STATES: &[&str] = &["pendingVerification", "verified", "failed"];

/// Address types that an endpoint service can take. Source: botocore 1.44.5, shape `ServiceConnectivityType`.
pub const SERVICE_ADDRESS_TYPES: &[&str] = &["ipv4", "ipv6"];

/// Address types of an endpoint. Source: botocore 1.44.5, shape `IpAddressType` of EC2.
pub const ENDPOINT_ADDRESS_TYPES: &[&str] = &["ipv4", "dualstack", "ipv6"];

/// Who pays for endpoints when the provider does; it cannot be taken back. Source: botocore 1.44.5, shape
/// `PayerResponsibility`.
pub const PAYER_RESPONSIBILITIES: &[&str] = &["ServiceOwner"];

/// Default quotas and limits of endpoints. Source: `vpc/latest/privatelink/vpc-limits-endpoints` (2026).
pub mod quotas {
    /// Interface and Gateway Load Balancer endpoints in one VPC; adjustable.
    pub const INTERFACE_ENDPOINTS_PER_VPC: u32 = 50;
    /// Gateway endpoints in one Region; adjustable.
    pub const GATEWAY_ENDPOINTS_PER_REGION: u32 = 20;
    /// Gateway endpoints in one VPC; fixed.
    pub const GATEWAY_ENDPOINTS_PER_VPC: u32 = 255;
    /// Resource endpoints in one VPC; adjustable.
    pub const RESOURCE_ENDPOINTS_PER_VPC: u32 = 200;
    /// Service network endpoints in one VPC; adjustable.
    pub const SERVICE_NETWORK_ENDPOINTS_PER_VPC: u32 = 50;
    /// Characters of an endpoint policy, white space included; fixed.
    pub const POLICY_CHARACTERS: usize = 20_480;
    /// Bits per second in one Availability Zone that an endpoint has from the start, in Gbit/s.
    pub const GIGABITS_PER_ZONE: u32 = 10;
    /// What the same grows to by itself, in Gbit/s.
    pub const MOST_GIGABITS_PER_ZONE: u32 = 100;
    /// Bytes of the biggest packet that passes an endpoint; a bigger one is dropped without a word.
    pub const MTU: u32 = 8_500;
    /// Listeners of a load balancer behind an endpoint service; fixed. Source:
    /// `elasticloadbalancing/latest/userguide/load-balancer-vpc-endpoints`.
    pub const LISTENERS: u32 = 50;
    /// Private DNS names of an endpoint service; fixed. Source: `vpc/latest/privatelink/manage-dns-names` (2026).
    pub const PRIVATE_DNS_NAMES: u32 = 1;
}

/// Seconds that the TXT record that proves a private DNS name should live. Source:
/// `vpc/latest/privatelink/manage-dns-names` (2026).
pub const VERIFICATION_TTL: u32 = 1800;

/// What is wrong with a private DNS name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateDnsNameError {
    /// It is empty.
    Empty,
    /// It has more than 255 characters.
    TooLong,
    /// It has capital letters.
    Capitals,
    /// A label is empty: two dots in a row, or one at the beginning or end.
    EmptyLabel,
    /// A label has more than 63 characters.
    LongLabel,
    /// It has only one label, so that nobody can own it.
    OneLabel,
    /// A label has a character other than letters, digits and hyphens, or begins or ends with a hyphen.
    Label,
    /// A `*` stands elsewhere than alone in the first label.
    Wildcard,
}

impl fmt::Display for PrivateDnsNameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "it is empty",
            Self::TooLong => "it has more than 255 characters",
            Self::Capitals => "it has capital letters",
            Self::EmptyLabel => "it has an empty label",
            Self::LongLabel => "it has a label of more than 63 characters",
            Self::OneLabel => "it has only one label",
            Self::Label => "it has a label that is not made of letters, digits and inner hyphens",
            Self::Wildcard => "it has a `*` elsewhere than alone at the beginning",
        })
    }
}

impl std::error::Error for PrivateDnsNameError {}

/// Checks a private DNS name: lower case, labels of at most 63 and in all at most 255 characters, `*` as the first label
/// allowed.
///
/// Source: `vpc/latest/privatelink/manage-dns-names` and `vpc/latest/privatelink/configure-endpoint-service` (2026); what
/// a label is made of, RFC 1123 section 2.1.
///
/// # Errors
///
/// The first thing that AWS or the DNS would refuse.
pub fn check_private_dns_name(name: &str) -> Result<(), PrivateDnsNameError> {
    if name.is_empty() {
        return Err(PrivateDnsNameError::Empty);
    }
    if name.len() > 255 {
        return Err(PrivateDnsNameError::TooLong);
    }
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(PrivateDnsNameError::Capitals);
    }
    let labels: Vec<&str> = name.split('.').collect();
    for (index, label) in labels.iter().enumerate() {
        check_label(label, index == 0)?;
    }
    if labels.len() < 2 { Err(PrivateDnsNameError::OneLabel) } else { Ok(()) }
}

fn check_label(label: &str, is_first: bool) -> Result<(), PrivateDnsNameError> {
    if label.is_empty() {
        return Err(PrivateDnsNameError::EmptyLabel);
    }
    if label.contains('*') {
        return if is_first && label == "*" { Ok(()) } else { Err(PrivateDnsNameError::Wildcard) };
    }
    if label.len() > 63 {
        return Err(PrivateDnsNameError::LongLabel);
    }
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_label = label.bytes().all(is_allowed) && !label.starts_with('-') && !label.ends_with('-');
    if is_label { Ok(()) } else { Err(PrivateDnsNameError::Label) }
}

/// The domain whose owner has to prove the private DNS name: the name without a leading `*.`.
#[must_use]
pub fn domain_to_verify(private_dns_name: &str) -> &str {
    private_dns_name.strip_prefix("*.").unwrap_or(private_dns_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "vpce-svc-071afff70666e61e0";

    #[test]
    fn names_of_every_partition_are_read_back() {
        for partition in Partition::ALL {
            let region = super::super::region::REGIONS.iter().find(|region| region.partition == *partition).unwrap();
            let name = service_name(region.name, *partition, ID);
            let expected = ServiceName { region: region.name, partition: *partition, service_id: ID };
            assert_eq!(ServiceName::parse(&name), Ok(expected), "{name}");
        }
        assert_eq!(service_name("cn-north-1", Partition::AwsCn, ID), format!("cn.com.amazonaws.vpce.cn-north-1.{ID}"));
        assert_eq!(service_name("eu-west-1", Partition::Aws, ID), format!("com.amazonaws.vpce.eu-west-1.{ID}"));
    }

    #[test]
    fn what_is_no_name_of_an_endpoint_service_is_told_apart() {
        let cases = [
            (ID, ServiceNameError::OnlyTheId),
            ("com.amazonaws.eu-west-1.s3", ServiceNameError::OfAws),
            ("payments", ServiceNameError::Prefix),
            ("com.amazonaws.vpce.eu-west-1", ServiceNameError::Id),
            ("com.amazonaws.vpce.eu-west-1.vpce-svc-1", ServiceNameError::Id),
            ("com.amazonaws.vpce.ireland.vpce-svc-071afff70666e61e0", ServiceNameError::Region),
            ("com.amazonaws.vpce.cn-north-1.vpce-svc-071afff70666e61e0", ServiceNameError::Region),
        ];
        for (text, error) in cases {
            assert_eq!(ServiceName::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn ids_are_told_apart() {
        assert!(is_service_id(ID) && !is_endpoint_id(ID));
        assert!(is_endpoint_id("vpce-099deb00b40f00e22") && is_endpoint_id("vpce-1a2b3c4d"));
        assert!(is_vpc_id("vpc-0abc123de456f7890") && !is_vpc_id("vpc-0abc…"));
        assert!(!is_endpoint_id("vpce-099DEB00B40F00E22"));
    }

    #[test]
    fn a_service_has_a_dns_name_where_a_source_gives_it() {
        let region = |name| Region::find(name).unwrap();
        assert_eq!(
            service_dns_name(ID, region("us-east-2")).as_deref(),
            Some("vpce-svc-071afff70666e61e0.us-east-2.vpce.amazonaws.com")
        );
        assert_eq!(service_dns_name(ID, region("cn-north-1")), None);
    }

    #[test]
    fn private_dns_names_are_lower_case_names_or_wildcards() {
        for name in ["payments.example.com", "*.example.com", "a-1.b2.example.com", "xn--bcher-kva.example"] {
            assert_eq!(check_private_dns_name(name), Ok(()), "{name}");
        }
        let long = format!("{}.example.com", "a".repeat(64));
        let too_long = vec!["a".repeat(60); 5].join(".");
        let cases = [
            ("", PrivateDnsNameError::Empty),
            (too_long.as_str(), PrivateDnsNameError::TooLong),
            ("Payments.example.com", PrivateDnsNameError::Capitals),
            ("payments..example.com", PrivateDnsNameError::EmptyLabel),
            ("payments.example.com.", PrivateDnsNameError::EmptyLabel),
            (long.as_str(), PrivateDnsNameError::LongLabel),
            ("payments", PrivateDnsNameError::OneLabel),
            ("*", PrivateDnsNameError::OneLabel),
            ("pay_ments.example.com", PrivateDnsNameError::Label),
            ("-a.example.com", PrivateDnsNameError::Label),
            ("bücher.example.com", PrivateDnsNameError::Label),
            ("a*.example.com", PrivateDnsNameError::Wildcard),
            ("a.*.example.com", PrivateDnsNameError::Wildcard),
        ];
        for (name, error) in cases {
            assert_eq!(check_private_dns_name(name), Err(error), "{name}");
        }
        assert_eq!(domain_to_verify("*.example.com"), "example.com");
        assert_eq!(domain_to_verify("a.example.com"), "a.example.com");
    }
}
