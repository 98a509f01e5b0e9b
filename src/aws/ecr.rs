//! Container images: what a reference names, and what pulling it from a private registry of ECR needs.

use super::Partition;
use super::arn::is_account_id;
use super::hole::{self, has_hole};

/// Where an image lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry<'a> {
    /// A private registry of ECR, reachable by interface endpoints.
    Ecr {
        /// The account ID, or a hole that stands for it.
        account: &'a str,
        /// The Region, or a hole that stands for it.
        region: &'a str,
        /// Which of the registry's names is used.
        endpoint: EcrEndpoint,
    },
    /// The public registry of ECR, `public.ecr.aws`, which no endpoint reaches.
    EcrPublic,
    /// Docker Hub, named or not.
    DockerHub,
    /// Another registry: its host, with the port if it has one.
    Other(&'a str),
    /// A hole stands for it.
    Unknown,
}

/// Which of its names a private registry of ECR is called by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EcrEndpoint {
    /// `ACCOUNT.dkr.ecr.REGION.…`: the name that interface endpoints answer to.
    Ipv4,
    /// `ACCOUNT.dkr.ecr-fips.REGION.…`.
    Fips,
    /// `ACCOUNT.dkr-ecr.REGION.on.aws`: IPv4 and IPv6, never through PrivateLink. Source:
    /// `AmazonECR/latest/userguide/ecr-requests` (2026).
    DualStack,
}

/// A reference to an image: `[HOST/]REPOSITORY[:TAG][@DIGEST]`.
///
/// Source: the grammar of the package `reference` of the Distribution project, and botocore 1.44.5, shape
/// `RepositoryName` of ECR. It borrows the text that it was read from, and lets holes stand for parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageReference<'a> {
    /// Where the image lives.
    pub registry: Registry<'a>,
    /// The repository, such as `team/payments`.
    pub repository: &'a str,
    /// The tag, such as `1.4.2`. Without tag and digest, `latest` is meant.
    pub tag: Option<&'a str>,
    /// The digest, such as `sha256:…`.
    pub digest: Option<&'a str>,
}

/// Why a text is not a reference to an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageError {
    /// It is empty, or nothing stands after the host.
    NoRepository,
    /// The repository has capital letters or a character that it may not have.
    Repository,
    /// The tag is empty, too long, or has a character that it may not have.
    Tag,
    /// The digest is not an algorithm, a colon and at least 32 hexadecimal digits.
    Digest,
    /// It begins with `http://` or `https://`.
    Scheme,
    /// The host looks like one of ECR, but its account ID or Region is malformed.
    EcrHost,
    /// A hole `${` is never closed.
    OpenHole,
}

impl<'a> ImageReference<'a> {
    /// Reads a reference.
    ///
    /// # Errors
    ///
    /// The first thing that a registry or ECS would refuse.
    pub fn parse(text: &'a str) -> Result<Self, ImageError> {
        if text.starts_with("http://") || text.starts_with("https://") {
            return Err(ImageError::Scheme);
        }
        let (host, rest) = split_host(text)?;
        let (rest, digest) = split_digest(rest)?;
        let (repository, tag) = split_tag(rest)?;
        let registry = host.map_or(Ok(registry_without_host(repository)), parse_host)?;
        if repository.is_empty() {
            return Err(ImageError::NoRepository);
        }
        check(repository, is_repository, ImageError::Repository)?;
        tag.map_or(Ok(()), |tag| check(tag, is_tag, ImageError::Tag))?;
        digest.map_or(Ok(()), |digest| check(digest, is_digest, ImageError::Digest))?;
        Ok(Self { registry, repository, tag, digest })
    }

    /// Whether the same reference always gives the same image: it has a digest.
    #[must_use]
    pub const fn is_pinned(&self) -> bool {
        self.digest.is_some()
    }
}

/// Holes are not judged.
fn check(text: &str, test: fn(&str) -> bool, error: ImageError) -> Result<(), ImageError> {
    if has_hole(text) || test(text) { Ok(()) } else { Err(error) }
}

/// A reference that is nothing but a hole may stand for anything; without a host, Docker Hub is meant.
fn registry_without_host(repository: &str) -> Registry<'_> {
    if repository.starts_with("${") { Registry::Unknown } else { Registry::DockerHub }
}

/// The host is what stands before the first slash if it has a dot or a colon, is `localhost`, or has a hole.
fn split_host(text: &str) -> Result<(Option<&str>, &str), ImageError> {
    let slashes = hole::positions(text, |character| character == '/').map_err(|_| ImageError::OpenHole)?;
    let Some(slash) = slashes.first() else { return Ok((None, text)) };
    let (host, rest) = hole::split_around(text, *slash);
    let is_host = host.contains(['.', ':']) || host == "localhost" || has_hole(host);
    Ok(if is_host { (Some(host), rest) } else { (None, text) })
}

