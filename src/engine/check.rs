//! Judges templates: reads them, links them, looks at every world, and says where in the files each finding is.

use crate::cfn::ordered::sort_by;
use crate::cfn::{Gather as _, GatherMore as _};
use std::borrow::Cow;

use crate::assembly;
use crate::aws::partition::Partition;
use crate::cfn::embedded::open_policies;
use crate::cfn::eval::{App, Environment, Evaluation, Expansion, Resource, Template, World, expand, worlds};
use crate::cfn::{Document, Format, OrderedMap, OrderedSet, SourceText, Value, read};
use crate::diagnostics::{Address, Code, Finding, Fix, Mend, Place, Pointer, Related, Report, Root, Severity};
use crate::model::{Model, ResourceId};
use crate::rules::{Found, InSpec, judge};

use super::{ReadSpec, StackSummary, Synthesis, fixes, links, suppressions};

/// A template with what is known of its stack.
#[derive(Clone, Debug, Default)]
pub struct TemplateInput {
    /// Its text.
    pub source: SourceText,
    /// What the text says, when it was read before.
    pub document: Option<Document>,
    /// The stack, by the name that findings call it.
    pub stack: Option<String>,
    /// The account to which it goes.
    pub account: Option<String>,
    /// The Region to which it goes.
    pub region: Option<String>,
    /// The paths of constructs by logical ID, as far as they are not in the template's own metadata.
    pub construct_paths: OrderedMap<String, String>,
    /// The nested stacks whose templates are here: logical ID and index among the inputs.
    pub nested: Vec<(String, usize)>,
    /// Parameters that are filled by outputs of other inputs: parameter, index, output.
    pub bindings: Vec<(String, usize, String)>,
}

/// What is wrong with templates. What their own metadata suppresses does not count.
///
/// Templates that have to do with one another are judged together: the stacks of an assembly, and files of which one may
/// import what another exports. All others are judged by themselves, so that their worlds do not multiply.
#[must_use]
pub fn check_templates(inputs: &[TemplateInput]) -> Report {
    let linked = links::nested(inputs);
    let inputs = linked.as_deref().unwrap_or(inputs);
    let mut report = Report::default();
    for group in groups(inputs) {
        report.merge(check_group(&group));
    }
    report
}

/// The templates in groups that are judged together, in the order of their first members.
fn groups(inputs: &[TemplateInput]) -> Vec<Vec<(usize, &TemplateInput)>> {
    if let [only] = inputs {
        return vec![vec![(0, only)]];
    }
    let imports = |input: &TemplateInput| input.source.text().contains("ImportValue");
    let anybody_imports = inputs.iter().any(imports);
    let named = inputs.iter().flat_map(|input| {
        let nested = input.nested.iter().map(|(_, place)| *place);
        nested.chain(input.bindings.iter().map(|(_, place, _)| *place))
    });
    let named: OrderedSet<usize> = named.gather();
    let is_linked = |place: usize, input: &TemplateInput| {
        let shares = anybody_imports && (imports(input) || input.source.text().contains("Export"));
        let names = !input.nested.is_empty() || !input.bindings.is_empty();
        input.stack.is_some() || shares || names || named.contains(&place)
    };
    let mut linked = Vec::new();
    let mut groups = Vec::new();
    for (place, input) in inputs.iter().enumerate() {
        if is_linked(place, input) {
            linked.push((place, input));
        } else {
            groups.push(vec![(place, input)]);
        }
    }
    if !linked.is_empty() {
        groups.push(linked);
    }
    let place = |group: &[(usize, &TemplateInput)]| group.first().map(|(place, _)| *place);
    sort_by(&mut groups, |one, other| place(one).cmp(&place(other)));
    groups
}

