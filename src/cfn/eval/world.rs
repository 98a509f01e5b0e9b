//! Worlds: every way in which the conditions of an app can turn out.
//!
//! A condition compares the value of a parameter with literals. For its worlds only which of these literals it is matters, or
//! that it is none of them. A comparison that cannot be taken apart like this is true in some worlds and false in others. A
//! parameter without a default by which mappings are read makes a world for each of the values that it may take.

use super::app::Supply;
use super::{App, Evaluation, Field, Parameter, condition};
use crate::cfn::ordered::sort;
use crate::cfn::{Function, Intrinsic, Map, Value, each_reference};
use crate::cfn::{Gather as _, GatherMore as _};

/// How many worlds are looked at: a budget of ours, since each costs as much as a template without conditions.
const MAX_WORLDS: usize = 64;

/// How many ways of choosing parameters are tried in search of worlds.
const MAX_CHOICES: usize = 1024;

/// How many worlds parameters by which mappings are read may make; those beyond stay unknown.
const MAX_KEYS: usize = 16;

/// What a deployment may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Variable<'a> {
    Parameter { template: u32, name: &'a str },
    Pseudo { template: u32, name: &'a str },
}

impl<'a> Variable<'a> {
    const fn name(self) -> &'a str {
        match self {
            Self::Parameter { name, .. } | Self::Pseudo { name, .. } => name,
        }
    }
}

/// One way in which the conditions turn out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct World<'a> {
    /// What each variable is: a value, or none of those with which it is compared.
    choices: Vec<(Variable<'a>, Option<&'a Value>)>,
    /// Whether comparisons that cannot be taken apart hold.
    atoms: Vec<(Atom<'a>, bool)>,
    /// Whether each condition of each template holds; nothing while that is being worked out.
    truth: Option<Vec<Vec<bool>>>,
    /// The template and output of each export, in order of their names.
    exports: Vec<(String, (u32, u32))>,
    /// Those whose names are not known in full.
    open_exports: Vec<(u32, u32)>,
}

/// A comparison that cannot be taken apart, and the condition in which it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Atom<'a> {
    template: u32,
    value: &'a Value,
    condition: &'a str,
}

impl<'a> World<'a> {
    pub(super) fn value_of(&self, variable: &Variable<'a>) -> Option<Option<&'a Value>> {
        self.choices.iter().find(|(chosen, _)| chosen == variable).map(|(_, value)| *value)
    }

    pub(super) fn truth_of(&self, template: u32) -> Option<&[bool]> {
        self.truth.as_ref()?.get(usize::try_from(template).ok()?).map(Vec::as_slice)
    }

    pub(super) fn truth_of_atom(&self, template: u32, value: &Value) -> Option<bool> {
        let found = self.atoms.iter().find(|(atom, _)| atom.template == template && atom.value == value);
        found.map(|(_, holds)| *holds)
    }

    /// The template and output that export under a name.
    pub(super) fn export(&self, name: &str) -> Option<(u32, u32)> {
        let found = self.exports.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.exports.get(found).map(|(_, place)| *place)
    }

    pub(super) fn open_exports(&self) -> &[(u32, u32)] {
        &self.open_exports
    }

    /// Settles the conditions, and with them the names of exports.
    pub(super) fn settle(&mut self, app: &'a App<'a>) {
        self.truth = Some(truth(app, self));
        let settled = self.clone();
        let evaluation = Evaluation::new(app, &settled);
        for (template, content) in (0..).zip(app.templates()) {
            for (index, output) in (0..).zip(content.outputs()) {
                let Some(name) = output.export else { continue };
                let is_made = output.condition.is_none_or(|name| evaluation.holds(template, name).unwrap_or(true));
                match evaluation.node(template, name).text() {
                    _ if !is_made => {}
                    Field::Known(name) => self.exports.push((name.into_owned(), (template, index))),
                    _ => self.open_exports.push((template, index)),
                }
            }
        }
        sort(&mut self.exports);
    }

    /// What makes this world, by name: the values of parameters (nothing for a value that no condition names), and whether
    /// conditions hold that depend on something else. All worlds of an app have the same names in the same order.
    pub fn settings(&self) -> impl Iterator<Item = (&'a str, Option<String>)> {
        let chosen = self.choices.iter().map(|(variable, value)| {
            let text = value.map(|value| super::pieces::scalar(value).unwrap_or_default().into_owned());
            (variable.name(), text)
        });
        chosen.chain(self.atoms.iter().map(|(atom, holds)| (atom.condition, Some(holds.to_string()))))
    }
}

/// The worlds of an app.
#[derive(Debug)]
pub struct Worlds<'a> {
    /// The worlds, first that of the defaults. Never empty.
    pub all: Vec<World<'a>>,
    /// Whether these are all.
    pub complete: bool,
}