fn split_digest(text: &str) -> Result<(&str, Option<&str>), ImageError> {
    let signs = hole::positions(text, |character| character == '@').map_err(|_| ImageError::OpenHole)?;
    Ok(signs.first().map_or((text, None), |sign| {
        let (before, digest) = hole::split_around(text, *sign);
        (before, Some(digest))
    }))
}

fn split_tag(text: &str) -> Result<(&str, Option<&str>), ImageError> {
    let colons = hole::positions(text, |character| character == ':').map_err(|_| ImageError::OpenHole)?;
    Ok(colons.first().map_or((text, None), |colon| {
        let (before, tag) = hole::split_around(text, *colon);
        (before, Some(tag))
    }))
}

fn parse_host(host: &str) -> Result<Registry<'_>, ImageError> {
    match host {
        "public.ecr.aws" | "ecr-public.aws.com" => return Ok(Registry::EcrPublic),
        "docker.io" | "index.docker.io" | "registry-1.docker.io" => return Ok(Registry::DockerHub),
        _ => {}
    }
    let labels = hole::split(host, |character| character == '.').map_err(|_| ImageError::OpenHole)?;
    match labels.as_slice() {
        [account, "dkr", "ecr", region, ..] => ecr(account, region, EcrEndpoint::Ipv4),
        [account, "dkr", "ecr-fips", region, ..] => ecr(account, region, EcrEndpoint::Fips),
        [account, "dkr-ecr" | "dkr-ecr-fips", region, ..] => ecr(account, region, EcrEndpoint::DualStack),
        [first, ..] if first.starts_with("${") => Ok(Registry::Unknown),
        _ => Ok(Registry::Other(host)),
    }
}

fn ecr<'a>(account: &'a str, region: &'a str, endpoint: EcrEndpoint) -> Result<Registry<'a>, ImageError> {
    check(account, is_account_id, ImageError::EcrHost)?;
    check(region, |region| Partition::of_region(region).is_some(), ImageError::EcrHost)?;
    Ok(Registry::Ecr { account, region, endpoint })
}

/// Components of lower-case letters and digits, joined inside by `.`, `_`, `__` or hyphens, and between by `/`.
fn is_repository(text: &str) -> bool {
    text.len() <= 255 && text.split('/').all(is_component)
}

fn is_component(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends_are_plain =
        bytes.first().is_some_and(|byte| is_plain(*byte)) && bytes.last().is_some_and(|b| is_plain(*b));
    let separators_are_whole = text.split(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    ends_are_plain && separators_are_whole.into_iter().all(is_separator)
}

fn is_separator(text: &str) -> bool {
    matches!(text, "" | "." | "_" | "__") || text.bytes().all(|byte| byte == b'-')
}

/// A letter, digit or underscore, and up to 127 of these, dots and hyphens.
fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_allowed = |byte: u8| is_word(byte) || matches!(byte, b'.' | b'-');
    text.len() <= 128 && text.bytes().next().is_some_and(is_word) && text.bytes().all(is_allowed)
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, digits)) = text.split_once(':') else { return false };
    let is_algorithm =
        !algorithm.is_empty() && algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-_".contains(&byte));
    let is_right_length = match algorithm {
        "sha256" => digits.len() == 64,
        "sha512" => digits.len() == 128,
        _ => digits.len() >= 32,
    };
    is_algorithm && is_right_length && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How many characters the name of a repository of ECR has. Source: botocore 1.44.5, shape `RepositoryName`.
pub const REPOSITORY_NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=256;

/// The ARN of the objects in the S3 bucket from which ECR hands out the layers of images in a Region, which the policy of
/// the gateway endpoint must allow `s3:GetObject` on. `None` for partitions whose bucket no source names.
///
/// Source: `AmazonECR/latest/userguide/vpc-endpoints` (2026); the form for GovCloud stands in public endpoint policies.
#[must_use]
pub fn layer_bucket_arn(region: &str) -> Option<String> {
    let partition = Partition::of_region(region)?;
    match partition {
        Partition::Aws | Partition::AwsUsGov => {
            Some(format!("arn:{}:s3:::prod-{region}-starport-layer-bucket/*", partition.id()))
        }
        _ => None,
    }
}

