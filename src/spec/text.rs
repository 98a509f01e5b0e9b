//! Strings of a certain form: accounts, Regions, address ranges, ARNs.

use std::str::FromStr as _;

use ipnet::{IpNet, Ipv4Net};

use super::mending::as_name;
use super::scalar::{Checked, Whole, spec_text};
use crate::cfn::Gather as _;

/// A TCP or UDP port.
pub type Port = Whole<1, 65_535>;

spec_text!(
    /// The number of an AWS account.
    AccountId, "an account number of 12 digits", "^[0-9]{12}$", "111122223333", |text| {
        let right = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        let digits: String = text.chars().filter(|next| !" -".contains(*next)).gather();
        checked(right(text), right(&digits).then_some(digits))
    }
);

spec_text!(
    /// The code of an AWS Region.
    RegionName, "the code of an AWS Region", "^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", "eu-west-1", |text| {
        let lower = text.to_ascii_lowercase().replace('_', "-");
        let meant = lower.trim_end_matches(|last: char| last.is_ascii_lowercase());
        checked(is_region(text), is_region(meant).then(|| meant.to_owned()))
    }
);

spec_text!(
    /// A range of IPv4 addresses whose host bits are zero.
    Cidr, "a range of IPv4 addresses", "^[0-9.]+/[0-9]{1,2}$", "10.0.0.0/16", |text| {
        let net = Ipv4Net::from_str(text).map_err(|_| None)?;
        if net == net.trunc() { Ok(()) } else { Err(Some(first_address(net.trunc()))) }
    }
);

spec_text!(
    /// A range of IPv4 or IPv6 addresses whose host bits are zero.
    AnyCidr, "a range of IPv4 or IPv6 addresses", "^[0-9a-fA-F.:]+/[0-9]{1,3}$", "10.0.0.0/16", |text| {
        let net = IpNet::from_str(text).map_err(|_| None)?;
        if net == net.trunc() { Ok(()) } else { Err(Some(first_address(net.trunc()))) }
    }
);

spec_text!(
    /// An Amazon Resource Name.
    Arn, "an ARN", "^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$", "arn:aws:sns:eu-west-1:111122223333:alerts", |text| {
        let parts: Vec<&str> = text.splitn(6, ':').gather();
        match parts.as_slice() {
            ["arn", partition, service, _, _, resource]
                if !partition.is_empty() && !service.is_empty() && !resource.is_empty() => Ok(()),
            _ => Err(None),
        }
    }
);

spec_text!(
    /// A DNS name in lower case; a wildcard may stand for its first label.
    DnsName, "a DNS name in lower case",
    "^(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    "payments.example.com", |text| {
        let lower = text.to_ascii_lowercase();
        let host = lower.split_once("://").map_or(lower.as_str(), |(_, host)| host);
        let host = host.split(['/', ':']).next().unwrap_or_default().trim_end_matches('.');
        checked(is_dns_name(text), is_dns_name(host).then(|| host.to_owned()))
    }
);

/// The answer of a check, with what probably was meant.
fn checked(right: bool, meant: Option<String>) -> Checked {
    if right { Ok(()) } else { Err(meant.map(|meant| format!("did you mean `{meant}`?"))) }
}

fn first_address(net: impl std::fmt::Display) -> String {
    format!("a range begins with its first address: write `{net}`")
}

fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let lower = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let first = parts.next().is_some_and(|first| lower(first) && (2..=4).contains(&first.len()));
    let last = parts.next_back().is_some_and(|last| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()));
    let middle: Vec<&str> = parts.gather();
    first && last && !middle.is_empty() && middle.into_iter().all(lower)
}

fn is_dns_name(text: &str) -> bool {
    let labels = text.strip_prefix("*.").unwrap_or(text);
    text.len() <= 255 && labels.contains('.') && labels.split('.').all(is_dns_label)
}

fn is_dns_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

spec_text!(
    /// The name of an app, from which stack names and the names in constructs are made.
    AppName, "a name of at most 63 letters, digits and `-` that begins with a letter", "^[A-Za-z][A-Za-z0-9-]{0,62}$", "payments",
    |text| {
        let right = |text: &str| super::scalar::is_name(text) && !text.contains('_');
        checked(right(text), as_name(text, |next| next.is_ascii_alphanumeric(), right))
    }
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::Value;
    use crate::spec::{Decoder, SpecType};

    /// What is said of `text`.
    fn help<T: SpecType>(text: &'static str) -> Option<String> {
        let (read, mistakes) = Decoder::read::<T>(&Value::from(text));
        assert_eq!(read.is_some(), mistakes.is_empty(), "{text}");
        mistakes.into_iter().next().and_then(|mistake| mistake.help)
    }

    #[test]
    fn a_zone_is_no_region() {
        assert_eq!(help::<RegionName>("us-gov-west-1"), None);
        assert_eq!(help::<RegionName>("eu-west-1a").as_deref(), Some("did you mean `eu-west-1`?"));
        assert_eq!(help::<RegionName>("EU_WEST_1").as_deref(), Some("did you mean `eu-west-1`?"));
        assert_eq!(help::<RegionName>("Ireland").as_deref(), Some("write it like `eu-west-1`"));
    }

    #[test]
    fn what_an_account_is_written_with_is_left_out() {
        assert_eq!(help::<AccountId>("1111-2222-3333").as_deref(), Some("did you mean `111122223333`?"));
    }

    #[test]
    fn a_range_is_put_right() {
        let help = help::<Cidr>("10.20.30.40/16");
        assert_eq!(help.as_deref(), Some("a range begins with its first address: write `10.20.0.0/16`"));
    }

    #[test]
    fn the_name_is_found_in_an_address() {
        assert_eq!(help::<DnsName>("*.example.com"), None);
        assert_eq!(help::<DnsName>("https://Pay.Example.com/x").as_deref(), Some("did you mean `pay.example.com`?"));
    }
}
