//! Cloud assemblies that aws-cdk-lib and we wrote.

use ringfence::cfn::OrderedMap;

use ringfence::engine::{self, AssemblyInputs};

use super::{check, folder, stdout};
use crate::workspace::{on_disk, root};

/// The files of the assembly that aws-cdk-lib wrote: a stack with a nested one, a stage, a stack without environment.
fn files() -> OrderedMap<String, String> {
    let folder = root().join("tests/corpus/assemblies/cdk");
    let read = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(&folder).expect("inside").to_string_lossy().replace('\\', "/");
        (name, std::fs::read_to_string(path).expect("a readable file"))
    };
    on_disk("tests/corpus/assemblies/cdk", ".json").iter().map(read).collect()
}

fn described(inputs: &AssemblyInputs) -> String {
    let mut text = String::new();
    for input in &inputs.templates {
        text += &format!("{} is {:?} in {:?}/{:?}\n", input.source.name(), input.stack, input.account, input.region);
        text += &format!("  nested {:?}, constructs {:?}\n", input.nested, input.construct_paths);
    }
    text + &format!("missing {:?}, {} problems\n", inputs.missing, inputs.report.findings.len())
}

#[test]
fn an_assembly_of_the_cdk_is_read_with_stages_and_nested_stacks() {
    insta::assert_snapshot!(described(&engine::assembly_inputs("cdk.out", &files())));
}

#[test]
fn nested_stacks_are_found_by_their_assets_when_there_is_no_metadata() {
    let mut files = files();
    let template = files.get_mut("Provider.template.json").expect("the template");
    *template = template.replace("aws:asset:path", "no path");
    let inputs = engine::assembly_inputs("cdk.out", &files);
    assert_eq!(inputs.missing, Vec::<String>::new());
    assert!(inputs.templates.iter().any(|input| input.source.name().ends_with("nested.template.json")));
}

#[test]
fn files_are_asked_for_as_they_turn_out_to_be_needed() {
    let all = files();
    let mut given = OrderedMap::new();
    let mut rounds = 0;
    let inputs = loop {
        let inputs = engine::assembly_inputs("cdk.out", &given);
        if inputs.missing.is_empty() {
            break inputs;
        }
        rounds += 1;
        given.extend(
            inputs.missing.into_iter().map(|name| (name.clone(), all.get(&name).expect("it is there").clone())),
        );
    };
    assert_eq!(described(&inputs), described(&engine::assembly_inputs("cdk.out", &all)));
    assert!(rounds <= 4, "{rounds} rounds");
}

#[test]
fn a_folder_is_checked_as_a_whole() {
    let output = check(root(), &["tests/corpus/assemblies/cdk"]);
    assert!(stdout(&output).contains("4 files with "), "{}", stdout(&output));
}

#[test]
fn what_is_missing_in_a_folder_is_said() {
    let mut files = files();
    files.remove("Anywhere.template.json");
    let files: Vec<(String, String)> =
        files.into_iter().map(|(name, text)| (format!("cdk.out/{name}"), text)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    let output = check(folder.path(), &["cdk.out"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("`Anywhere.template.json` belongs to the cloud assembly and is not there"));
}

#[test]
fn what_we_wrote_can_be_checked() {
    let folder = folder(&[]);
    let mut synth = crate::workspace::ringfence();
    assert!(synth.arg("synth").current_dir(folder.path()).output().expect("the command runs").status.success());
    let output = check(folder.path(), &["--format", "json", "cdk.out"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}

#[test]
fn parameters_are_bound_to_the_stacks_of_the_assembly() {
    let source = ringfence::cfn::SourceText::new(engine::REFERENCE_SPEC_NAME, engine::REFERENCE_SPEC);
    let synthesis = engine::synth(&source, &engine::read_spec(&source), &engine::Fingerprints::new());
    let inputs = engine::assembly_inputs("", &synthesis.assembly.expect("an assembly").files);
    let consumer = inputs.templates.iter().find(|input| !input.bindings.is_empty()).expect("a consumer");
    let (parameter, producer, output) = &consumer.bindings[0];
    assert_eq!((parameter.as_str(), output.as_str()), ("EndpointServiceName", "EndpointServiceName"));
    assert_eq!(inputs.templates[*producer].stack.as_deref(), Some("payments"));
}
