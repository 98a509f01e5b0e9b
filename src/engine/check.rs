//! Judges templates: reads them, links them, looks at every world, and says where in the files each finding is.

use std::collections::BTreeMap;

use crate::aws::partition::Partition;
use crate::cfn::eval::{App, Environment, Evaluation, Template, World, worlds};
use crate::cfn::{Document, Format, Positions, SourceText, read};
use crate::diagnostics::{Address, Code, Finding, Pointer, Related, Report, Severity};
use crate::model::{Model, ResourceId};
use crate::rules::{Found, judge};

/// A template with what is known of its stack.
#[derive(Clone, Debug, Default)]
pub struct TemplateInput {
    /// Its text.
    pub source: SourceText,
    /// The stack, by the name that findings call it.
    pub stack: Option<String>,
    /// The account to which it goes.
    pub account: Option<String>,
    /// The Region to which it goes.
    pub region: Option<String>,
    /// The paths of constructs by logical ID, as far as they are not in the template's own metadata.
    pub construct_paths: BTreeMap<String, String>,
    /// The nested stacks whose templates are here: logical ID and index among the inputs.
    pub nested: Vec<(String, usize)>,
    /// Parameters that are filled by outputs of other inputs: parameter, index, output.
    pub bindings: Vec<(String, usize, String)>,
}

/// A template that was read.
struct Judged<'a> {
    input: &'a TemplateInput,
    positions: &'a Positions,
}

/// What is wrong with templates that belong together.
#[must_use]
pub fn check_templates(inputs: &[TemplateInput]) -> Report {
    let mut report = Report::default();
    let mut documents = Vec::with_capacity(inputs.len());
    for input in inputs {
        match read(&input.source, Format::Auto) {
            Ok(document) => documents.push(document),
            Err(errors) => {
                report.unusable = true;
                report.findings.extend(errors.into_iter().map(|error| super::syntax_finding(&input.source, error)));
                documents.push(Document::default());
            }
        }
    }
    let app = app(inputs, &documents);
    let judged: Vec<_> = inputs
        .iter()
        .zip(&documents)
        .map(|(input, document)| Judged { input, positions: &document.positions })
        .collect();
    judge_app(&app, &judged, &mut report);
    report
}

fn app<'a>(inputs: &'a [TemplateInput], documents: &'a [Document]) -> App<'a> {
    let templates = inputs.iter().zip(documents);
    let templates =
        templates.map(|(input, document)| Template::new(&document.value).in_environment(environment(input)));
    let mut app = App::new(templates.collect());
    let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    for (place, input) in inputs.iter().enumerate() {
        for (logical_id, child) in &input.nested {
            app.nest(index(place), logical_id, index(*child));
        }
        for (parameter, producer, output) in &input.bindings {
            app.bind(index(place), parameter, index(*producer), output);
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

/// Judges every world, and says of each finding in which worlds it is.
fn judge_app(app: &App<'_>, judged: &[Judged<'_>], report: &mut Report) {
    let worlds = worlds(app);
    if !worlds.complete {
        report.exhausted.push("worlds".to_owned());
    }
    let mut all: Vec<(Found, Vec<usize>)> = Vec::new();
    let mut known: BTreeMap<(ResourceId, Code, Severity, String, String), usize> = BTreeMap::new();
    for (index, world) in worlds.all.iter().enumerate() {
        let evaluation = Evaluation::new(app, world);
        let model = Model::new(&evaluation);
        for found in judge(&model) {
            let place = *known.entry(found.key()).or_insert(all.len());
            match all.get_mut(place) {
                Some((_, places)) => places.push(index),
                None => all.push((found, vec![index])),
            }
        }
        if evaluation.is_exhausted() {
            report.exhausted.push("evaluation".to_owned());
        }
    }
    for (found, places) in &all {
        let mut finding = finding(app, judged, found);
        finding.world = settings(&worlds.all, places);
        report.findings.push(finding);
    }
}

/// What distinguishes the worlds at `places` from the others: the settings that all of them share and some other does not.
fn settings(worlds: &[World<'_>], places: &[usize]) -> BTreeMap<String, String> {
    let inside: Vec<_> = places.iter().filter_map(|place| worlds.get(*place)).collect();
    let Some(first) = inside.first().filter(|_| places.len() < worlds.len()) else { return BTreeMap::new() };
    let mut distinct = BTreeMap::new();
    for (name, value) in first.settings() {
        let same = |world: &World<'_>| world.settings().any(|(other, known)| other == name && known == value);
        if inside.iter().all(|world| same(world)) && !worlds.iter().all(same) {
            distinct.insert(name.to_owned(), value.unwrap_or_else(|| "another value".to_owned()));
        }
    }
    distinct
}

fn finding(app: &App<'_>, judged: &[Judged<'_>], found: &Found) -> Finding {
    let mut finding = Finding::new(found.rule.page.code, found.severity, found.message.clone());
    finding.help.clone_from(&found.help);
    finding.address = address(app, judged, found.resource, &found.property);
    finding.related = found
        .mentions
        .iter()
        .map(|mention| Related {
            address: address(app, judged, mention.resource, &mention.property),
            message: mention.message.clone(),
        })
        .collect();
    finding
}

/// Where a property of a resource stands.
fn address(app: &App<'_>, judged: &[Judged<'_>], id: ResourceId, property: &str) -> Address {
    let mut address = Address::default();
    let resource = app.template(id.template).and_then(|template| template.resource(id.resource));
    let place = usize::try_from(id.template).ok().and_then(|index| judged.get(index));
    let (Some(resource), Some(Judged { input, positions })) = (resource, place) else { return address };
    address.stack.clone_from(&input.stack);
    address.resource = Some(resource.logical_id.to_owned());
    let path = resource.metadata("aws:cdk:path").and_then(|path| path.as_str()).map(str::to_owned);
    address.construct_path = path.or_else(|| input.construct_paths.get(resource.logical_id).cloned());
    let pointer = Pointer::root().join(property);
    let whole = Pointer::root().child("Resources").child(resource.logical_id);
    let span = if property.is_empty() {
        positions.locate_key(&whole.to_string())
    } else {
        positions.locate(&format!("{whole}/Properties{pointer}"))
    };
    address.place = span.map(|span| super::place(&input.source, span));
    address.property = (!property.is_empty()).then_some(pointer);
    address
}
