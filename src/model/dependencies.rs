//! Which resources of a template wait for which: what `DependsOn`, `Ref`, `Fn::GetAtt` and `Fn::Sub` name.

use super::{ResourceId, sort};
use crate::aws::attributes::{attributes_of, is_attribute};
use crate::cfn::Gather as _;
use crate::cfn::eval::{Evaluation, Resource, Template};
use crate::cfn::{Function, Intrinsic, Value};

/// Where a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Referrer<'a> {
    /// In a property of a resource, by the first key of its path.
    Property(ResourceId, &'a str),
    /// In `DependsOn` of a resource.
    DependsOn(ResourceId),
    /// In an output.
    Output(&'a str),
}

/// A name for which there is no resource, or no condition, in this world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing<'a> {
    /// The template.
    pub template: u32,
    /// Where the name stands.
    pub from: Referrer<'a>,
    /// The name.
    pub name: &'a str,
    /// The resource with that name, when the template has one whose condition is false.
    pub unmade: Option<ResourceId>,
    /// Whether it is the name of a condition.
    pub is_condition: bool,
}

/// An attribute that the type of a resource does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongAttribute<'a> {
    /// The template.
    pub template: u32,
    /// Where it stands.
    pub from: Referrer<'a>,
    /// The resource whose it would be.
    pub resource: ResourceId,
    /// The attribute.
    pub name: &'a str,
    /// Those that the resource has.
    pub known: &'static str,
}

/// The references among the resources of each template.
#[derive(Debug, Default)]
pub struct Dependencies<'a> {
    forward: Vec<(ResourceId, ResourceId)>,
    backward: Vec<(ResourceId, ResourceId)>,
    /// Where those that name a resource begin in the list above, by the number of the resource.
    starts: Vec<usize>,
    /// The number behind the last resource of each template; resources are numbered one after the other.
    ends_of_templates: Vec<usize>,
    outputs: Vec<ResourceId>,
    missing: Vec<Missing<'a>>,
    wrong_attributes: Vec<WrongAttribute<'a>>,
}

impl<'a> Dependencies<'a> {
    pub(super) fn of(evaluation: &'a Evaluation<'a>) -> Self {
        let mut found = Self::default();
        for id in evaluation.resources() {
            let content = evaluation.app().template(id.template);
            let first = found.forward.len();
            if let (Some(content), Some(resource)) = (content, evaluation.resource(id)) {
                Reader { evaluation, content, template: id.template, found: &mut found }.resource(id, resource);
            }
            // Resource by resource, so that there is less to sort.
            sort(found.forward.get_mut(first..).unwrap_or_default());
        }
        for (template, content) in (0..).zip(evaluation.app().templates()) {
            Reader { evaluation, content, template, found: &mut found }.outputs();
        }
        found.forward.dedup();
        for content in evaluation.app().templates() {
            let first = found.ends_of_templates.last().copied().unwrap_or_default();
            found.ends_of_templates.push(first + content.resources().len());
        }
        found.turn_round();
        sort(&mut found.outputs);
        found
    }

    /// Collects the pairs turned round, in order: those of each resource go to a place of their own, so that nothing is compared.
    fn turn_round(&mut self) {
        let number_of_all = self.ends_of_templates.last().copied().unwrap_or_default();
        let mut ends = vec![0; number_of_all];
        for (_, to) in &self.forward {
            self.number(*to).and_then(|number| ends.get_mut(number)).into_iter().for_each(|count| *count += 1);
        }
        let before = |end: &mut usize, count: &usize| {
            *end += count;
            Some(*end - count)
        };
        self.starts = ends.iter().scan(0, before).gather();
        ends.clone_from(&self.starts);
        let nobody = ResourceId { template: 0, resource: 0 };
        self.backward = vec![(nobody, nobody); self.forward.len()];
        for (from, to) in &self.forward {
            let Some(end) = self.number(*to).and_then(|number| ends.get_mut(number)) else { continue };
            self.backward.get_mut(*end).into_iter().for_each(|place| *place = (*to, *from));
            *end += 1;
        }
    }

    /// The number of a resource among those of all templates.
    fn number(&self, id: ResourceId) -> Option<usize> {
        let template = usize::try_from(id.template).ok()?;
        let first =
            template.checked_sub(1).and_then(|before| self.ends_of_templates.get(before)).copied().unwrap_or_default();
        Some(first + usize::try_from(id.resource).ok()?)
    }

    /// The resources that name one, by its number.
    fn naming(&self, number: usize) -> &[(ResourceId, ResourceId)] {
        let start = self.starts.get(number).copied().unwrap_or(self.backward.len());
        let end = self.starts.get(number + 1).copied().unwrap_or(self.backward.len());
        self.backward.get(start..end).unwrap_or_default()
    }