fn check_group(group: &[(usize, &TemplateInput)]) -> Report {
    let mut report = Report::default();
    let inputs: Vec<&TemplateInput> = group.iter().map(|(_, input)| *input).gather();
    let places: Vec<usize> = group.iter().map(|(place, _)| *place).gather();
    let documents = documents(&inputs, &mut report);
    let app = app(&inputs, &places, &documents);
    let address = |id: ResourceId, property: &str| {
        let place = usize::try_from(id.template).ok();
        let found = place.and_then(|place| inputs.get(place).zip(documents.get(place)));
        found.map(|(input, template)| address(&app, input, template, id, property)).unwrap_or_default()
    };
    let fix = |found: ResourceId, mend: &Mend| {
        let id = mend.resource.filter(|_| mend.root != Root::Template).unwrap_or(found);
        let place = usize::try_from(found.template).ok().filter(|_| id.template == found.template)?;
        let resource = app.template(id.template)?.resource(id.resource)?;
        fixes::of_resource(mend, resource.logical_id, &inputs.get(place)?.source, &documents.get(place)?.document)
    };
    judge_app(&app, &Places { address: &address, fix: &fix, are_in_spec: false }, &mut report);
    let mut suppressed = Vec::new();
    for (input, template) in inputs.iter().zip(&documents) {
        report.checked.resources += suppressions::resources(template.value()).count();
        let place = |logical_id: &str| template.place_of(logical_id);
        suppressed.gather_more(suppressions::of_template(
            input,
            &template.document,
            template.value(),
            &place,
            &mut report,
        ));
    }
    suppressions::apply(&mut report, suppressed);
    report.checked.files = inputs.len();
    report
}

/// What the rulebook says of the templates that a spec was made into: every finding is at the line of the spec that its
/// resource comes from.
#[must_use]
pub fn check_synthesis(source: &SourceText, spec: &ReadSpec, synthesis: &Synthesis) -> Report {
    let mut report = Report::default();
    let generated = generated(synthesis);
    let inputs: Vec<&TemplateInput> = generated.iter().gather();
    let places: Vec<usize> = (0..inputs.len()).gather();
    let documents = documents(&inputs, &mut report);
    let app = app(&inputs, &places, &documents);
    let origin = |stack: Option<&String>, logical_id: &str| {
        let (_, records) = synthesis.records.iter().find(|(id, _)| Some(id) == stack)?;
        records.iter().find(|record| record.logical_id.as_str() == logical_id)
    };
    let address = |id: ResourceId, property: &str| {
        let input = usize::try_from(id.template).ok().and_then(|place| inputs.get(place));
        let resource = app.template(id.template).and_then(|template| template.resource(id.resource));
        let (Some(input), Some(resource)) = (input, resource) else { return Address::default() };
        let mut address = named(input, resource, property);
        address.spec = origin(input.stack.as_ref(), resource.logical_id).map(|record| record.origin.clone());
        address
    };
    // What is generated changes with the spec alone.
    judge_app(&app, &Places { address: &address, fix: &|_, _| None, are_in_spec: true }, &mut report);
    for finding in &mut report.findings {
        super::locate(finding, source, &spec.positions);
    }
    report
}

/// The templates of an assembly, with what is known of their stacks.
fn generated(synthesis: &Synthesis) -> Vec<TemplateInput> {
    let Some(assembly) = &synthesis.assembly else { return Vec::new() };
    let place = |stack: &str| synthesis.stacks.iter().position(|known| known.id == stack);
    let input = |stack: &StackSummary| {
        let name = assembly::template_file_of(&stack.id);
        let text = assembly.files.get(&name).map(String::as_str).unwrap_or_default();
        let bindings = stack.parameters.iter();
        let bindings = bindings
            .filter_map(|(parameter, producer, output)| Some((parameter.clone(), place(producer)?, output.clone())));
        TemplateInput {
            source: SourceText::new(name, text),
            stack: Some(stack.id.clone()),
            account: stack.account.clone(),
            region: stack.region.clone(),
            bindings: bindings.gather(),
            ..TemplateInput::default()
        }
    };
    synthesis.stacks.iter().map(input).gather()
}

/// A template that was read.
struct ReadTemplate<'a> {
    document: Cow<'a, Document>,
    /// The same with its loops written out, when it has any.
    expansion: Option<Expansion>,
    /// The same with its policies as maps, when some are texts.
    opened: Option<Value>,
}

impl ReadTemplate<'_> {
    fn value(&self) -> &Value {
        let written = || self.expansion.as_ref().map_or(&self.document.value, |expansion| &expansion.value);
        self.opened.as_ref().unwrap_or_else(written)
    }

    /// Where a resource is written: under its logical ID, or in the loop that makes it.
    fn place_of(&self, logical_id: &str) -> Pointer {
        let mut place = Pointer::root().child("Resources");
        let origins = self.expansion.as_ref().map_or(&[][..], |expansion| &expansion.origins);
        let found = origins.binary_search_by(|(known, _)| known.as_str().cmp(logical_id));
        match found.ok().and_then(|index| origins.get(index)) {
            Some((_, steps)) => steps.iter().for_each(|step| place.push(step.as_str())),
            None => place.push(logical_id),
        }
        place
    }
}

