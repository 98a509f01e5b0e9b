//! What is judged: specs, templates and cloud assemblies, told apart and put together.

use crate::assembly;
use crate::assembly::read::AssemblyTemplate;
use crate::cfn::Gather as _;
use crate::cfn::read::{Document, Format, read};
use crate::cfn::{OrderedMap, SourceText, Span};
use crate::diagnostics::{Finding, Place, Policy, Report, Severity, codes, policy};
use crate::spec::{Spec, SpecType as _, shape::Shape};

use super::check::{TemplateInput, check_synthesis, check_templates};
use super::{Fingerprints, ReadSpec, read_spec, syntax_finding, synth};

/// A spec that was read.
#[derive(Debug)]
pub struct SpecInput {
    /// Its text, under the name of its file.
    pub source: SourceText,
    /// What it says.
    pub read: ReadSpec,
    /// What the folders hash to from which it builds images.
    pub fingerprints: Fingerprints,
}

/// How to judge.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// What users decided about rules.
    pub policies: Vec<Policy>,
}

/// All that is wrong with specs and templates. Templates are judged together: what one exports, another may import.
#[must_use]
pub fn check(specs: &[SpecInput], templates: &[TemplateInput], options: &CheckOptions) -> Report {
    let mut report = Report::default();
    for spec in specs {
        report.merge(check_spec(spec));
    }
    if !templates.is_empty() {
        report.merge(check_templates(templates));
    }
    policy::apply(&mut report, &options.policies);
    report
}

/// All that is wrong with texts, each of which is a spec or a template. Folders from which a spec builds images are not seen.
#[must_use]
pub fn check_texts(texts: Vec<SourceText>, options: &CheckOptions) -> Report {
    let (mut specs, mut templates, mut others) = (Vec::new(), Vec::new(), Report::default());
    for source in texts {
        match subject_of(source) {
            Subject::Template(template) => templates.push(*template),
            Subject::Spec(source) => {
                let read = read_spec(&source);
                specs.push(SpecInput { source, read, fingerprints: Fingerprints::new() });
            }
            Subject::Refused(report, _) => others.merge(report),
        }
    }
    let mut report = check(&specs, &templates, options);
    report.merge(others);
    report
}

/// All that is wrong with files, by their names inside the folder `name`: with a cloud assembly, when its manifest is among
/// them, and otherwise with specs and templates.
#[must_use]
pub fn check_files(name: &str, files: &OrderedMap<String, String>, options: &CheckOptions) -> Report {
    if files.contains_key(assembly::read::MANIFEST) {
        let assembly = assembly_inputs(name, files);
        let mut report = check(&[], &assembly.templates, options);
        report.merge(assembly.report);
        return report;
    }
    let source = |(file, text): (&String, &String)| SourceText::new(inside(name, file), text.as_str());
    check_texts(files.iter().map(source).gather(), options)
}

/// What messages call a file in the folder `name`.
fn inside(name: &str, file: &str) -> String {
    if name.is_empty() { file.to_owned() } else { format!("{}/{file}", name.trim_end_matches('/')) }
}

/// All that is wrong with a spec, before users decide about rules.
fn check_spec(input: &SpecInput) -> Report {
    let mut synthesis = synth(&input.source, &input.read, &input.fingerprints);
    let mut report = std::mem::take(&mut synthesis.report);
    if synthesis.assembly.is_some() {
        report.merge(check_synthesis(&input.source, &input.read, &synthesis));
    }
    report.checked.files = 1;
    report
}

/// What a text is, by its content, and the text.
#[derive(Debug)]
pub enum Subject {
    /// A spec.
    Spec(SourceText),
    /// A CloudFormation template.
    Template(Box<TemplateInput>),
    /// Neither, or nothing that can be read: what is wrong with it.
    Refused(Report, SourceText),
}

/// What stands at the top of templates and not of specs. The CDK writes stacks without resources, and deploys none of them.
const TEMPLATE_KEYS: &[&str] =
    &["Resources", "AWSTemplateFormatVersion", "Parameters", "Mappings", "Conditions", "Rules", "Outputs", "Transform"];

/// Tells a spec from a template by what is at its top.
#[must_use]
pub fn subject_of(source: SourceText) -> Subject {
    let document = match read(&source, Format::Auto) {
        Ok(document) => document,
        Err(errors) => {
            let findings = errors.into_iter().map(|error| syntax_finding(&source, error)).gather();
            return Subject::Refused(refused(findings), source);
        }
    };
    let has = |keys: &[&str]| keys.iter().any(|key| document.value.get(key).is_some());
    if has(TEMPLATE_KEYS) {
        let input = TemplateInput { source, document: Some(document), ..TemplateInput::default() };
        return Subject::Template(Box::new(input));
    }
    if has(&spec_keys()) {
        return Subject::Spec(source);
    }
    let finding = neither(&source, &document);
    Subject::Refused(refused(vec![finding]), source)
}

