//! An image whose name says another CPU than that of the task.

use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{Field, Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1405", "image-for-another-architecture", Warning {
        pitfalls: [80],
        summary: "An image whose name says another CPU than that of the task",
        why: "A container whose image was built for another CPU ends at once with an exec format error. There is no ARM for Windows tasks.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      RuntimePlatform: { CpuArchitecture: X86_64, OperatingSystemFamily: LINUX }
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: api, Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1-arm64' }]
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      RuntimePlatform: { CpuArchitecture: ARM64, OperatingSystemFamily: LINUX }
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: api, Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1-arm64' }]
",
        source: "Amazon ECS developer guide, task definition parameters, runtime platform",
        check: check,
    }
}

/// Words by which tags and repositories tell for which CPU an image is.
const WORDS: &[(&str, &str)] = &[
    ("aarch64", "ARM64"),
    ("amd64", "X86_64"),
    ("arm64", "ARM64"),
    ("arm64v8", "ARM64"),
    ("x64", "X86_64"),
    ("x86", "X86_64"),
    ("x86-64", "X86_64"),
    ("x86_64", "X86_64"),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>().filter(|definition| definition.is_for_fargate()) {
        let Field::Known(architecture) = definition.architecture().or("X86_64".into()) else { continue };
        if architecture == "ARM64" && definition.operating_system().is_known_and(|system| system.starts_with("WINDOWS"))
        {
            findings
                .report(definition.id(), "RuntimePlatform/CpuArchitecture", "there are no Windows tasks on `ARM64`")
                .suggest("RuntimePlatform/CpuArchitecture", "X86_64")
                .help("use `X86_64` for Windows")
                .severity(Severity::Error);
        }
        for container in definition.placed_containers() {
            let image = container.image();
            let Some(other) = named_architecture(&image).filter(|named| *named != architecture) else { continue };
            findings
                .report(
                    definition.id(),
                    container.place_of("Image"),
                    format!("the image is called one for `{other}`, but the task runs on `{architecture}`"),
                )
                .suggest("RuntimePlatform/CpuArchitecture", other)
                .help(format!(
                    "set `RuntimePlatform/CpuArchitecture` to `{other}`, or use an image for `{architecture}`"
                ));
        }
    }
}

/// The CPU that the last component of an image's name or its tag tells, when they tell just one.
fn named_architecture(image: &str) -> Option<&'static str> {
    let name = image.split('@').next()?.rsplit('/').next()?;
    let words = name.split([':', '-', '.', '+']).chain(name.contains("x86_64").then_some("x86_64"));
    let mut named: Vec<&str> = words
        .filter_map(|word| WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)))
        .map(|(_, architecture)| *architecture)
        .gather();
    named.dedup();
    match named.as_slice() {
        [only] => Some(WORDS.iter().find(|(_, known)| known == only)?.1),
        _ => None,
    }
}