/// The templates as values; one that cannot be read is empty, and the report says why.
fn documents<'a>(inputs: &[&'a TemplateInput], report: &mut Report) -> Vec<ReadTemplate<'a>> {
    let mut template = |input: &'a TemplateInput| {
        let document = match &input.document {
            Some(document) => Cow::Borrowed(document),
            None => Cow::Owned(read(&input.source, Format::Auto).unwrap_or_else(|errors| {
                report.unusable = true;
                report
                    .findings
                    .gather_more(errors.into_iter().map(|error| super::syntax_finding(&input.source, error)));
                Document::default()
            })),
        };
        let expansion = expand(&document.value);
        if expansion.as_ref().is_some_and(|expansion| !expansion.complete) {
            report.exhausted.push("loops".to_owned());
        }
        let opened = open_policies(expansion.as_ref().map_or(&document.value, |expansion| &expansion.value));
        ReadTemplate { document, expansion, opened }
    };
    inputs.iter().copied().map(&mut template).gather()
}

/// The templates as an app; `places` are those by which they name one another, in order.
fn app<'a>(inputs: &[&'a TemplateInput], places: &[usize], documents: &'a [ReadTemplate<'_>]) -> App<'a> {
    let templates = inputs.iter().zip(documents);
    let templates = templates.map(|(input, template)| {
        let length = input.source.text().len();
        Template::new(template.value()).in_environment(environment(input)).of_length(length)
    });
    let mut app = App::new(templates.gather());
    let index = |place: usize| places.binary_search(&place).ok().and_then(|index| u32::try_from(index).ok());
    for (input, place) in inputs.iter().zip(places) {
        let Some(own) = index(*place) else { continue };
        for (logical_id, child) in &input.nested {
            index(*child).into_iter().for_each(|child| app.nest(own, logical_id, child));
        }
        for (parameter, producer, output) in &input.bindings {
            index(*producer).into_iter().for_each(|producer| app.bind(own, parameter, producer, output));
        }
    }
    app
}

fn environment(input: &TemplateInput) -> Environment {
    let partition = input.region.as_deref().and_then(Partition::of_region);
    Environment {
        account: input.account.clone(),
        region: input.region.clone(),
        partition: partition.map(|partition| partition.id().to_owned()),
        url_suffix: partition.map(|partition| partition.dns_suffix().to_owned()),
        stack_name: input.stack.clone(),
    }
}

/// Where resources stand in the user's files.
struct Places<'a> {
    /// The address of a property.
    address: &'a dyn Fn(ResourceId, &str) -> Address,
    /// The edits that change a resource.
    fix: &'a dyn Fn(ResourceId, &Mend) -> Option<Fix>,
    /// Whether that is a spec, of which the templates were made.
    are_in_spec: bool,
}

/// Judges every world, and says of each finding in which worlds it is.
fn judge_app(app: &App<'_>, places_of: &Places<'_>, report: &mut Report) {
    let worlds = worlds(app);
    if !worlds.complete {
        report.exhausted.push("worlds".to_owned());
    }
    let mut all: Vec<(Found, Vec<usize>)> = Vec::new();
    let mut known: OrderedMap<(ResourceId, Code, Severity, String, String), usize> = OrderedMap::new();
    for (index, world) in worlds.all.iter().enumerate() {
        let evaluation = Evaluation::new(app, world);
        let model = Model::new(&evaluation);
        let (found, is_within_budget) = judge(&model);
        if !is_within_budget {
            report.exhausted.push("traffic".to_owned());
        }
        for found in found {
            let place = *known.or_insert_with(found.key(), || all.len());
            match all.get_mut(place) {
                Some((first, places)) => {
                    places.push(index);
                    // What mends it has to do so in all of its worlds.
                    if first.mend != found.mend {
                        first.mend = None;
                    }
                }
                None => all.push((found, vec![index])),
            }
        }
        if evaluation.is_exhausted() {
            report.exhausted.push("evaluation".to_owned());
        }
    }
    for (found, places) in &all {
        if places_of.are_in_spec && found.in_spec == InSpec::Nothing {
            continue;
        }
        let mut finding = finding(places_of, found);
        let resource = app.template(found.resource.template).and_then(|all| all.resource(found.resource.resource));
        let is_always_made = resource.is_some_and(|resource| resource.condition().is_none());
        if let Some(fix) = finding.fix.as_mut().filter(|_| is_always_made && !holds_in_all(&worlds.all, places)) {
            // It would change the worlds in which nothing is wrong as well.
            fix.safe = false;
        }
        finding.world = settings(&worlds.all, places);
        report.findings.push(finding);
    }
}

