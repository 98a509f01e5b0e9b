//! The Availability Zones of a new network: which are meant, and which part of the address range is theirs.

use crate::aws::Region;
use crate::aws::partition::Partition;
use crate::aws::region::ZONES_IN_EVERY_ACCOUNT;
use crate::cfn::ordered::sort_by;
use crate::cfn::{Function, Text, Value};
use crate::cfn::{Gather as _, GatherMore as _};
use crate::diagnostics::codes;
use crate::resources::ec2;
use crate::spec::{Input, Zones};

use super::Scope;

/// The most zones that a Region has.
const MOST_ZONES: usize = 6;

/// Into how many equal parts the range of a new VPC is cut. There are at most six zones; the rest stays free.
pub(super) const SLOTS: u8 = 8;

/// Regions of which newer accounts see two zones although they have three. Source:
/// `global-infrastructure/latest/regions/aws-availability-zones`.
const TWO_ZONES_FOR_NEWER_ACCOUNTS: &[&str] = &["us-west-1"];

/// A zone of a new network.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Zone {
    /// Which part of the address range is its own. It depends on the zone alone, not on which others there are.
    pub(super) slot: u8,
    name: Name,
}

/// How a subnet says in which zone it is.
#[derive(Clone, Debug, PartialEq)]
enum Name {
    /// By the name that this account has for it.
    Name(Value),
    /// By the ID that every account has for it.
    Id(Value),
}

impl Zone {
    /// The construct ID of what belongs to the zone.
    pub(super) fn id(&self) -> String {
        format!("Zone{}", self.slot.saturating_add(1))
    }

    /// Puts a subnet into the zone.
    pub(super) fn place(&self, subnet: ec2::Subnet) -> ec2::Subnet {
        match &self.name {
            Name::Name(name) => subnet.availability_zone(name),
            Name::Id(id) => subnet.availability_zone_id(id),
        }
    }
}

/// The zones that a new network has, in the order of their parts of the range.
pub(super) fn zones(scope: &mut Scope<'_>, zones: &Zones) -> Vec<Zone> {
    match zones {
        Zones::Count(count) => counted(scope, *count),
        Zones::Named(names) => named(scope, names),
    }
}

fn counted(scope: &mut Scope<'_>, count: i64) -> Vec<Zone> {
    let region = scope.stack().props().env.region.as_ref().map(|region| region.as_str().to_owned());
    let known = zones_of_every_account(region.as_deref());
    let wanted = usize::try_from(count).unwrap_or(0);
    if !(1..=MOST_ZONES).contains(&wanted) {
        let message = format!("a network cannot have `{count}` availability zones");
        scope.error(codes::OUT_OF_RANGE, "azs", message, format!("give a number from 1 to {MOST_ZONES}"));
    } else if wanted > known {
        let example = region.clone().unwrap_or_else(|| "eu-west-1".to_owned());
        let place = region.map_or_else(|| "every Region".to_owned(), |region| format!("`{region}`"));
        let message =
            format!("`{count}` availability zones are asked for, and accounts are sure to see {known} in {place}");
        let help = format!(
            "name the zones, such as `azs: [{example}a, {example}b, {example}c]`, or ask for fewer; \
             `aws ec2 describe-availability-zones` lists those of your account"
        );
        scope.error(codes::network::UNKNOWN_ZONES, "azs", message, help);
    }
    let slots = u8::try_from(wanted.clamp(1, MOST_ZONES)).unwrap_or(1);
    let all = Value::call(Function::GetAzs, Value::from(""));
    (0..slots).map(|slot| Zone { slot, name: Name::Name(Value::select(usize::from(slot), all.clone())) }).gather()
}

/// How many zones every account sees in a Region.
fn zones_of_every_account(region: Option<&str>) -> usize {
    let fewest = usize::from(ZONES_IN_EVERY_ACCOUNT);
    match region {
        Some(region) if !TWO_ZONES_FOR_NEWER_ACCOUNTS.contains(&region) => {
            Region::find(region).and_then(Region::zone_count).unwrap_or(fewest)
        }
        _ => fewest,
    }
}