/// The worlds of an app, as far as its conditions decide about resources and properties.
#[must_use]
pub fn worlds<'a>(app: &'a App<'a>) -> Worlds<'a> {
    let keys = keys(app);
    if keys.is_empty() && app.templates().iter().all(|template| template.conditions().is_empty()) {
        let mut only = World::default();
        only.settle(app);
        return Worlds { all: vec![only], complete: true };
    }
    let used: Vec<Vec<bool>> = app.templates().iter().map(used_conditions).gather();
    let space = Space::of(app, &used, &keys);
    let (choices, mut complete) = space.choices();
    let mut all: Vec<World<'a>> = Vec::new();
    let mut seen = Vec::new();
    for choice in choices {
        let world = space.world(app, &choice);
        let values: Vec<_> = keys.iter().map(|(key, _)| world.value_of(key).flatten()).gather();
        let relevant = (masked(world.truth.as_deref().unwrap_or_default(), &used), values);
        if seen.contains(&relevant) {
            continue;
        }
        if all.len() == MAX_WORLDS {
            complete = false;
            break;
        }
        seen.push(relevant);
        all.push(world);
    }
    Worlds { all, complete }
}

/// The truth of the conditions that are used.
fn masked(truth: &[Vec<bool>], used: &[Vec<bool>]) -> Vec<Vec<bool>> {
    let pairs = truth.iter().zip(used);
    pairs.map(|(truth, used)| truth.iter().zip(used).map(|(truth, used)| *truth && *used).gather()).gather()
}

/// What may differ between worlds.
#[derive(Default)]
struct Space<'a> {
    variables: Vec<(Variable<'a>, Vec<Option<&'a Value>>)>,
    atoms: Vec<Atom<'a>>,
}

impl<'a> Space<'a> {
    fn of(app: &'a App<'a>, used: &[Vec<bool>], keys: &[(Variable<'a>, &'a [Value])]) -> Self {
        let mut space = Self::default();
        for ((template, content), used) in (0..).zip(app.templates()).zip(used) {
            for ((name, value), used) in content.conditions().iter().zip(used) {
                if *used {
                    space.collect(app, template, name, value, 0);
                }
            }
        }
        for (variable, values) in keys {
            values.iter().for_each(|value| space.compared(*variable, value));
        }
        for (variable, domain) in &mut space.variables {
            complete_domain(app, *variable, domain);
        }
        space
    }

    /// Takes a condition apart.
    fn collect(&mut self, app: &App<'a>, template: u32, condition: &'a str, value: &'a Value, depth: u8) {
        let Value::Intrinsic(intrinsic) = value else { return };
        let arguments = intrinsic.argument.as_list().unwrap_or_default();
        match (intrinsic.function, arguments) {
            (Function::Condition, _) => {}
            (Function::Not | Function::And | Function::Or, _) if depth < u8::MAX => {
                arguments.iter().for_each(|part| self.collect(app, template, condition, part, depth + 1));
            }
            (Function::Equals, [one, other]) if one == other => {}
            (Function::Equals, [one, other]) => match (free(app, template, one), free(app, template, other)) {
                (Some(variable), None) if is_scalar(other) => self.compared(variable, other),
                (None, Some(variable)) if is_scalar(one) => self.compared(variable, one),
                _ if mentions_free(app, template, one, 0) || mentions_free(app, template, other, 0) => {
                    self.atom(Atom { template, value, condition });
                }
                _ => {}
            },
            _ => self.atom(Atom { template, value, condition }),
        }
    }

    fn compared(&mut self, variable: Variable<'a>, literal: &'a Value) {
        let domain = match self.variables.iter_mut().find(|(known, _)| *known == variable) {
            Some((_, domain)) => domain,
            None => {
                self.variables.push((variable, Vec::new()));
                let Some((_, domain)) = self.variables.last_mut() else { return };
                domain
            }
        };
        if !domain.iter().flatten().any(|known| super::evaluation::equal_literals(known, literal)) {
            domain.push(Some(literal));
        }
    }

    fn atom(&mut self, atom: Atom<'a>) {
        if !self.atoms.iter().any(|known| known.template == atom.template && known.value == atom.value) {
            self.atoms.push(atom);
        }
    }

    /// How many values each variable and each atom has.
    fn sizes(&self) -> Vec<usize> {
        let variables = self.variables.iter().map(|(_, domain)| domain.len());
        variables.chain(self.atoms.iter().map(|_| 2)).gather()
    }

