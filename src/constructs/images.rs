//! Container images: where they are pulled from, and those that the CDK CLI builds.

use sha2::{Digest as _, Sha256};

use crate::aws::Partition;
use crate::aws::ecr::{EcrEndpoint, ImageError, ImageReference, Registry};
use crate::cfn::Gather as _;
use crate::cfn::Value;
use crate::diagnostics::codes;
use crate::spec::text::Arn;
use crate::spec::{Architecture, Build, Image, Input, SynthesizerKind};

use super::holes::Holes;
use super::problem::Problem;
use super::{ImageAsset, Stack};

/// Where a container says that its image comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct ImageSource<'a> {
    /// An image that exists.
    pub(super) image: Option<&'a Image>,
    /// Its repository, by ARN.
    pub(super) repository: Option<&'a Input<Arn>>,
    /// The folder from which it is built.
    pub(super) build: Option<&'a Build>,
    /// The processor for which it is built.
    pub(super) architecture: Architecture,
}

/// An image as a task definition names it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PulledImage {
    /// What it is pulled by.
    pub(super) uri: Value,
    /// The repository from which it is pulled, by ARN.
    pub(super) repository: Value,
    /// What the CDK CLI builds and publishes first.
    pub(super) asset: Option<ImageAsset>,
}

/// Finds out from where the image of a container is pulled. `name` is the name of the container, for people.
pub(super) fn pulled_image(stack: &Stack, name: &str, source: ImageSource<'_>) -> Result<PulledImage, Problem> {
    match (source.image, source.build) {
        (Some(image), None) => existing(stack, image, source.repository),
        (None, Some(build)) => built(stack, name, build, source.architecture),
        (Some(_), Some(_)) => Err(Problem::error(
            codes::service::NO_IMAGE,
            "build",
            "both an image and a folder to build one from are given",
            "keep one of `image` and `build`",
        )),
        (None, None) => Err(Problem::error(
            codes::service::NO_IMAGE,
            "",
            "there is nothing to run",
            "give an `image`, or with `build` the folder from which to build one",
        )),
    }
}

/// An image that somebody has pushed.
fn existing(stack: &Stack, image: &Image, repository: Option<&Input<Arn>>) -> Result<PulledImage, Problem> {
    let uri = image.to_value();
    let holes = Holes::of(&uri);
    let text = holes.text();
    let reference = ImageReference::parse(text).map_err(|error| {
        let help = "write it like `111122223333.dkr.ecr.eu-west-1.amazonaws.com/payments:1.4.2`";
        Problem::error(
            codes::service::BAD_IMAGE,
            "image",
            format!("`{text}` does not name an image: {}", why(error)),
            help,
        )
    })?;
    let read_off = match reference.registry {
        Registry::Ecr { account, region, endpoint } => {
            check_reachable(stack, text, region, endpoint)?;
            Some(repository_arn(&holes, account, region, reference.repository))
        }
        Registry::Unknown => None,
        Registry::EcrPublic | Registry::DockerHub | Registry::Other(_) => return Err(unreachable_registry(text)),
    };
    if let (Registry::Ecr { account, region, .. }, Some(arn)) =
        (reference.registry, repository.and_then(Input::known).map(Arn::as_str))
    {
        check_repository(stack, arn, [region, account, reference.repository])?;
    }
    match (repository.map(Input::to_value), read_off) {
        (Some(repository), _) | (None, Some(repository)) => Ok(PulledImage { uri, repository, asset: None }),
        (None, None) => Err(Problem::error(
            codes::service::UNKNOWN_REPOSITORY,
            "image",
            "the image is known at deployment only, so nobody can tell from which repository tasks may pull",
            "add `repository` with the ARN of the repository",
        )),
    }
}

/// A repository that is named beside an image has to be the one of the image.
fn check_repository(stack: &Stack, text: &str, of_image: [&str; 3]) -> Result<(), Problem> {
    let is_same = crate::aws::Arn::parse(text).is_ok_and(|arn| {
        let name = arn.resource_id().unwrap_or_default();
        let named = [arn.region.text(), arn.account.text(), name];
        let has_hole = |one: &str| one.contains("${");
        let agree = |(theirs, ours): (&str, &str)| theirs == ours || has_hole(theirs) || has_hole(ours);
        arn.service.text() == "ecr"
            && stack.props().refusal(&arn).is_none()
            && of_image.into_iter().zip(named).all(agree)
    });
    if is_same {
        return Ok(());
    }
    let message = format!("`{text}` is not the repository of the image");
    let help = "remove `repository`: the image says from where it is pulled";
    Err(Problem::error(codes::service::UNKNOWN_REPOSITORY, "repository", message, help))
}

const fn why(error: ImageError) -> &'static str {
    match error {
        ImageError::NoRepository => "it has no repository",
        ImageError::Repository => "its repository has a character that it may not have",
        ImageError::Tag => "its tag has a character that it may not have, or is too long",
        ImageError::Digest => "its digest is malformed",
        ImageError::Scheme => "it begins like an address of the web",
        ImageError::EcrHost => "its account or Region is malformed",
        ImageError::OpenHole => "a `${` is never closed",
    }
}