/// What a text says about a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling<'a> {
    /// A name, such as `eu-west-1a`: its Region and its letter, counted from 0.
    Name { region: &'a str, letter: u8 },
    /// An ID, such as `euw1-az1`: its Region, when that is known, and its number, counted from 0.
    Id { region: Option<&'static str>, number: u8 },
    /// The name of a Local Zone or Wavelength Zone, such as `us-west-2-lax-1a`.
    Local,
    /// Nothing of the kind.
    Other,
}

impl<'a> Spelling<'a> {
    fn of(text: &'a str) -> Self {
        if let Some((_, number)) = text.rsplit_once("-az") {
            let number = number.parse::<u8>().ok().and_then(|number| number.checked_sub(1));
            let region = Region::of_zone_id(text).map(|region| region.name);
            return number.map_or(Self::Other, |number| Self::Id { region, number });
        }
        let region = text.trim_end_matches(|last: char| last.is_ascii_lowercase());
        let letters: Vec<u8> = text.strip_prefix(region).unwrap_or_default().bytes().gather();
        match letters.as_slice() {
            [letter] if Partition::of_region(region).is_some() => Self::Name { region, letter: letter - b'a' },
            [_] if region.matches('-').count() > 3 => Self::Local,
            _ => Self::Other,
        }
    }

    const fn slot(self) -> Option<u8> {
        match self {
            Self::Name { letter: slot, .. } | Self::Id { number: slot, .. } if slot < SLOTS => Some(slot),
            _ => None,
        }
    }

    const fn region(self) -> Option<&'a str> {
        match self {
            Self::Name { region, .. } => Some(region),
            Self::Id { region, .. } => region,
            _ => None,
        }
    }
}

fn named(scope: &mut Scope<'_>, names: &[Input<Text>]) -> Vec<Zone> {
    if names.is_empty() || names.len() > MOST_ZONES {
        let message = format!("a network cannot have `{}` availability zones", names.len());
        scope.error(codes::OUT_OF_RANGE, "azs", message, format!("name 1 to {MOST_ZONES} zones"));
    }
    check_names(scope, names);
    let mut zones: Vec<Zone> = Vec::new();
    let mut later: Vec<Name> = Vec::new();
    for name in names.iter().take(MOST_ZONES) {
        let spelling = name.known().map_or(Spelling::Other, |text| Spelling::of(text));
        let name = match spelling {
            Spelling::Id { .. } => Name::Id(name.to_value()),
            _ => Name::Name(relative(scope, name)),
        };
        match spelling.slot() {
            Some(slot) if zones.iter().any(|zone| zone.slot == slot) => {}
            Some(slot) => zones.push(Zone { slot, name }),
            None => later.push(name),
        }
    }
    // What says nothing about itself takes what is left, in the order of the list.
    for name in later {
        let free = (0..SLOTS).find(|slot| zones.iter().all(|zone| zone.slot != *slot));
        zones.gather_more(free.map(|slot| Zone { slot, name }));
    }
    sort_by(&mut zones, |left, right| left.slot.cmp(&right.slot));
    if zones.is_empty() { counted(scope, i64::from(ZONES_IN_EVERY_ACCOUNT)) } else { zones }
}

/// The name of a zone in terms of the stack's own Region: `eu-west-1a` is the Region and `a`. That says the same, and
/// nothing in the template has to change when it goes to another Region.
fn relative(scope: &Scope<'_>, name: &Input<Text>) -> Value {
    let region = scope.stack().props().env.region.as_ref().map(|region| region.as_str());
    let rest = name.known().zip(region).and_then(|(name, region)| name.strip_prefix(region));
    match rest {
        Some(rest) => Value::join([Value::reference("AWS::Region"), Value::from(rest.to_owned())]),
        None => name.to_value(),
    }
}

