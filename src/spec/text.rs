//! Strings of a certain form: accounts, Regions, address ranges, ARNs.

use std::str::FromStr as _;

use ipnet::{IpNet, Ipv4Net};

use super::scalar::{Whole, spec_text};

/// A TCP or UDP port.
pub type Port = Whole<1, 65_535>;

spec_text!(
    /// The number of an AWS account.
    AccountId, "an account number of 12 digits", "^[0-9]{12}$", "111122223333", |text| {
        let right = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if right { Ok(()) } else { Err(String::new()) }
    }
);

spec_text!(
    /// The code of an AWS Region.
    RegionName, "the code of an AWS Region", "^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", "eu-west-1", |text| {
        let right = text.split('-').count() >= 3 && text.ends_with(|last: char| last.is_ascii_digit());
        if right { Ok(()) } else { Err(String::new()) }
    }
);

spec_text!(
    /// A range of IPv4 addresses whose host bits are zero.
    Cidr, "a range of IPv4 addresses", "^[0-9.]+/[0-9]{1,2}$", "10.0.0.0/16", |text| {
        let net = Ipv4Net::from_str(text).map_err(|_| String::new())?;
        if net == net.trunc() { Ok(()) } else { Err(format!(": its first address is `{}`", net.trunc())) }
    }
);

spec_text!(
    /// A range of IPv4 or IPv6 addresses whose host bits are zero.
    AnyCidr, "a range of IPv4 or IPv6 addresses", "^[0-9a-fA-F.:]+/[0-9]{1,3}$", "10.0.0.0/16", |text| {
        let net = IpNet::from_str(text).map_err(|_| String::new())?;
        if net == net.trunc() { Ok(()) } else { Err(format!(": its first address is `{}`", net.trunc())) }
    }
);

spec_text!(
    /// An Amazon Resource Name.
    Arn, "an ARN", "^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$", "arn:aws:sns:eu-west-1:111122223333:alerts", |text| {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts.as_slice() {
            ["arn", partition, service, _, _, resource]
                if !partition.is_empty() && !service.is_empty() && !resource.is_empty() => Ok(()),
            _ => Err(String::new()),
        }
    }
);

spec_text!(
    /// A DNS name in lower case; a wildcard may stand for its first label.
    DnsName, "a DNS name in lower case",
    "^(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    "payments.example.com", |text| {
        let labels = text.strip_prefix("*.").unwrap_or(text);
        let right = text.len() <= 255 && labels.contains('.') && labels.split('.').all(is_dns_label);
        if right { Ok(()) } else { Err(String::new()) }
    }
);

fn is_dns_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

spec_text!(
    /// The name of an app, from which stack names and the names in constructs are made.
    AppName, "a name of letters, digits and `-` that begins with a letter", "^[A-Za-z][A-Za-z0-9-]{0,62}$", "payments",
    |text| {
        let right = super::scalar::is_name(text) && !text.contains('_');
        if right { Ok(()) } else { Err(String::new()) }
    }
);