fn unreachable_registry(image: &str) -> Problem {
    Problem::error(
        codes::service::UNREACHABLE_IMAGE,
        "image",
        format!("`{image}` is not in a private ECR repository, and no endpoint leads to where it is"),
        "push a copy to a private ECR repository of the stack's Region, or pull it once through a pull-through cache rule \
         of ECR from a place that reaches the internet, and name that repository",
    )
}

/// Only one name of a registry leads through its endpoint, and only in the Region of the endpoint.
fn check_reachable(stack: &Stack, image: &str, region: &str, endpoint: EcrEndpoint) -> Result<(), Problem> {
    if endpoint != EcrEndpoint::Ipv4 {
        return Err(Problem::error(
            codes::service::UNREACHABLE_IMAGE,
            "image",
            format!("`{image}` names its registry by a host name that endpoints do not answer to"),
            format!("use the host name `ACCOUNT.dkr.ecr.{region}.{}`", dns_suffix(region)),
        ));
    }
    let host = image.split('/').next().unwrap_or(image);
    if !host.contains("${") && !host.ends_with(dns_suffix(region)) {
        return Err(Problem::error(
            codes::service::UNREACHABLE_IMAGE,
            "image",
            format!("`{image}` names its registry by the host name of another partition"),
            format!("use the host name `ACCOUNT.dkr.ecr.{region}.{}`", dns_suffix(region)),
        ));
    }
    match stack.props().region() {
        Some(own) if own != region && !region.contains("${") => Err(Problem::error(
            codes::service::IMAGE_IN_ANOTHER_REGION,
            "image",
            format!("`{image}` is in `{region}`, and endpoints of `{own}` do not lead there"),
            format!("let ECR replicate the repository to `{own}`, and name the copy"),
        )),
        _ => Ok(()),
    }
}

/// What names of AWS in a Region end with.
fn dns_suffix(region: &str) -> &'static str {
    Partition::of_region(region).unwrap_or(Partition::Aws).dns_suffix()
}

fn repository_arn(holes: &Holes, account: &str, region: &str, repository: &str) -> Value {
    Value::join([
        Value::from("arn:"),
        Value::reference("AWS::Partition"),
        Value::from(":ecr:"),
        holes.value_of(region),
        Value::from(":"),
        holes.value_of(account),
        Value::from(":repository/"),
        holes.value_of(repository),
    ])
}

/// An image that the CDK CLI builds and pushes to the repository of the bootstrapped environment.
fn built(stack: &Stack, name: &str, build: &Build, architecture: Architecture) -> Result<PulledImage, Problem> {
    if stack.props().synthesizer == SynthesizerKind::Bootstrapless {
        return Err(Problem::error(
            codes::service::BUILD_WITHOUT_BOOTSTRAP,
            "build",
            "an image is to be built, and without bootstrap resources there is no repository for it",
            "set `stack.synthesizer` to `default`, or push the image yourself and name it with `image`",
        ));
    }
    let Some(fingerprint) = stack.props().fingerprints.get(build.context.as_ref()) else {
        return Err(Problem::error(
            codes::service::UNKNOWN_BUILD_CONTEXT,
            "build/context",
            format!("what is in the folder `{}` is not known here", build.context),
            "check that the folder exists; a program that calls this library has to say what it hashes to",
        ));
    };
    let asset = asset(name, build, architecture, fingerprint);
    let repository = format!("cdk-{}-container-assets-${{AWS::AccountId}}-${{AWS::Region}}", stack.props().qualifier);
    let uri = format!("${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}/{repository}:{}", asset.hash);
    let arn = format!("arn:${{AWS::Partition}}:ecr:${{AWS::Region}}:${{AWS::AccountId}}:repository/{repository}");
    Ok(PulledImage { uri: Value::sub(uri), repository: Value::sub(arn), asset: Some(asset) })
}

fn asset(name: &str, build: &Build, architecture: Architecture, fingerprint: &str) -> ImageAsset {
    let platform = match architecture {
        Architecture::X86 => "linux/amd64",
        Architecture::Arm => "linux/arm64",
    };
    let args = build.args.0.iter().map(|(key, value)| (key.to_string(), value.to_string())).gather();
    let mut asset = ImageAsset {
        name: name.to_owned(),
        directory: build.context.to_string(),
        dockerfile: build.dockerfile.to_string(),
        target: build.target.as_ref().map(ToString::to_string),
        args,
        platform,
        hash: String::new(),
    };
    asset.hash = hash(&asset, fingerprint);
    asset
}

/// A hash of everything that decides what comes out of a build. Where the folder is does not.
fn hash(asset: &ImageAsset, fingerprint: &str) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        // The length keeps two parts from being taken for one. It is written in digits, since the width of a number differs
        // between hosts.
        hash.update(format!("{}:{part}", part.len()));
    };
    add(fingerprint);
    add(&asset.dockerfile);
    add(asset.platform);
    add(if asset.target.is_some() { "target" } else { "" });
    add(asset.target.as_deref().unwrap_or_default());
    for (key, value) in &asset.args {
        add(key);
        add(value);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).gather()
}
