//! Rows and values of mappings that are asked for and not there: a part of the rule about references to nothing.

use crate::model::{Field, Function, Gather as _, GatherMore as _, Map, Model, ResourceId, Template, Value};
use crate::rules::Findings;

/// Reports what `Fn::FindInMap` does not find whatever the conditions are, with a literal or a parameter as a key.
pub(super) fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let templates = model.evaluation().app().templates();
    if templates.iter().all(|template| template.mappings().is_none()) {
        return;
    }
    for id in model.resources() {
        let Some(template) = model.template_of(id).filter(|template| !template.has_unwritten_resources()) else {
            continue;
        };
        let (Some(mappings), Some(resource)) = (template.mappings(), model.declaration(id)) else { continue };
        for (key, value) in resource.properties.into_iter().flat_map(Map::iter) {
            let conditions = resource.condition().into_iter().gather();
            let mut lookup = Lookup { model, id, template, mappings, property: key.as_ref(), conditions };
            lookup.walk(value, findings);
        }
    }
}

/// Where a mapping is read.
struct Lookup<'a, 'p> {
    model: &'a Model<'a>,
    id: ResourceId,
    template: &'a Template<'a>,
    mappings: &'a Map,
    property: &'p str,
    /// The conditions that decide about what is being read.
    conditions: Vec<&'a str>,
}

impl<'a> Lookup<'a, '_> {
    fn walk(&mut self, value: &'a Value, findings: &mut Findings<'_>) {
        match value {
            Value::Intrinsic(call) => match (call.function, &call.argument) {
                (Function::If, Value::List(arguments)) => {
                    let chosen = self.model.evaluation().chosen(self.id.template, value);
                    if !std::ptr::eq(chosen, value) {
                        self.conditions.gather_more(arguments.first().and_then(Value::as_str));
                        self.walk(chosen, findings);
                        self.conditions.pop();
                    }
                }
                (Function::FindInMap, Value::List(arguments)) => {
                    if let [Value::String(name), first, second] = arguments.as_slice() {
                        self.find(name, first, second, findings);
                    }
                }
                (_, argument) => self.walk(argument, findings),
            },
            other => other.each_part(&mut |part| self.walk(part, findings)),
        }
    }

    fn find(&self, name: &'a str, first: &'a Value, second: &'a Value, findings: &mut Findings<'_>) {
        let Some(mapping) = self.mappings.get(name) else {
            self.report(format!("there is no mapping `{name}`"), self.mappings, findings);
            return;
        };
        let Some(rows) = mapping.as_map() else { return };
        for row_key in self.keys(first) {
            let Some(row) = rows.get(&row_key) else {
                self.report(format!("the mapping `{name}` has nothing for `{row_key}`"), rows, findings);
                continue;
            };
            let Some(row) = row.as_map() else { continue };
            for key in self.keys(second) {
                if row.get(&key).is_none() {
                    self.report(format!("the mapping `{name}` has no `{key}` for `{row_key}`"), row, findings);
                }
            }
        }
    }

    fn report(&self, message: String, known: &Map, findings: &mut Findings<'_>) {
        let known: Vec<_> = known.keys().map(|known| format!("`{known}`")).gather();
        findings.report(self.id, self.property, message).help(format!("add it, or name one of {}", known.join(", ")));
    }

    /// Whether the template is of a nested stack that is made on a condition, which may ask for what is handed on.
    fn is_nested_by_condition(&self) -> bool {
        let app = self.model.evaluation().app();
        let mut around = std::iter::successors(app.parent_of(self.id.template), |outer| app.parent_of(outer.template));
        around.any(|stack| self.model.declaration(stack).is_none_or(|resource| resource.condition().is_some()))
    }

    /// What a key may be: what is written, or each value that a parameter takes. Nothing when that is not known.
    fn keys(&self, value: &'a Value) -> Vec<String> {
        let text = |value: &'a Value| match self.model.evaluation().node(self.id.template, value).text() {
            Field::Known(text) => Some(text.into_owned()),
            _ => None,
        };
        let call = match value {
            Value::Intrinsic(call) => call,
            literal => return text(literal).into_iter().gather(),
        };
        let parameter = call.argument.as_str().filter(|_| call.function == Function::Ref);
        let Some(parameter) = parameter.and_then(|name| self.template.parameter(name)) else { return Vec::new() };
        let source = self.model.evaluation().app().source_of(self.id.template, parameter.name);
        let Some(source) = source else { return text(value).into_iter().gather() };
        // On a condition that asks for it, a parameter may not have each of its values.
        let is_asked = self.conditions.iter().any(|condition| self.template.asks_for(condition, parameter.name));
        if is_asked || self.is_nested_by_condition() || source.is_looked_up() || source.is_list() {
            return Vec::new();
        }
        match source.allowed_values() {
            [] => source.default().and_then(text).into_iter().gather(),
            allowed => allowed.iter().filter_map(text).gather(),
        }
    }
}