    /// Ways to choose, as an index for each variable and atom, and whether these are all. When there are too many: the
    /// defaults, all that differ from them in one place, and as many as fit that differ in two.
    fn choices(&self) -> (Vec<Vec<usize>>, bool) {
        let sizes = self.sizes();
        let total = sizes.iter().try_fold(1_usize, |total, size| total.checked_mul(*size));
        if total.is_some_and(|total| total <= MAX_CHOICES) {
            return (product(&sizes), true);
        }
        let base = vec![0; sizes.len()];
        let mut choices = vec![base.clone()];
        choices.gather_more(changed(&base, &sizes, 0).take(MAX_CHOICES));
        for (place, single) in choices.clone().into_iter().enumerate().skip(1) {
            let room = MAX_CHOICES.saturating_sub(choices.len());
            choices.gather_more(changed(&single, &sizes, place.min(sizes.len())).take(room));
        }
        (choices, false)
    }

    /// The world of a choice.
    fn world(&self, app: &'a App<'a>, choice: &[usize]) -> World<'a> {
        let chosen = self.variables.iter().zip(choice);
        let choices = chosen.map(|((variable, domain), index)| (*variable, domain.get(*index).copied().flatten()));
        let open = self.atoms.iter().zip(choice.iter().skip(self.variables.len()));
        let atoms = open.map(|(atom, index)| (*atom, *index == 1)).gather();
        let mut world = World { choices: choices.gather(), atoms, ..World::default() };
        world.settle(app);
        world
    }
}

/// Whether each condition of each template holds. One that depends on itself, or on nothing that is there, counts as true.
fn truth<'a>(app: &'a App<'a>, world: &World<'a>) -> Vec<Vec<bool>> {
    let evaluation = Evaluation::new(app, world);
    let holds = |template, value| condition::holds(&evaluation, template, value).unwrap_or(true);
    let templates = (0..).zip(app.templates());
    let of = |(template, content): (u32, &super::Template<'a>)| {
        content.conditions().iter().map(|(_, value)| holds(template, value)).gather()
    };
    templates.map(of).gather()
}

/// Every combination, the first all zero.
fn product(sizes: &[usize]) -> Vec<Vec<usize>> {
    sizes.iter().fold(vec![Vec::new()], |before, size| {
        let longer = |choice: Vec<usize>| {
            (0..*size).map(move |index| choice.iter().copied().chain(std::iter::once(index)).gather::<Vec<_>>())
        };
        before.into_iter().flat_map(longer).gather()
    })
}

/// What differs from `base` in one place at or after `from`.
fn changed<'b>(base: &'b [usize], sizes: &'b [usize], from: usize) -> impl Iterator<Item = Vec<usize>> + 'b {
    sizes.iter().enumerate().skip(from).flat_map(move |(place, size)| {
        (1..*size).map(move |index| {
            let mut choice = base.to_vec();
            if let Some(value) = choice.get_mut(place) {
                *value = index;
            }
            choice
        })
    })
}

/// Adds to the literals that a variable is compared with what it is otherwise, and puts its default first.
fn complete_domain<'a>(app: &App<'a>, variable: Variable<'a>, domain: &mut Vec<Option<&'a Value>>) {
    let Variable::Parameter { template, name } = variable else { return domain.push(None) };
    let Some(parameter) = app.template(template).and_then(|content| content.parameter(name)) else { return };
    let equal = super::evaluation::equal_literals;
    let allowed = parameter.allowed_values();
    if !allowed.is_empty() {
        domain.retain(|value| value.is_some_and(|value| allowed.iter().any(|other| equal(value, other))));
    }
    let default = parameter.default().filter(|_| !parameter.is_looked_up());
    let compared = |value: &Value| domain.iter().flatten().any(|known| equal(known, value));
    let other = allowed.iter().find(|value| !compared(value));
    match default {
        Some(default) if !compared(default) => domain.insert(0, Some(default)),
        _ if allowed.is_empty() => domain.push(None),
        _ => domain.gather_more(other.map(Some)),
    }
    let first =
        default.and_then(|default| domain.iter().position(|value| value.is_some_and(|value| equal(value, default))));
    let last = domain.len().saturating_sub(1);
    let first = first.unwrap_or(if default.is_none() { last } else { 0 });
    if !domain.is_empty() {
        domain.swap(0, first);
    }
}

