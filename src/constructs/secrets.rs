//! Secrets that the stack creates, and how they are changed regularly.

use crate::aws::Arn;
use crate::cfn::Gather as _;
use crate::cfn::{Format, LogicalId, OrderedMap, SourceText, Text, Value, read};
use crate::diagnostics::codes;
use crate::resources::{Builder as _, lambda, secretsmanager};
use crate::spec::text::Arn as ArnText;
use crate::spec::{self, Input, Named};

use super::iam::in_own_account;
use super::problem::Problem;
use super::schedule::{self, Schedule};
use super::{RemovalPolicy, Scope, StackProps, references};

/// The secrets of a stack, by the names that services call them by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ManagedSecrets {
    /// The secrets.
    pub by_name: OrderedMap<Text, ManagedSecret>,
}

/// A secret of a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct ManagedSecret {
    /// The resource.
    pub logical_id: LogicalId,
    /// Its ARN.
    pub arn: Value,
    /// The key that encrypts it, by ARN, when it is not the one that AWS keeps for Secrets Manager.
    pub key: Option<Value>,
    /// The keys of its JSON, none when it is the generated value alone; `None` when they are not known.
    pub keys: Option<Vec<Text>>,
    /// How it is changed regularly.
    pub rotation: Option<LogicalId>,
    /// Whether the services that use it are started anew after it has changed.
    pub restarts_services: bool,
}

/// The longest description of a secret. Source: Secrets Manager API reference, CreateSecret.
const LONGEST_DESCRIPTION: usize = 2048;

impl ManagedSecrets {
    /// Adds the secrets that `props` describe, each with its rotation.
    pub fn new(scope: &mut Scope<'_>, props: &Named<spec::ManagedSecret>) -> Self {
        if props.is_empty() {
            return Self::default();
        }
        let mut scope = scope.construct("Secrets", "ringfence.ManagedSecrets");
        let mut by_name = OrderedMap::new();
        for (name, secret) in props {
            let mut origin = scope.made_from(name);
            let mut scope = origin.construct(name, "ringfence.ManagedSecret");
            by_name.insert(name.clone(), ManagedSecret::new(&mut scope, secret));
        }
        Self { by_name }
    }
}

impl ManagedSecret {
    fn new(scope: &mut Scope<'_>, props: &spec::ManagedSecret) -> Self {
        if let Some(text) =
            props.description.as_ref().and_then(Input::known).filter(|text| text.len() > LONGEST_DESCRIPTION)
        {
            let message = format!("the description of a secret cannot have {} bytes", text.len());
            scope.error(codes::OUT_OF_RANGE, "description", message, format!("use at most {LONGEST_DESCRIPTION}"));
        }
        let key = props.kms_key.as_ref();
        if let Some(Err(problem)) = key.map(|key| references::check_key(scope.stack().props(), key, "kmsKey")) {
            problem.report(scope);
        }
        let key = key.map(|key| references::key_value(scope.stack().props(), key));
        let secret = secretsmanager::Secret::new()
            .maybe(props.description.as_ref().map(Input::to_value), secretsmanager::Secret::description)
            .generate_secret_string(generated(scope, props))
            .maybe(key.clone(), secretsmanager::Secret::kms_key_id);
        let logical_id = scope.add("Resource", secret);
        scope.remove_by(&logical_id, if props.keep { RemovalPolicy::Retain } else { RemovalPolicy::Delete });
        let arn = logical_id.reference();
        let rotation = props.rotation.as_ref().map(|rotation| rotate(&mut scope.made_from("rotation"), &arn, rotation));
        let restarts_services = props.rotation.as_ref().is_some_and(|rotation| rotation.restart_services);
        Self { logical_id, arn, key, keys: keys(props), rotation, restarts_services }
    }
}

fn generated(scope: &mut Scope<'_>, props: &spec::ManagedSecret) -> secretsmanager::secret::GenerateSecretString {
    let template = props.template.as_ref();
    if let Some(Err(problem)) =
        template.and_then(Input::known).map(|text| check_template(text, props.generate_key.known()))
    {
        problem.report(scope);
    }
    let exclude = Some(props.exclude.to_value()).filter(|exclude| exclude.as_str() != Some(""));
    let key = template.map(|_| props.generate_key.to_value());
    secretsmanager::secret::GenerateSecretString::new()
        .password_length(props.length.to_value())
        .maybe(exclude, secretsmanager::secret::GenerateSecretString::exclude_characters)
        .maybe(template.map(Input::to_value), secretsmanager::secret::GenerateSecretString::secret_string_template)
        .maybe(key, secretsmanager::secret::GenerateSecretString::generate_string_key)
}

/// The keys that a secret has: those of its template, and that of the generated value.
fn keys(props: &spec::ManagedSecret) -> Option<Vec<Text>> {
    let Some(template) = &props.template else { return Some(Vec::new()) };
    let Ok(Value::Map(members)) =
        read(&SourceText::new("template", template.known()?.as_ref()), Format::Json).map(|document| document.value)
    else {
        return None;
    };
    let generated = props.generate_key.known()?.clone();
    Some(members.keys().cloned().chain([generated]).gather())
}

