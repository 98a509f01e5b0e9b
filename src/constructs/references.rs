//! Secrets, parameters and keys that a spec refers to: what a task definition calls them, and what must be allowed so that
//! they can be read.

use crate::aws::Arn;
use crate::cfn::Gather as _;
use crate::cfn::Text;
use crate::cfn::Value;
use crate::diagnostics::codes;
use crate::spec::decode::{closest, quoted};
use crate::spec::text::Arn as ArnText;
use crate::spec::{Input, ParameterReference, SecretReference};

use super::iam::{arn, in_own_account};
use super::problem::Problem;
use super::{ManagedSecrets, StackProps};

/// What a container gets as an environment variable from elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Injected {
    /// What the task definition calls it by.
    pub(super) value_from: Value,
    /// The resources that must be readable, by ARN.
    pub(super) resources: Vec<Value>,
    /// The key with which it is encrypted, by ARN, when it is not the one that AWS keeps for the service.
    pub(super) key: Option<Value>,
    /// What works, but not surely.
    pub(super) doubt: Option<Problem>,
}

/// What Secrets Manager appends to the name of a secret in its ARN: a hyphen and six characters, in a policy any six.
/// Source: Secrets Manager user guide, "Secrets Manager ARN".
const ANY_SUFFIX: &str = "-??????";

/// A secret.
pub(super) fn secret(
    stack: &StackProps,
    secrets: &ManagedSecrets,
    reference: &SecretReference,
) -> Result<Injected, Problem> {
    let key = reference.kms_key.as_ref().map(|key| key_value(stack, key));
    if let Some(name) =
        reference.key.as_ref().and_then(Input::known).filter(|name| name.is_empty() || name.contains(':'))
    {
        return Err(bad_secret("key", format!("`{name}` cannot be a key of a secret"), "give a key without colons"));
    }
    let secret = match &reference.secret {
        Input::Token(token) => return Ok(found(token.clone(), vec![token.clone()], reference, key)),
        Input::Known(secret) => secret.as_ref(),
    };
    if let Some(managed) = secrets.by_name.get(secret) {
        check_member(secret, managed.keys.as_deref(), reference)?;
        let key = key.or_else(|| managed.key.clone());
        return Ok(found(managed.arn.clone(), vec![managed.arn.clone()], reference, key));
    }
    if secret.starts_with("arn:") {
        return secret_by_arn(stack, secret, reference, key);
    }
    secret_by_name(secret, reference, key)
}

fn found(secret: Value, resources: Vec<Value>, reference: &SecretReference, key: Option<Value>) -> Injected {
    let value_from = match &reference.key {
        Some(name) => Value::join([secret, Value::from(":"), name.to_value(), Value::from("::")]),
        None => secret,
    };
    Injected { value_from, resources, key, doubt: None }
}

/// The key must be one that the secret of the stack will have, or no task that takes it starts.
fn check_member(secret: &str, keys: Option<&[Text]>, reference: &SecretReference) -> Result<(), Problem> {
    let (Some(keys), Some(key)) = (keys, reference.key.as_ref().and_then(Input::known)) else { return Ok(()) };
    if keys.contains(key) {
        return Ok(());
    }
    if keys.is_empty() {
        let message = format!("the secret `{secret}` is the generated value alone, and has no key `{key}`");
        return Err(bad_secret("key", message, format!("remove `key`, or give `secrets.{secret}` a `template`")));
    }
    let known: Vec<&str> = keys.iter().map(AsRef::as_ref).gather();
    let help = match closest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its keys are {}", quoted(&known)),
    };
    Err(bad_secret("key", format!("the secret `{secret}` has no key `{key}`"), help))
}

fn bad_secret(at: &'static str, message: impl Into<Text>, help: impl Into<Text>) -> Problem {
    Problem::error(codes::service::BAD_SECRET_REFERENCE, at, message, help)
}

