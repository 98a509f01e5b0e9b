//! Availability Zones of subnets, as far as two of them can be told apart.

use std::borrow::Cow;

use super::{Because, Field, Gather as _, Model, Node, Piece, ResourceId, Subnet, View};

/// The Availability Zone of a subnet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zone<'a> {
    place: Place<'a>,
    template: u32,
    account: Option<&'a str>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'a> {
    /// An ID such as `euw1-az1`, the same place in every account.
    Id(Cow<'a, str>),
    /// A name such as `eu-west-1a`, another place in every account.
    Name(Cow<'a, str>),
    /// What stands after the name of the stack's own Region, such as `a`.
    Here(Cow<'a, str>),
    /// A parameter, or a place in the list of the zones of the account.
    Open(Because<'a>),
}

/// A zone that is not known before the deployment, if two of them can be told apart.
fn open<'a>(model: &'a Model<'a>, name: &Node<'a>) -> Option<Place<'a>> {
    match name.pieces().as_slice() {
        [Piece::Hole(Because::Pseudo("AWS::Region")), Piece::Text(rest)] => Some(Place::Here(rest.clone())),
        [Piece::Hole(because @ Because::Zone(_))] => Some(Place::Open(*because)),
        // One element of a list is not told from another.
        [Piece::Hole(because @ Because::Parameter { template, name })] => {
            let template = model.evaluation().app().template(*template)?;
            let parameter = template.parameters().iter().find(|parameter| parameter.name == *name)?;
            (!parameter.is_list()).then_some(Place::Open(*because))
        }
        _ => None,
    }
}

impl<'a> Zone<'a> {
    /// The zone of a subnet, when something can be said about it.
    #[must_use]
    pub fn of(subnet: Subnet<'a>) -> Option<Self> {
        let name = subnet.availability_zone();
        let model = subnet.model();
        let place = match (subnet.availability_zone_id(), name.text()) {
            (Field::Known(id), _) => Place::Id(id),
            (_, Field::Known(name)) => Place::Name(name),
            _ => open(model, &name)?,
        };
        let account = model.template_of(subnet.id()).and_then(|template| template.environment().account.as_deref());
        Some(Self { place, template: subnet.id().template, account })
    }

    /// Its ID, when that is written.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match &self.place {
            Place::Id(id) => Some(id),
            _ => None,
        }
    }

    /// Its name, when that is known.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.place {
            Place::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Whether both are the same zone; nothing when that cannot be told.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        let is_one_stack = self.template == other.template;
        let is_one_account = is_one_stack || self.account.is_some() && self.account == other.account;
        match (&self.place, &other.place) {
            (Place::Id(one), Place::Id(other)) => Some(one == other),
            (Place::Name(one), Place::Name(other)) if is_one_account => Some(one == other),
            (Place::Here(one), Place::Here(other)) if is_one_stack => Some(one == other),
            (Place::Open(Because::Zone(one)), Place::Open(Because::Zone(other))) if is_one_stack => Some(one == other),
            (Place::Open(one), Place::Open(other)) if is_one_stack && one == other => Some(true),
            _ => None,
        }
    }
}

/// The Regions to which stacks go, as far as they are known: what is said of a stack, or else the Availability Zones that are
/// written in its template.
#[derive(Debug)]
pub struct Homes<'a>(Vec<Option<Cow<'a, str>>>);

impl<'a> Homes<'a> {
    /// Looks them up, once for all resources.
    #[must_use]
    pub fn of(model: &'a Model<'a>) -> Self {
        let templates = model.evaluation().app().templates().iter();
        let mut homes: Vec<_> =
            templates.map(|template| template.environment().region.as_deref().map(Cow::Borrowed)).gather();
        for subnet in model.all::<Subnet<'a>>() {
            let place = usize::try_from(subnet.id().template).unwrap_or(usize::MAX);
            if let Some(home) = homes.get_mut(place).filter(|home| home.is_none()) {
                *home = subnet.region();
            }
        }
        Self(homes)
    }

    /// The Region in which a resource is.
    #[must_use]
    pub fn region(&self, id: ResourceId) -> Option<&str> {
        self.0.get(usize::try_from(id.template).ok()?)?.as_deref()
    }
}