/// Secrets Manager adds the generated value to the template, so that must be an object which does not have it yet.
fn check_template(text: &str, key: Option<&Text>) -> Result<(), Problem> {
    let bad = |message: String| {
        let help = "write it like `{\"username\": \"payments\"}`; the generated value is added under `generateKey`";
        Problem::error(codes::service::BAD_SECRET_TEMPLATE, "template", message, help)
    };
    let taken = match read(&SourceText::new("template", text), Format::Json).map(|document| document.value) {
        Ok(Value::Map(members)) => key.filter(|key| members.contains_key(key)),
        Ok(Value::Intrinsic(only)) => key.filter(|key| only.function.name() == key.as_ref()),
        Ok(_) => return Err(bad("the template is not a JSON object".to_owned())),
        Err(errors) => {
            let reason = errors.first().map(|error| error.message.as_ref()).unwrap_or_default();
            return Err(bad(format!("the template is not well-formed JSON: {reason}")));
        }
    };
    match taken {
        Some(key) => Err(bad(format!("the template has `{key}` already, where the generated value goes"))),
        None => Ok(()),
    }
}

/// Lets Secrets Manager call the function for this secret, and says when.
fn rotate(scope: &mut Scope<'_>, secret: &Value, rotation: &spec::Rotation) -> LogicalId {
    let checks = [check_function(scope.stack().props(), &rotation.function), check_schedule(rotation)];
    for problem in checks.into_iter().filter_map(Result::err) {
        problem.report(scope);
    }
    let function = match rotation.function.known() {
        Some(function) => in_own_account(scope.stack().props(), function.as_str()),
        None => rotation.function.to_value(),
    };
    let permission = lambda::Permission::new()
        .action("lambda:InvokeFunction")
        .function_name(function.clone())
        .principal("secretsmanager.amazonaws.com")
        .source_account(Value::reference("AWS::AccountId"))
        .source_arn(secret.clone());
    let permission = scope.add("RotationPermission", permission);
    let schedule = secretsmanager::RotationSchedule::new()
        .secret_id(secret.clone())
        .rotation_lambda_arn(function)
        .rotation_rules(rules(rotation));
    let schedule = scope.add("Rotation", schedule);
    scope.depend(&schedule, [&permission]);
    schedule
}

fn rules(rotation: &spec::Rotation) -> secretsmanager::rotation_schedule::RotationRules {
    const DEFAULT_DAYS: i64 = 30;
    let days = match (&rotation.days, &rotation.schedule) {
        (Some(days), _) => Some(days.to_value()),
        (None, None) => Some(Value::from(DEFAULT_DAYS)),
        (None, Some(_)) => None,
    };
    let window = rotation.window_hours.as_ref().map(|hours| Value::join([hours.to_text(), Value::from("h")]));
    secretsmanager::rotation_schedule::RotationRules::new()
        .maybe(days, secretsmanager::rotation_schedule::RotationRules::automatically_after_days)
        .maybe(
            rotation.schedule.as_ref().map(Input::to_value),
            secretsmanager::rotation_schedule::RotationRules::schedule_expression,
        )
        .maybe(window, secretsmanager::rotation_schedule::RotationRules::duration)
}

fn check_function(stack: &StackProps, function: &Input<ArnText>) -> Result<(), Problem> {
    let Some(text) = function.known().map(ArnText::as_str) else { return Ok(()) };
    let bad = |why: String| {
        let help = "write it like `arn:aws:lambda:eu-west-1:111122223333:function:rotate-payments`";
        let message = format!("`{text}` cannot rotate a secret of this stack: {why}");
        Problem::error(codes::service::BAD_ROTATION, "function", message, help)
    };
    let arn = Arn::parse(text).map_err(|error| bad(error.to_string()))?;
    if arn.service.text() != "lambda" || arn.resource_type() != Some("function") {
        return Err(bad("it is not a Lambda function".to_owned()));
    }
    if let Some(why) = stack.refusal(&arn) {
        return Err(bad(why));
    }
    match (stack.region(), stack.account()) {
        (Some(own), _) if arn.region.text() != own => Err(bad(format!("it is not in `{own}`"))),
        (_, Some(own)) if arn.account.text() != own => Err(bad(format!("it is not in the account `{own}`"))),
        _ => Ok(()),
    }
}

/// Source: Secrets Manager user guide, "Schedule expressions in Secrets Manager rotation".
fn check_schedule(rotation: &spec::Rotation) -> Result<(), Problem> {
    const FEWEST_HOURS: i64 = 4;
    let Some(schedule) = &rotation.schedule else { return Ok(()) };
    let bad = |message: String| {
        let help = "write it like `rate(10 days)` or `cron(0 8 1 * ? *)`, or give `days` instead";
        Problem::error(codes::service::BAD_ROTATION, "schedule", message, help)
    };
    if rotation.days.is_some() {
        return Err(bad("both `days` and `schedule` are given".to_owned()));
    }
    let Some(text) = schedule.known() else { return Ok(()) };
    match schedule::parse(text) {
        Ok(Schedule::Rate { hours }) if hours < FEWEST_HOURS => {
            Err(bad(format!("`{text}` is more often than every {FEWEST_HOURS} hours")))
        }
        Ok(Schedule::Cron { minute, .. }) if minute != "0" => {
            Err(bad(format!("`{text}` does not begin at the full hour")))
        }
        Ok(Schedule::Rate { .. }) if text.contains("minute") => Err(bad(format!("`{text}` is not in hours or days"))),
        Ok(Schedule::At) => Err(bad(format!("`{text}` is only once"))),
        Ok(_) => Ok(()),
        Err(why) => Err(bad(format!("`{text}` is no schedule: {why}"))),
    }
}
