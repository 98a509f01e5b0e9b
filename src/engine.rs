//! The facade: what can be asked of Ringfence, without any IO.

pub mod check;
mod fixes;
mod inputs;
mod limits;
mod links;
mod suppressions;

use crate::assembly::{self, Assembly};
use crate::cfn::Gather as _;
use crate::cfn::GatherMore as _;
use crate::cfn::ordered::sort_by;
use crate::cfn::read::{Document, Format, ReadError, read};
use crate::cfn::source::NotUtf8;
use crate::cfn::{OrderedMap, OrderedSet, Positions, SourceText, Span, Value, write};
use crate::constructs::{App, ResourceRecord, Stack, order, pattern};
use crate::diagnostics::{Address, CodePage, Finding, Place, Pointer, Related, Report, Severity, codes};
use crate::plan;
use crate::rules;
use crate::spec::{Decoder, Mistake, Spec};

pub use crate::constructs::pattern::Fingerprints;
pub use crate::plan::Planned;
#[cfg(feature = "pages")]
pub use crate::spec::schema::MemberPage;
pub use inputs::{
    AssemblyInputs, CheckOptions, SpecInput, Subject, assembly_inputs, check, check_files, check_texts, subject_of,
};
pub use links::local_templates;
pub use suppressions::{meant as advice_on_rule, rule as rule_named};

/// The spec that `ringfence synth` takes when it is given none, and the subject of all figures of speed and size.
pub const REFERENCE_SPEC: &str = include_str!("../examples/specs/reference.yaml");

/// The name under which messages speak of [`REFERENCE_SPEC`].
pub const REFERENCE_SPEC_NAME: &str = "examples/specs/reference.yaml";

/// The JSON Schema of a report.
#[cfg(feature = "pages")]
pub const REPORT_SCHEMA: &str = include_str!("../schema/report.schema.json");

/// The JSON Schema of the spec, as text.
#[cfg(feature = "pages")]
#[must_use]
pub fn spec_schema() -> String {
    write::to_json(&crate::spec::schema::json_schema())
}

/// What the whole spec and each of its members is for.
#[cfg(feature = "pages")]
#[must_use]
pub fn explain_members() -> Vec<MemberPage> {
    crate::spec::schema::members()
}

/// What a member of the spec is for, such as `network.flowLogs.retentionDays`.
#[cfg(feature = "pages")]
#[must_use]
pub fn explain_member(path: &str) -> Option<MemberPage> {
    crate::spec::schema::member(path)
}

/// A spec that was read: what it says, and where each part stands.
#[derive(Debug)]
pub struct ReadSpec {
    /// What it says; nothing when no sense could be made of it.
    pub spec: Option<Spec>,
    /// Where each part stands.
    pub positions: Positions,
    /// What is wrong with it.
    pub report: Report,
    /// The members that unknown keys probably mean: they have defaults that nobody wrote.
    meant: Vec<Pointer>,
}

impl ReadSpec {
    fn unusable(findings: Vec<Finding>) -> Self {
        let report = Report { findings, unusable: true, ..Report::default() };
        Self { spec: None, positions: Positions::default(), report, meant: Vec::new() }
    }
}

/// Reads a spec, strictly: all mistakes are in the report.
#[must_use]
pub fn read_spec(source: &SourceText) -> ReadSpec {
    let document = match read(source, Format::Auto) {
        Ok(document) => document,
        Err(errors) => {
            return ReadSpec::unusable(errors.into_iter().map(|error| syntax_finding(source, error)).gather());
        }
    };
    let (spec, mistakes) = Decoder::read::<Spec>(&document.value);
    let meant = mistakes.iter().filter_map(meant_member).gather();
    let findings = mistakes.into_iter().map(|mistake| finding_of(mistake, source, &document)).gather();
    let mut report = Report { findings, ..Report::default() };
    in_reading_order(&mut report);
    ReadSpec { spec, positions: document.positions, report, meant }
}

/// The member that was probably meant by an unknown key.
fn meant_member(mistake: &Mistake) -> Option<Pointer> {
    let mut place = mistake.pointer.clone();
    place.pop();
    Some(place.child(mistake.meant_key?))
}

/// Sorts findings by where they stand in the file; those without a place come last. What stands behind an alias is read
/// at every place that repeats it: its mistakes are told once.
fn in_reading_order(report: &mut Report) {
    let start = |finding: &Finding| finding.address.place.as_ref().map_or(u32::MAX, |place| place.span.start);
    sort_by(&mut report.findings, |left, right| start(left).cmp(&start(right)));
    let mut told = OrderedSet::new();
    report.findings.retain(|finding| {
        let place = finding.address.place.as_ref().map(|place| (place.span.start, place.span.end));
        place.is_none() || told.insert((place, finding.code, finding.message.clone()))
    });
}