/// The keys of the interface endpoints that a task in an isolated subnet needs to pull from a private registry, beside
/// the gateway endpoint of S3. Source: `AmazonECR/latest/userguide/vpc-endpoints` (2026), for platform version 1.4.0 and
/// later.
///
/// The first pull of an image through a pull-through cache rule goes to the internet all the same, unless it was pulled
/// once from somewhere that has a way out. Same source.
pub const PULL_ENDPOINTS: &[&str] = &["ecr.api", "ecr.dkr"];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn registry_of(text: &str) -> Registry<'_> {
        ImageReference::parse(text).unwrap().registry
    }

    #[test]
    fn an_image_of_ecr_has_its_parts() {
        let image = ImageReference::parse("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/payments:1.4.2").unwrap();
        let registry = Registry::Ecr { account: "111122223333", region: "eu-west-1", endpoint: EcrEndpoint::Ipv4 };
        assert_eq!(image, ImageReference { registry, repository: "team/payments", tag: Some("1.4.2"), digest: None });
    }

    #[test]
    fn registries_are_told_apart() {
        assert_eq!(registry_of("nginx"), Registry::DockerHub);
        assert_eq!(registry_of("grafana/grafana:11.0.0"), Registry::DockerHub);
        assert_eq!(registry_of("docker.io/library/nginx"), Registry::DockerHub);
        assert_eq!(registry_of("public.ecr.aws/nginx/nginx:1"), Registry::EcrPublic);
        assert_eq!(registry_of("ghcr.io/owner/name"), Registry::Other("ghcr.io"));
        assert_eq!(registry_of("localhost:5000/a"), Registry::Other("localhost:5000"));
        assert_eq!(registry_of("${Image}"), Registry::Unknown);
        assert_eq!(registry_of("${Registry}/a:1"), Registry::Unknown);
        let dual = registry_of("111122223333.dkr-ecr.eu-west-1.on.aws/a");
        assert!(matches!(dual, Registry::Ecr { endpoint: EcrEndpoint::DualStack, .. }));
        let fips = registry_of("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a");
        assert!(matches!(fips, Registry::Ecr { endpoint: EcrEndpoint::Fips, .. }));
    }

    #[test]
    fn holes_stand_for_parts_of_a_registry() {
        let text = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/payments:${Tag}";
        let image = ImageReference::parse(text).unwrap();
        let registry =
            Registry::Ecr { account: "${AWS::AccountId}", region: "${AWS::Region}", endpoint: EcrEndpoint::Ipv4 };
        assert_eq!((image.registry, image.tag), (registry, Some("${Tag}")));
        let token = "${Token[AWS.AccountId.4]}.dkr.ecr.eu-west-1.${Token[AWS.URLSuffix.2]}/payments@sha256:${Digest}";
        assert!(matches!(registry_of(token), Registry::Ecr { region: "eu-west-1", .. }));
    }

    #[test]
    fn a_digest_pins_an_image() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let text = format!("nginx:1@{digest}");
        let image = ImageReference::parse(&text).unwrap();
        assert!(image.is_pinned());
        assert_eq!((image.tag, image.digest), (Some("1"), Some(digest.as_str())));
        assert!(!ImageReference::parse("nginx:1").unwrap().is_pinned());
    }

    #[test]
    fn what_is_no_reference_is_told_apart() {
        let cases = [
            ("", ImageError::NoRepository),
            ("ghcr.io/", ImageError::NoRepository),
            ("https://ghcr.io/a", ImageError::Scheme),
            ("Nginx", ImageError::Repository),
            ("a//b", ImageError::Repository),
            ("a..b", ImageError::Repository),
            ("a_-b", ImageError::Repository),
            ("-a", ImageError::Repository),
            ("nginx:", ImageError::Tag),
            ("nginx:.1", ImageError::Tag),
            ("nginx:a b", ImageError::Tag),
            ("nginx@sha256:abc", ImageError::Digest),
            ("nginx@", ImageError::Digest),
            ("1111.dkr.ecr.eu-west-1.amazonaws.com/a", ImageError::EcrHost),
            ("111122223333.dkr.ecr.ireland.amazonaws.com/a", ImageError::EcrHost),
            ("nginx:${Tag", ImageError::OpenHole),
        ];
        for (text, error) in cases {
            assert_eq!(ImageReference::parse(text), Err(error), "{text}");
        }
        assert!(ImageReference::parse("a__b--c.d/e").is_ok());
    }

    #[test]
    fn the_layer_bucket_is_known_where_a_source_names_it() {
        assert_eq!(
            layer_bucket_arn("eu-west-1").as_deref(),
            Some("arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*")
        );
        assert_eq!(
            layer_bucket_arn("us-gov-west-1").as_deref(),
            Some("arn:aws-us-gov:s3:::prod-us-gov-west-1-starport-layer-bucket/*")
        );
        assert_eq!(layer_bucket_arn("cn-north-1"), None);
        assert_eq!(layer_bucket_arn("nowhere"), None);
    }

    proptest! {
        #[test]
        fn whatever_is_read_has_a_repository(text in "[a-z0-9.:/@${}_A-é-]{0,60}") {
            if let Ok(image) = ImageReference::parse(&text) {
                prop_assert!(!image.repository.is_empty() && text.contains(image.repository));
            }
        }
    }
}