/// The variable that a value is, when a deployment may choose it.
fn free<'a>(app: &App<'a>, template: u32, value: &'a Value) -> Option<Variable<'a>> {
    let Value::Intrinsic(intrinsic) = value else { return None };
    if intrinsic.function != Function::Ref {
        return None;
    }
    named(app, template, intrinsic.argument.as_str()?)
}

/// The variable with this name.
fn named<'a>(app: &App<'a>, template: u32, name: &'a str) -> Option<Variable<'a>> {
    let content = app.template(template)?;
    let environment = content.environment();
    match name {
        "AWS::Region" if environment.region.is_none() => Some(Variable::Pseudo { template, name }),
        "AWS::AccountId" if environment.account.is_none() => Some(Variable::Pseudo { template, name }),
        "AWS::Partition" if environment.partition.is_none() => Some(Variable::Pseudo { template, name }),
        "AWS::StackName" if environment.stack_name.is_none() => Some(Variable::Pseudo { template, name }),
        _ => {
            let parameter = content.parameter(name)?;
            let is_fixed = matches!(parameter.allowed_values(), [_]);
            let own = (!is_fixed).then_some(Variable::Parameter { template, name });
            match app.supply(template, name) {
                None => own,
                Some(Supply::Output { .. }) => None,
                Some(Supply::Parent) => match giver(app, template, parameter) {
                    Giver::Deployment => own,
                    Giver::Parent => None,
                    // Templates are nested in one another only so deep as there are templates.
                    Giver::Parameter { template, name } => named(app, template, name),
                },
            }
        }
    }
}

/// What decides about a parameter of a nested stack.
enum Giver<'a> {
    /// The deployment, or nobody knows.
    Deployment,
    /// The parent gives a value, or leaves it at its default.
    Parent,
    /// The parent hands on a parameter of its own.
    Parameter { template: u32, name: &'a str },
}

fn giver<'a>(app: &App<'a>, template: u32, parameter: Parameter<'a>) -> Giver<'a> {
    let Some(parent) = app.parent_of(template) else { return Giver::Deployment };
    let resource = app.template(parent.template).and_then(|content| content.resource(parent.resource));
    let Some(properties) = resource.and_then(|resource| resource.properties) else { return Giver::Deployment };
    let given = match properties.get("Parameters") {
        None => None,
        Some(Value::Map(given)) if !given.contains_key("Fn::Transform") => given.get(parameter.name),
        Some(_) => return Giver::Deployment,
    };
    match given.map(|given| (given, given.as_intrinsic())) {
        Some((_, Some(Intrinsic { function: Function::Ref, argument: Value::String(name) }))) => {
            Giver::Parameter { template: parent.template, name }
        }
        Some(_) => Giver::Parent,
        None if parameter.default().is_some() => Giver::Parent,
        None => Giver::Deployment,
    }
}

/// The parameter that a deployment sets for one of a template: itself, or that of a parent which is handed on; nothing when
/// another value is given.
pub(super) fn source_of<'a>(app: &App<'a>, template: u32, name: &str) -> Option<Parameter<'a>> {
    let parameter = app.template(template)?.parameter(name)?;
    match app.supply(template, name) {
        None => Some(parameter),
        Some(Supply::Output { .. }) => None,
        Some(Supply::Parent) => match giver(app, template, parameter) {
            Giver::Deployment => Some(parameter),
            Giver::Parent => None,
            Giver::Parameter { template, name } => source_of(app, template, name),
        },
    }
}

/// Whether a value depends on something that a deployment may choose, or that nobody knows.
fn mentions_free(app: &App<'_>, template: u32, value: &Value, depth: u8) -> bool {
    let inside = |value: &Value| depth < u8::MAX && mentions_free(app, template, value, depth + 1);
    match value {
        Value::Intrinsic(intrinsic) => match intrinsic.function {
            Function::Ref => intrinsic.argument.as_str().is_none_or(|name| named(app, template, name).is_some()),
            Function::Join | Function::Select | Function::Split | Function::FindInMap | Function::If => {
                inside(&intrinsic.argument)
            }
            _ => true,
        },
        other => other.any_part(&inside),
    }
}

fn is_scalar(value: &Value) -> bool {
    matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_))
}

/// Which conditions of a template decide about resources or properties, by themselves or through others.
fn used_conditions(template: &super::Template<'_>) -> Vec<bool> {
    let mut used = vec![false; template.conditions().len()];
    if used.is_empty() {
        return used;
    }
    let mut waiting = Vec::new();
    for resource in template.resources().iter().filter(|resource| resource.type_name != "AWS::CDK::Metadata") {
        waiting.gather_more(resource.condition());
        if let Some(properties) = resource.properties {
            named_in_map(properties, &mut waiting);
        }
    }
    for output in template.outputs() {
        waiting.gather_more(output.condition);
        output.value.into_iter().for_each(|value| named_in(value, &mut waiting));
    }
    follow(template, waiting, &mut used);
    used
}