/// What there is to say of a file that is not text.
#[must_use]
pub fn refused_text(refused: &NotUtf8) -> ReadSpec {
    ReadSpec::unusable(vec![syntax_finding(&refused.source, refused.error.clone())])
}

fn syntax_finding(source: &SourceText, error: ReadError) -> Finding {
    let mut finding = Finding::new(codes::SYNTAX, Severity::Error, error.message);
    finding.help = error.help.map(String::from);
    finding.address.place = Some(Place::of(source, error.span));
    finding.related = error.related.into_iter().map(|(span, message)| related(source, span, message)).gather();
    finding
}

fn related(source: &SourceText, span: Span, message: impl Into<String>) -> Related {
    let address = Address { place: Some(Place::of(source, span)), ..Address::default() };
    Related { address, message: message.into() }
}

fn finding_of(mistake: Mistake, source: &SourceText, document: &Document) -> Finding {
    let fix = fixes::of(&mistake, source, document);
    let mut finding = Finding::new(mistake.code, Severity::Error, mistake.message);
    finding.help = mistake.help;
    finding.fix = fix;
    finding.address.spec = Some(mistake.pointer);
    finding.address.on_key = mistake.on_key;
    locate(&mut finding, source, &document.positions);
    finding
}

/// Finds the lines and columns of a finding that knows its place in the spec.
fn locate(finding: &mut Finding, source: &SourceText, positions: &Positions) {
    let addresses =
        std::iter::once(&mut finding.address).chain(finding.related.iter_mut().map(|related| &mut related.address));
    for address in addresses {
        let Some(pointer) = &address.spec else { continue };
        address.place = nearest(source, positions, pointer, address.on_key).map(|span| Place::of(source, span));
    }
}

/// Where the value at `pointer` stands, or its key. What is left out is shown at what it belongs to (at its key, when that
/// takes several lines), and a member of the whole spec that is left out at the services, which are what the spec is about.
fn nearest(source: &SourceText, positions: &Positions, pointer: &Pointer, on_key: bool) -> Option<Span> {
    let text = pointer.to_string();
    if on_key {
        return positions.locate_key(&text);
    }
    let left_out = |member: &String| !positions.contains(&Pointer::default().child(member).to_string());
    if pointer.steps().first().is_some_and(left_out) {
        return positions.locate_key("/services");
    }
    let value = positions.locate(&text)?;
    let is_long = !positions.contains(&text) && source.slice(value).contains('\n');
    if is_long { positions.locate_key(&text) } else { Some(value) }
}

/// The pages of all codes: those of the generator, then those of the rulebook.
pub fn pages() -> impl Iterator<Item = &'static CodePage> {
    codes::pages().chain(rules::all().map(|rule| &rule.page))
}

/// The page of a code or of its readable name, in any case.
#[must_use]
pub fn page(code: &str) -> Option<&'static CodePage> {
    codes::page(code).or_else(|| rules::find(code).map(|rule| &rule.page))
}

/// What a stack holds, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackSummary {
    /// The construct ID, by which the CDK CLI knows it.
    pub id: String,
    /// The name in CloudFormation.
    pub name: String,
    /// The account, when it is known.
    pub account: Option<String>,
    /// The Region, when it is known.
    pub region: Option<String>,
    /// The number of resources of each type.
    pub resources: OrderedMap<String, usize>,
    /// How many resources the longest chain has that must be made one after another: with their number, what decides how
    /// long a deployment takes.
    pub longest_chain: usize,
    /// The parameters that must be given at deployment, with the stack and output that they take.
    pub parameters: Vec<(String, String, String)>,
}

impl StackSummary {
    /// The number of resources.
    #[must_use]
    pub fn resource_count(&self) -> usize {
        self.resources.values().sum()
    }
}

/// What came of a spec.
#[derive(Debug, Default)]
pub struct Synthesis {
    /// The cloud assembly; nothing when there were errors.
    pub assembly: Option<Assembly>,
    /// What each stack holds.
    pub stacks: Vec<StackSummary>,
    /// What each consumer needs to know, as Markdown, by the consumer's name.
    pub hand_offs: OrderedMap<String, String>,
    /// What is known of the resources of each stack, by its construct ID: where in the spec each comes from.
    pub records: Vec<(String, Vec<ResourceRecord>)>,
    /// What is wrong with the spec.
    pub report: Report,
}

