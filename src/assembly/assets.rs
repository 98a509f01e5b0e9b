//! The asset manifest of a stack: what the CDK CLI publishes before it deploys.

use crate::cfn::Gather as _;
use crate::cfn::{Map, Value};
use crate::constructs::{ImageAsset, Stack};

use super::{PROTOCOL_VERSION, WrittenStack, bootstrap, template_file};

/// The file that holds the asset manifest of a stack.
pub(super) fn file_name(stack: &Stack) -> String {
    format!("{}.assets.json", stack.id())
}

/// The folder inside the assembly from which an image is built.
pub(super) fn context_folder(image: &ImageAsset) -> String {
    format!("asset.{}", image.hash)
}

/// The asset manifest of a stack.
pub(super) fn of(written: &WrittenStack<'_>) -> Value {
    let images: Map = written
        .stack
        .images()
        .iter()
        .map(|image| (image.hash.clone().into(), docker_image(written.stack, image)))
        .gather();
    Value::map([
        ("version", Value::from(PROTOCOL_VERSION)),
        ("files", Value::map([(written.hash.clone(), template(written))])),
        ("dockerImages", images.into()),
    ])
}

fn template(written: &WrittenStack<'_>) -> Value {
    let source = Value::map([("path", template_file(written.stack)), ("packaging", "file".to_owned())]);
    let destination = [
        ("bucketName", bootstrap::bucket(written.stack)),
        ("objectKey", format!("{}.json", written.hash)),
        ("assumeRoleArn", bootstrap::role(written.stack, "file-publishing-role")),
    ];
    Value::map([("source", source), ("destinations", destinations(written.stack, destination))])
}

fn docker_image(stack: &Stack, image: &ImageAsset) -> Value {
    let mut source = Map::new();
    source.push("directory", context_folder(image));
    source.push("dockerFile", image.dockerfile.clone());
    if let Some(target) = &image.target {
        source.push("dockerBuildTarget", target.clone());
    }
    if !image.args.is_empty() {
        source.push("dockerBuildArgs", Value::map(image.args.clone()));
    }
    source.push("platform", image.platform);
    let destination = [
        ("repositoryName", bootstrap::repository(stack)),
        ("imageTag", image.hash.clone()),
        ("assumeRoleArn", bootstrap::role(stack, "image-publishing-role")),
    ];
    Value::map([("source", source.into()), ("destinations", destinations(stack, destination))])
}

/// The only destination of an asset: the environment of its stack.
fn destinations<const N: usize>(stack: &Stack, members: [(&'static str, String); N]) -> Value {
    let env = &stack.props().env;
    let account = env.account.as_ref().map_or("current_account", |account| account.as_str());
    let region = env.region.as_ref().map_or("current_region", |region| region.as_str());
    let mut destination: Map = members.into_iter().map(|(key, value)| (key.into(), Value::from(value))).gather();
    if let Some(region) = &env.region {
        destination.push("region", region.0.clone());
    }
    Value::map([(format!("{account}-{region}"), Value::from(destination))])
}