/// Whether these are the places of all worlds.
fn holds_in_all(worlds: &[World<'_>], places: &[usize]) -> bool {
    // They come in order, and one several times when it has the finding several times.
    places.chunk_by(|one, next| one == next).count() == worlds.len()
}

/// What distinguishes the worlds at `places` from the others: as few settings as it takes, each shared by all of them, so that
/// every other world differs in one. Where they share too little, what distinguishes the first of them.
fn settings(worlds: &[World<'_>], places: &[usize]) -> OrderedMap<String, String> {
    let inside: Vec<_> = places.iter().filter_map(|place| worlds.get(*place)).gather();
    let Some(first) = inside.first() else { return OrderedMap::new() };
    let all: Vec<Setting<'_>> = first.settings().gather();
    let mut shared = all.clone();
    shared.retain(|setting| inside.iter().all(|world| has(world, setting)));
    let others = worlds.iter().enumerate().filter(|(place, _)| !places.contains(place));
    let others: Vec<_> = others.map(|(_, world)| world).gather();
    let told = telling(&shared, others.clone()).or_else(|| telling(&all, others));
    told.unwrap_or_default()
}

/// The name of a parameter or condition, and its value; nothing for one that no condition names.
type Setting<'a> = (&'a str, Option<String>);

fn has(world: &World<'_>, (name, value): &Setting<'_>) -> bool {
    world.settings().any(|(other, known)| other == *name && known == *value)
}

/// As few of the settings as it takes for every other world to differ in one; nothing when all of them do not tell.
fn telling(settings: &[Setting<'_>], mut others: Vec<&World<'_>>) -> Option<OrderedMap<String, String>> {
    let mut told = OrderedMap::new();
    while !others.is_empty() {
        let excluded = |setting: &Setting<'_>| others.iter().filter(|world| !has(world, setting)).count();
        let best = settings.iter().rev().max_by_key(|setting| excluded(setting))?;
        if excluded(best) == 0 {
            return None;
        }
        let (name, value) = best;
        others.retain(|world| has(world, best));
        told.insert((*name).to_owned(), value.clone().unwrap_or_else(|| "another value".to_owned()));
    }
    Some(told)
}

fn finding(places: &Places<'_>, found: &Found) -> Finding {
    let mut finding = Finding::new(found.rule.page.code, found.severity, found.message.clone());
    finding.help = match found.in_spec {
        InSpec::Help(help) if places.are_in_spec => Some(help.to_owned()),
        _ => found.help.clone(),
    };
    finding.fix = found.mend.as_ref().and_then(|mend| (places.fix)(found.resource, mend));
    finding.address = (places.address)(found.resource, &found.property);
    let related = found.mentions.iter().map(|mention| Related {
        address: (places.address)(mention.resource, &mention.property),
        message: mention.message.clone(),
    });
    finding.related = related.gather();
    finding
}

/// Where a property of a resource stands in its template.
fn address(
    app: &App<'_>,
    input: &TemplateInput,
    template: &ReadTemplate<'_>,
    id: ResourceId,
    property: &str,
) -> Address {
    let positions = &template.document.positions;
    let resource = app.template(id.template).and_then(|template| template.resource(id.resource));
    let Some(resource) = resource else {
        let span = positions.locate_key("/Resources");
        let place = span.map(|span| Place::of(&input.source, span));
        return Address { stack: input.stack.clone(), place, ..Address::default() };
    };
    let mut address = named(input, resource, property);
    let whole = template.place_of(resource.logical_id);
    let span = match &address.property {
        None => positions.locate_key(&whole.to_string()),
        Some(pointer) => positions.locate(&format!("{whole}/Properties{pointer}")),
    };
    address.place = span.map(|span| Place::of(&input.source, span));
    address
}

/// A property of a resource by its names.
fn named(input: &TemplateInput, resource: &Resource<'_>, property: &str) -> Address {
    let path = resource.metadata("aws:cdk:path").and_then(|path| path.as_str()).map(str::to_owned);
    Address {
        stack: input.stack.clone(),
        resource: Some(resource.logical_id.to_owned()),
        construct_path: path.or_else(|| input.construct_paths.get(resource.logical_id).cloned()),
        property: (!property.is_empty()).then(|| Pointer::root().join(property)),
        ..Address::default()
    }
}