    /// Whether resources wait for one another: something is left when what waits for nothing is taken away again and again.
    #[must_use]
    pub fn has_circle(&self) -> bool {
        let mut waits: Vec<usize> = vec![0; self.starts.len()];
        for (from, _) in &self.forward {
            self.number(*from).and_then(|number| waits.get_mut(number)).into_iter().for_each(|count| *count += 1);
        }
        let mut ready: Vec<usize> =
            waits.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).gather();
        let mut left = waits.len();
        while let Some(done) = ready.pop() {
            left = left.saturating_sub(1);
            for (_, from) in self.naming(done) {
                let Some(number) = self.number(*from) else { continue };
                let Some(count) = waits.get_mut(number) else { continue };
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(number);
                }
            }
        }
        left > 0
    }

    /// The resources for which one waits.
    pub fn of_resource(&self, id: ResourceId) -> impl Iterator<Item = ResourceId> {
        starting(&self.forward, id)
    }

    /// The resources that name one.
    pub fn dependents(&self, id: ResourceId) -> impl Iterator<Item = ResourceId> {
        self.number(id).map_or(&[][..], |number| self.naming(number)).iter().map(|(_, from)| *from)
    }

    /// Whether an output of its template names a resource.
    #[must_use]
    pub fn is_put_out(&self, id: ResourceId) -> bool {
        self.outputs.binary_search(&id).is_ok()
    }

    /// All pairs of a resource and one for which it waits, in order.
    #[must_use]
    pub fn pairs(&self) -> &[(ResourceId, ResourceId)] {
        &self.forward
    }

    /// The names for which there is no resource in this world.
    #[must_use]
    pub fn missing(&self) -> &[Missing<'a>] {
        &self.missing
    }

    /// The attributes that are asked for and that nothing has.
    #[must_use]
    pub fn wrong_attributes(&self) -> &[WrongAttribute<'a>] {
        &self.wrong_attributes
    }

    /// Whether `from` waits for one of `wanted`, itself or through others.
    #[must_use]
    pub fn reaches(&self, from: ResourceId, wanted: &[ResourceId]) -> bool {
        // Mostly it names one of them.
        if self.of_resource(from).any(|next| wanted.contains(&next)) {
            return true;
        }
        let (mut waiting, mut seen) = (vec![from], vec![from]);
        while let Some(id) = waiting.pop() {
            for next in self.of_resource(id) {
                if wanted.contains(&next) {
                    return true;
                }
                if let Err(place) = seen.binary_search(&next) {
                    seen.insert(place, next);
                    waiting.push(next);
                }
            }
        }
        false
    }
}

fn starting(pairs: &[(ResourceId, ResourceId)], id: ResourceId) -> impl Iterator<Item = ResourceId> {
    let start = pairs.partition_point(|(first, _)| *first < id);
    pairs.get(start..).unwrap_or_default().iter().take_while(move |(first, _)| *first == id).map(|(_, second)| *second)
}

/// Reads the names in one template.
struct Reader<'a, 'f> {
    evaluation: &'a Evaluation<'a>,
    content: &'a Template<'a>,
    template: u32,
    found: &'f mut Dependencies<'a>,
}