/// Builds the stacks of a spec.
///
/// `fingerprints` tells for each folder from which an image is built what its content hashes to; without one the image is
/// named after its settings alone.
#[must_use]
pub fn synth(source: &SourceText, read: &ReadSpec, fingerprints: &Fingerprints) -> Synthesis {
    let mut report = read.report.clone();
    let Some(spec) = &read.spec else { return Synthesis { report, ..Synthesis::default() } };
    let mut built = pattern::build(spec, fingerprints);
    let mistaken = report.findings.iter().filter_map(|finding| finding.address.spec.clone());
    let mistaken: Vec<Pointer> = mistaken.chain(read.meant.iter().cloned()).gather();
    for mut finding in built.app.take_findings_of_stacks() {
        if !finding.follows(&mistaken) {
            locate(&mut finding, source, &read.positions);
            report.findings.push(finding);
        }
    }
    in_reading_order(&mut report);
    report.findings.gather_more(built.app.stacks().iter().filter_map(limits::of_stack));
    let stacks = built.app.stacks().iter().map(summary).gather();
    let assembly = (!report.has_errors()).then(|| written(&mut built.app, &mut report)).flatten();
    let taken = built.app.stacks_mut().iter_mut().map(|stack| (stack.id().to_owned(), stack.take_records()));
    Synthesis { assembly, stacks, hand_offs: built.hand_offs, records: taken.gather(), report }
}

/// The plan of one construct of a CDK app: its resources in an order in which they can be made, and what others connect to.
/// The request is JSON; `src/spec/request.rs` says what it holds.
#[must_use]
pub fn plan(request: &SourceText) -> Planned {
    match read(request, Format::Json) {
        Ok(document) => plan::of(&document.value),
        Err(errors) => {
            let findings = errors.into_iter().map(|error| syntax_finding(request, error)).gather();
            Planned { report: Report { findings, unusable: true, ..Report::default() }, ..Planned::default() }
        }
    }
}

/// The assembly of an app, unless one of its templates is too large to be deployed.
fn written(app: &mut App, report: &mut Report) -> Option<Assembly> {
    let assembly = Assembly::of(app);
    report.findings.gather_more(app.stacks().iter().filter_map(|stack| limits::of_template(stack, &assembly)));
    (!report.has_errors()).then_some(assembly)
}

fn summary(stack: &Stack) -> StackSummary {
    let env = &stack.props().env;
    let mut resources = OrderedMap::new();
    for resource in stack.resources() {
        *resources.or_default(resource.resource.type_name().to_owned()) += 1;
    }
    StackSummary {
        id: stack.id().to_owned(),
        name: stack.name().to_owned(),
        account: env.account.as_ref().map(|account| account.as_str().to_owned()),
        region: env.region.as_ref().map(|region| region.as_str().to_owned()),
        resources,
        longest_chain: order::longest_chain(stack).unwrap_or(0),
        parameters: stack
            .bindings()
            .iter()
            .map(|binding| (binding.parameter.clone(), binding.producer.clone(), binding.output.clone()))
            .gather(),
    }
}

/// The templates of the named stacks as text: one alone as it is; several in one JSON object by stack, or as YAML documents
/// headed by the stack.
///
/// # Errors
/// When a template is not what the assembly says: a mistake of ours, told rather than hidden.
pub fn templates(synthesis: &Synthesis, stacks: &[&str], as_yaml: bool) -> Result<String, String> {
    let Some(assembly) = &synthesis.assembly else { return Err("there are errors".to_owned()) };
    let mut values = Vec::new();
    for stack in stacks {
        let name = assembly::template_file_of(stack);
        let text = assembly.files.get(&name).ok_or_else(|| format!("`{name}` is not in the assembly"))?;
        let document = read(&SourceText::new(name, text.as_str()), Format::Json);
        let document =
            document.map_err(|errors| errors.first().map_or_else(String::new, |error| error.message.to_string()))?;
        values.push((*stack, document.value));
    }
    if as_yaml {
        let headed = |(stack, value): &(&str, Value)| format!("---\n# {stack}\n{}", write::to_yaml(value));
        return Ok(values.iter().map(headed).gather());
    }
    Ok(match values.as_slice() {
        [(_, only)] => write::to_json(only),
        _ => write::to_json(&Value::map(values.into_iter().map(|(stack, value)| (stack.to_owned(), value)))),
    })
}