fn refused(findings: Vec<Finding>) -> Report {
    let mut report = Report { findings, unusable: true, ..Report::default() };
    report.checked.files = 1;
    report
}

/// The keys at the top of a spec.
fn spec_keys() -> Vec<&'static str> {
    match Spec::shape() {
        Shape::Struct(shape) => shape.keys.to_vec(),
        _ => Vec::new(),
    }
}

fn neither(source: &SourceText, document: &Document) -> Finding {
    let message = "this is neither a spec nor a CloudFormation template";
    let help = "a template has `Resources` at the top; a spec has `name` and `services`";
    let mut finding = Finding::new(codes::UNKNOWN_INPUT, Severity::Error, message).with_help(help);
    finding.address.place = document.positions.locate("").map(|span| Place::of(source, span));
    finding
}

/// The templates of a cloud assembly, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct AssemblyInputs {
    /// The templates, in the order of the manifest.
    pub templates: Vec<TemplateInput>,
    /// The files that are needed and were not given, by their names inside the assembly.
    pub missing: Vec<String>,
    /// What is wrong with the assembly itself.
    pub report: Report,
}

/// Reads the cloud assembly in the folder `name` from its files, by their names inside of it. As long as files are missing
/// that exist, add them and read again.
#[must_use]
pub fn assembly_inputs(name: &str, files: &OrderedMap<String, String>) -> AssemblyInputs {
    let read = assembly::read::read(files);
    let named = |file: &str| inside(name, file);
    let mut inputs = AssemblyInputs { missing: read.missing.into_iter().gather(), ..AssemblyInputs::default() };
    for problem in read.problems {
        inputs.report.findings.push(bad_assembly(named(&problem.file), problem.message));
    }
    for missing in &inputs.missing {
        let message = format!("`{missing}` belongs to the cloud assembly and is not there");
        inputs.report.findings.push(bad_assembly(named(assembly::read::MANIFEST), message));
    }
    inputs.report.unusable = !inputs.report.findings.is_empty();
    inputs.templates = templates(read.templates, files, &named);
    inputs
}

/// Which other templates a template has to do with, by their index.
struct Links {
    nested: Vec<(String, usize)>,
    bindings: Vec<(String, usize, String)>,
}

/// The templates of an assembly, linked as its manifest says.
fn templates(
    read: Vec<AssemblyTemplate>,
    files: &OrderedMap<String, String>,
    named: &dyn Fn(&str) -> String,
) -> Vec<TemplateInput> {
    let present: Vec<AssemblyTemplate> =
        read.into_iter().filter(|template| files.contains_key(&template.file)).gather();
    let links = |(at, template)| Links { nested: nested(&present, at), bindings: bindings(&present, template) };
    let links: Vec<Links> = present.iter().enumerate().map(links).gather();
    let input = |(template, links): (AssemblyTemplate, Links)| TemplateInput {
        source: SourceText::new(
            named(&template.file),
            files.get(&template.file).map(String::as_str).unwrap_or_default(),
        ),
        document: template.document,
        stack: Some(template.stack),
        account: template.account,
        region: template.region,
        construct_paths: template.construct_paths,
        nested: links.nested,
        bindings: links.bindings,
    };
    present.into_iter().zip(links).map(input).gather()
}

/// The nested stacks of the template at `at`: logical ID and index.
fn nested(all: &[AssemblyTemplate], at: usize) -> Vec<(String, usize)> {
    let parents = all.iter().enumerate().filter_map(|(child, template)| Some((child, template.parent.as_ref()?)));
    parents.filter(|(_, (parent, _))| *parent == at).map(|(child, (_, resource))| (resource.clone(), child)).gather()
}

/// The parameters of a template that take outputs of others.
fn bindings(all: &[AssemblyTemplate], template: &AssemblyTemplate) -> Vec<(String, usize, String)> {
    let place = |id: &str| all.iter().position(|other| other.parent.is_none() && other.id == id);
    let bound = template.bindings.iter();
    bound.filter_map(|(parameter, stack, output)| Some((parameter.clone(), place(stack)?, output.clone()))).gather()
}

fn bad_assembly(file: String, message: String) -> Finding {
    let mut finding = Finding::new(codes::BAD_ASSEMBLY, Severity::Error, message)
        .with_help("write it again with `cdk synth`, and check the whole folder");
    finding.address.place = Some(Place::of(&SourceText::new(file, ""), Span::empty(0)));
    finding
}