impl<'a> Reader<'a, '_> {
    fn resource(&mut self, id: ResourceId, resource: &'a Resource<'a>) {
        for name in resource.depends_on() {
            self.named(Referrer::DependsOn(id), name);
        }
        resource.condition().into_iter().for_each(|name| self.condition(Referrer::Property(id, ""), name));
        for (key, value) in resource.properties.into_iter().flat_map(crate::cfn::Map::iter) {
            self.value(Referrer::Property(id, key.as_ref()), value);
        }
    }

    fn outputs(&mut self) {
        for output in self.content.outputs() {
            output.condition.into_iter().for_each(|name| self.condition(Referrer::Output(output.name), name));
            let is_made = |name| self.evaluation.holds(self.template, name).unwrap_or(true);
            if output.condition.is_none_or(is_made) {
                output.value.into_iter().for_each(|value| self.value(Referrer::Output(output.name), value));
            }
        }
    }

    fn value(&mut self, from: Referrer<'a>, value: &'a Value) {
        match value {
            Value::Intrinsic(intrinsic) => self.function(from, intrinsic),
            other => other.each_part(&mut |part| self.value(from, part)),
        }
    }

    fn function(&mut self, from: Referrer<'a>, intrinsic: &'a Intrinsic) {
        match (intrinsic.function, &intrinsic.argument) {
            (Function::Ref, Value::String(name)) => self.named(from, name),
            (Function::GetAtt, Value::String(path)) => {
                self.path(from, path);
            }
            (Function::GetAtt, Value::List(parts)) => {
                parts.first().and_then(Value::as_str).into_iter().for_each(|name| self.named(from, name));
                parts.iter().skip(1).for_each(|part| self.value(from, part));
                if let [Value::String(name), Value::String(attribute)] = parts.as_slice() {
                    self.attribute(from, name, attribute);
                }
            }
            (Function::Sub, Value::String(text)) => self.text(from, text, None),
            (Function::Sub, Value::List(parts)) => {
                let variables = parts.get(1);
                let text = parts.first().and_then(Value::as_str).unwrap_or_default();
                self.text(from, text, variables);
                variables.into_iter().for_each(|variables| self.value(from, variables));
            }
            (Function::If, Value::List(parts)) => self.branch(from, parts),
            (Function::Condition | Function::Transform, _) => {}
            (_, argument) => self.value(from, argument),
        }
    }

    /// Only the branch that this world takes is there for CloudFormation.
    fn branch(&mut self, from: Referrer<'a>, parts: &'a [Value]) {
        let [condition, then, otherwise] = parts else { return };
        match condition.as_str().and_then(|name| self.evaluation.holds(self.template, name)) {
            Some(true) => self.value(from, then),
            Some(false) => self.value(from, otherwise),
            None => condition.as_str().into_iter().for_each(|name| self.condition(from, name)),
        }
    }

    /// Notes a condition that is not there: a loop may make some whose names are not written.
    fn condition(&mut self, from: Referrer<'a>, name: &'a str) {
        if !self.content.conditions().iter().any(|(known, _)| *known == name || known.starts_with("Fn::")) {
            self.missing(from, name, None, true);
        }
    }

    fn missing(&mut self, from: Referrer<'a>, name: &'a str, unmade: Option<ResourceId>, is_condition: bool) {
        self.found.missing.push(Missing { template: self.template, from, name, unmade, is_condition });
    }

    fn text(&mut self, from: Referrer<'a>, text: &'a str, variables: Option<&'a Value>) {
        for piece in text.split("${").skip(1) {
            let Some((name, _)) = piece.split_once('}') else { continue };
            let name = name.trim();
            let is_variable = variables.is_some_and(|variables| variables.get(name).is_some());
            if !is_variable && !name.starts_with('!') && !name.starts_with("Token[") {
                self.path(from, name);
            }
        }
    }

    /// Notes a name with or without an attribute behind it.
    fn path(&mut self, from: Referrer<'a>, path: &'a str) {
        let (name, attribute) = path.split_once('.').map_or((path, None), |(name, attribute)| (name, Some(attribute)));
        self.named(from, name);
        attribute.into_iter().for_each(|attribute| self.attribute(from, name, attribute));
    }

    /// Notes an attribute that its resource does not have, unless it is a property that the resource is given.
    fn attribute(&mut self, from: Referrer<'a>, name: &str, attribute: &'a str) {
        let Some(index) = self.content.resource_index(name) else { return };
        let Some(resource) = self.content.resource(index) else { return };
        let Some(known) = attributes_of(resource.type_name) else { return };
        let first = attribute.split('.').next().unwrap_or_default();
        let is_property = resource.properties.is_some_and(|properties| properties.contains_key(first));
        let is_settled = !attribute.contains("${") && !is_attribute(known, attribute);
        if is_settled && !(is_property && first == attribute) {
            let resource = ResourceId { template: self.template, resource: index };
            let wrong = WrongAttribute { template: self.template, from, resource, name: attribute, known };
            self.found.wrong_attributes.push(wrong);
        }
    }

    fn named(&mut self, from: Referrer<'a>, name: &'a str) {
        if name.starts_with("AWS::") || self.content.parameters().iter().any(|parameter| parameter.name == name) {
            return;
        }
        let target = self.content.resource_index(name).map(|resource| ResourceId { template: self.template, resource });
        let is_made = |id: ResourceId| {
            let condition = self.evaluation.resource(id).and_then(|resource| resource.condition());
            condition.is_none_or(|name| self.evaluation.holds(self.template, name).unwrap_or(true))
        };
        match (target, from) {
            (Some(target), Referrer::Output(_)) if is_made(target) => self.found.outputs.push(target),
            (Some(target), Referrer::Property(id, _) | Referrer::DependsOn(id)) if is_made(target) => {
                self.found.forward.push((id, target));
            }
            // CloudFormation passes over what `DependsOn` names and a condition leaves out.
            (Some(_), Referrer::DependsOn(_)) => {}
            _ => self.missing(from, name, target, false),
        }
    }
}