fn check_names(scope: &mut Scope<'_>, names: &[Input<Text>]) {
    let mut region = scope.stack().props().env.region.as_ref().map(|region| region.as_str().to_owned());
    let mut seen: Vec<&Text> = Vec::new();
    let mut first: Option<(&Text, bool)> = None;
    for (index, name) in names.iter().enumerate() {
        let Some(text) = name.known() else { continue };
        let at = format!("azs/{index}");
        let spelling = Spelling::of(text);
        check_spelling(scope, &at, text, spelling, region.as_deref());
        if seen.contains(&text) {
            let message = format!("the zone `{text}` is named twice");
            scope.error(codes::network::DUPLICATE_ZONE, &at, message, "name each zone once: it has one subnet");
        }
        seen.push(text);
        let is_id = matches!(spelling, Spelling::Id { .. });
        match first {
            Some((other, other_is_id)) if other_is_id != is_id => {
                let message = format!("`{other}` and `{text}` may be the same zone");
                scope.error(codes::network::DUPLICATE_ZONE, &at, message, "give all zones by name, or all by ID");
            }
            Some(_) => {}
            None => first = Some((text, is_id)),
        }
        // A stack that can go anywhere goes where its first zone is.
        region = region.or_else(|| spelling.region().map(str::to_owned));
    }
}

/// Checks the zone of a subnet that exists.
pub(super) fn check_zone(scope: &mut Scope<'_>, at: &str, zone: &str) {
    let region = scope.stack().props().region().map(str::to_owned);
    check_spelling(scope, at, zone, Spelling::of(zone), region.as_deref());
}

fn check_spelling(scope: &mut Scope<'_>, at: &str, text: &str, spelling: Spelling<'_>, region: Option<&str>) {
    match (spelling, region) {
        (Spelling::Local, _) => {
            let message = format!("`{text}` is a Local Zone, where no Network Load Balancer can be");
            scope.error(codes::network::NOT_A_ZONE, at, message, "name an Availability Zone of the Region");
        }
        (Spelling::Other, _) => {
            let message = format!("`{text}` is not the name of an Availability Zone");
            scope.error(
                codes::network::NOT_A_ZONE,
                at,
                message,
                "write it like `eu-west-1a`, or by its ID, like `euw1-az1`",
            );
        }
        (_, Some(region)) if spelling.region().is_some_and(|of_zone| of_zone != region) => {
            let message = format!("the zone `{text}` is not in the Region `{region}`");
            scope.error(codes::network::FOREIGN_ZONE, at, message, format!("name zones of `{region}`"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_understood_by_name_and_by_id() {
        assert_eq!(Spelling::of("eu-west-1c"), Spelling::Name { region: "eu-west-1", letter: 2 });
        assert_eq!(Spelling::of("us-gov-west-1a"), Spelling::Name { region: "us-gov-west-1", letter: 0 });
        assert_eq!(Spelling::of("use1-az6"), Spelling::Id { region: Some("us-east-1"), number: 5 });
        assert_eq!(Spelling::of("cnn1-az1"), Spelling::Id { region: None, number: 0 });
        assert_eq!(Spelling::of("us-west-2-lax-1a"), Spelling::Local);
        assert_eq!(Spelling::of("us-east-1-wl1-bos-wlz-1a"), Spelling::Local);
        for text in ["", "a", "eu-west-1", "eu-west-1ab", "eu-west-1A", "Ireland", "euw1-az0", "euw1-azx"] {
            assert_eq!(Spelling::of(text), Spelling::Other, "{text}");
        }
    }

    #[test]
    fn a_count_is_covered_by_what_every_account_sees() {
        assert_eq!(zones_of_every_account(None), 2);
        assert_eq!(zones_of_every_account(Some("eu-west-1")), 3);
        assert_eq!(zones_of_every_account(Some("us-west-1")), 2);
        assert_eq!(zones_of_every_account(Some("cn-north-1")), 2);
        assert_eq!(zones_of_every_account(Some("eu-west-9")), 2);
    }
}