/// A secret of the stack's account and Region, by name. ECS takes an ARN only, and Secrets Manager finds a secret by an
/// ARN without the last six characters.
fn secret_by_name(name: &str, reference: &SecretReference, key: Option<Value>) -> Result<Injected, Problem> {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "/_+=.@-".contains(character);
    if name.is_empty() || name.len() > 512 || !name.chars().all(is_allowed) {
        let message = format!("`{name}` cannot be the name of a secret");
        return Err(bad_secret(
            "secret",
            message,
            "give the name of a secret under `secrets`, or the ARN of any secret",
        ));
    }
    if has_suffix(name) {
        let message = format!("`{name}` ends like the ARN of a secret, so Secrets Manager may look for another one");
        return Err(bad_secret("secret", message, "give the whole ARN"));
    }
    let whole = arn("secretsmanager", format!("secret:{name}"));
    let resources = vec![whole.clone(), arn("secretsmanager", format!("secret:{name}{ANY_SUFFIX}"))];
    Ok(found(whole, resources, reference, key))
}

/// Whether `text` ends with a hyphen and six letters or digits, as the ARN of a secret does.
fn has_suffix(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(_, end)| end.len() == 6 && end.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A secret by ARN, perhaps with the key, stage and version that ECS lets follow it.
fn secret_by_arn(
    stack: &StackProps,
    text: &str,
    reference: &SecretReference,
    key: Option<Value>,
) -> Result<Injected, Problem> {
    let example = "write it like `arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf`";
    let malformed = |why: String| bad_secret("secret", format!("`{text}` is not the ARN of a secret: {why}"), example);
    let arn = Arn::parse(text).map_err(|error| malformed(error.to_string()))?;
    let Some(("secret", id)) = arn.resource_type().zip(arn.resource_id()) else {
        return Err(malformed("its resource is not a `secret`".to_owned()));
    };
    if arn.service.text() != "secretsmanager" {
        return Err(malformed(format!("it belongs to `{}`", arn.service)));
    }
    check_region(stack, &arn, "secret", text)?;
    check_selectors(text, id, reference).map_err(|why| bad_secret("secret", why, example))?;
    check_account(stack, &arn, text, key.is_some())?;
    let name = id.split(':').next().unwrap_or(id);
    let selectors = id.strip_prefix(name).unwrap_or_default();
    let whole = text.strip_suffix(selectors).unwrap_or(text).to_owned();
    let is_partial = !has_suffix(name);
    // The ARN as it is asked for, and as it really is.
    let real = is_partial.then(|| Value::from(format!("{whole}{ANY_SUFFIX}")));
    let whole = Value::from(whole);
    let resources = std::iter::once(whole.clone()).chain(real).gather();
    let mut injected = found(whole, resources, reference, key);
    if !selectors.is_empty() {
        injected.value_from = Value::from(text.to_owned());
    }
    injected.doubt = is_partial.then(|| {
        Problem::warning(
            codes::service::PARTIAL_SECRET_ARN,
            "secret",
            format!("`{text}` lacks the six characters with which the ARN of a secret ends"),
            "give the whole ARN; `aws secretsmanager describe-secret` shows it",
        )
    });
    Ok(injected)
}

/// After the name come either nothing or exactly three parts, each of which may be empty: key, stage, version.
fn check_selectors(text: &str, id: &str, reference: &SecretReference) -> Result<(), String> {
    let parts: Vec<&str> = id.split(':').gather();
    match parts.as_slice() {
        [_] => Ok(()),
        [_, ..] if reference.key.is_some() => Err(format!("`{text}` names a key or version, and so does `key`")),
        [_, _, stage, version] if !stage.is_empty() && !version.is_empty() => {
            Err(format!("`{text}` names both a stage and a version"))
        }
        [_, _, _, _] => Ok(()),
        _ => Err(format!("`{text}` has {} colons after the name instead of 3", parts.len().saturating_sub(1))),
    }
}

/// The key that AWS keeps for Secrets Manager serves its own account only.
fn check_account(stack: &StackProps, arn: &Arn<'_>, text: &str, has_key: bool) -> Result<(), Problem> {
    match stack.account() {
        Some(own) if arn.account.text() != own && !has_key => Err(bad_secret(
            "kmsKey",
            format!("`{text}` is in another account, and the key with which it is encrypted is not named"),
            "add `kmsKey`: a secret that another account reads is encrypted with a key of one's own, whose policy and \
             that of the secret let this account in",
        )),
        _ => Ok(()),
    }
}

/// Endpoints lead to their own Region only.
fn check_region(stack: &StackProps, arn: &Arn<'_>, at: &'static str, text: &str) -> Result<(), Problem> {
    match stack.region() {
        Some(own) if arn.region.text() == own => match stack.refusal(arn) {
            Some(why) => {
                let message = format!("`{text}` cannot be in `{own}`: {why}");
                Err(Problem::error(codes::BAD_VALUE, at, message, "write the ARN as AWS shows it"))
            }
            None => Ok(()),
        },
        Some(own) if arn.region.text() != own => Err(Problem::error(
            codes::service::IN_ANOTHER_REGION,
            at,
            format!("`{text}` is not in `{own}`, and endpoints of `{own}` lead nowhere else"),
            format!("replicate it to `{own}`, and name the copy"),
        )),
        _ => Ok(()),
    }
}

/// A parameter.
pub(super) fn parameter(stack: &StackProps, reference: &ParameterReference) -> Result<Injected, Problem> {
    let key = reference.kms_key.as_ref().map(|key| key_value(stack, key));
    let (value_from, resource) = match &reference.parameter {
        Input::Token(token) => (token.clone(), token.clone()),
        Input::Known(text) if text.starts_with("arn:") => {
            check_parameter_arn(stack, text)?;
            let arn = Value::from(text.clone());
            (arn.clone(), arn)
        }
        Input::Known(name) => {
            check_parameter_name(name)?;
            let resource = format!("parameter/{}", name.strip_prefix('/').unwrap_or(name));
            (Value::from(name.clone()), arn("ssm", resource))
        }
    };
    Ok(Injected { value_from, resources: vec![resource], key, doubt: None })
}

fn bad_parameter(message: impl Into<Text>) -> Problem {
    let help = "give a name like `/prod/db/host`, or an ARN like \
                `arn:aws:ssm:eu-west-1:111122223333:parameter/prod/db/host`";
    Problem::error(codes::service::BAD_PARAMETER_REFERENCE, "parameter", message, help)
}

fn check_parameter_arn(stack: &StackProps, text: &str) -> Result<(), Problem> {
    let malformed = |why: &str| bad_parameter(format!("`{text}` is not the ARN of a parameter: {why}"));
    let arn = Arn::parse(text).map_err(|error| malformed(&error.to_string()))?;
    if arn.service.text() != "ssm" || arn.resource_type() != Some("parameter") {
        return Err(malformed("its resource is not a `parameter` of `ssm`"));
    }
    check_region(stack, &arn, "parameter", text)
}

/// Source: AWS Systems Manager API reference, PutParameter.
fn check_parameter_name(name: &str) -> Result<(), Problem> {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "_.-/".contains(character);
    if name.is_empty() || name.len() > 1011 || !name.chars().all(is_allowed) {
        return Err(bad_parameter(format!("`{name}` cannot be the name of a parameter")));
    }
    if name.contains('/') && !name.starts_with('/') {
        return Err(bad_parameter(format!("`{name}` has folders, and does not begin with `/`")));
    }
    Ok(())
}

/// A key as a template names it: without the number of the account to which the stack goes anyway.
pub(super) fn key_value(stack: &StackProps, key: &Input<ArnText>) -> Value {
    match key.known() {
        Some(arn) => in_own_account(stack, arn.as_str()),
        None => key.to_value(),
    }
}

/// What is wrong with a key that a policy or resource is to name: policies know keys by the ARN of the key alone, and a
/// key serves its own Region.
pub(super) fn check_key(stack: &StackProps, key: &Input<ArnText>, at: &'static str) -> Result<(), Problem> {
    let Some(text) = key.known().map(ArnText::as_str) else { return Ok(()) };
    let bad = |why: &str| {
        let help = "write it like `arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000`";
        Problem::error(codes::service::BAD_KEY, at, format!("`{text}` is not the ARN of a key: {why}"), help)
    };
    let arn = Arn::parse(text).map_err(|error| bad(&error.to_string()))?;
    match (arn.service.text(), arn.resource_type()) {
        ("kms", Some("key")) => check_region(stack, &arn, at, text),
        ("kms", Some("alias")) => Err(bad("it is that of an alias, which policies do not know")),
        _ => Err(bad("its resource is not a `key` of `kms`")),
    }
}