/// Notes which conditions are meant by these names, and by what stands in them.
fn follow<'t>(template: &super::Template<'t>, mut waiting: Vec<&'t str>, used: &mut [bool]) {
    while let Some(name) = waiting.pop() {
        let Some(index) = template.condition_index(name) else { continue };
        let Some(known) = used.get_mut(index) else { continue };
        if !std::mem::replace(known, true)
            && let Some((_, value)) = template.conditions().get(index)
        {
            named_in(value, &mut waiting);
        }
    }
}

/// Whether a condition asks for a parameter, by itself or through others.
pub(super) fn asks_for<'t>(template: &super::Template<'t>, condition: &'t str, parameter: &str) -> bool {
    let mut used = vec![false; template.conditions().len()];
    follow(template, vec![condition], &mut used);
    template.conditions().iter().zip(used).any(|((_, value), used)| {
        let mut is_named = false;
        each_reference(value, &mut |name| is_named |= name == parameter);
        used && is_named
    })
}

/// The parameters without a default by which mappings are read, each with the values that it may take: those that are
/// allowed, or else the rows of the mapping, since it fails with any other.
fn keys<'a>(app: &'a App<'a>) -> Vec<(Variable<'a>, &'a [Value])> {
    let mut keys = Vec::new();
    let mut worlds = 1_usize;
    for (template, content) in (0..).zip(app.templates()) {
        let is_open = |parameter: &&Parameter<'_>| {
            let may_vary = parameter.allowed_values().len() != 1;
            may_vary && parameter.default().is_none() && !parameter.is_looked_up() && content.mappings().is_some()
        };
        let open: Vec<_> = content.parameters().iter().filter(is_open).gather();
        let mut names = Vec::new();
        if !open.is_empty() {
            let properties = content.resources().iter().filter_map(|resource| resource.properties);
            properties.flat_map(Map::iter).for_each(|(_, value)| keys_of_mappings(value, None, &mut names));
        }
        for parameter in open {
            let Some((_, mapping)) = names.iter().find(|(name, _)| *name == parameter.name) else { continue };
            let values = match parameter.allowed_values() {
                [] => content.rows(mapping),
                allowed => allowed,
            };
            let count = worlds.saturating_mul(values.len().max(1));
            if count <= MAX_KEYS
                && !values.is_empty()
                && let Some(variable) = named(app, template, parameter.name)
            {
                worlds = count;
                keys.push((variable, values));
            }
        }
    }
    keys
}

/// The names of what mappings are read by in a value, each once with the mapping whose rows it names. That is empty for what
/// is a key within a row, or a part of a key.
fn keys_of_mappings<'v>(value: &'v Value, mapping: Option<&'v str>, names: &mut Vec<(&'v str, &'v str)>) {
    match value {
        Value::Intrinsic(intrinsic) => match (intrinsic.function, &intrinsic.argument, mapping) {
            (Function::Ref, Value::String(name), Some(mapping)) => {
                match names.iter_mut().find(|known| known.0 == *name) {
                    Some(known) if known.1.is_empty() => known.1 = mapping,
                    Some(_) => {}
                    None => names.push((name, mapping)),
                }
            }
            (Function::FindInMap, Value::List(arguments), _) => {
                let read = arguments.first().and_then(Value::as_str).unwrap_or_default();
                for (index, argument) in arguments.iter().enumerate() {
                    keys_of_mappings(argument, Some(if index == 1 { read } else { "" }), names);
                }
            }
            (_, argument, _) => keys_of_mappings(argument, mapping.map(|_| ""), names),
        },
        other => other.each_part(&mut |part| keys_of_mappings(part, mapping, names)),
    }
}

fn named_in_map<'v>(map: &'v Map, names: &mut Vec<&'v str>) {
    map.iter().for_each(|(_, value)| named_in(value, names));
}

/// The names of the conditions in a value.
fn named_in<'v>(value: &'v Value, names: &mut Vec<&'v str>) {
    if let Value::Intrinsic(intrinsic) = value {
        match (intrinsic.function, &intrinsic.argument) {
            (Function::Condition, Value::String(name)) => names.push(name),
            (Function::If, Value::List(arguments)) => names.gather_more(arguments.first().and_then(Value::as_str)),
            _ => {}
        }
    }
    value.each_part(&mut |part| named_in(part, names));
}
