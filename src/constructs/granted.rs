//! What the roles of a task were allowed beside the spec, by policies that somebody else makes: the endpoints that follow
//! from it, and what their policies must allow. Where that cannot be told for sure nothing is guessed, and a finding says
//! so.

use crate::aws::ecr;
use crate::aws::endpoints::{EndpointService, SERVICES};
use crate::cfn::Gather as _;
use crate::cfn::{Map, Text, Value};
use crate::diagnostics::codes::plan as codes;
use crate::spec::Grants;
use crate::spec::decode::quoted;

use super::iam::Statement;
use super::task_needs::{by_this_account, iam_prefix, prefix_of};
use super::{Needs, Scope};

/// Adds to `needs`, which are those of the service `name`, what follows from `grants`. `declared` are the endpoints that the
/// service names itself. The scope's origin is the service.
pub(super) fn add(scope: &mut Scope<'_>, name: &str, grants: &Grants, declared: &[Text], needs: &mut Needs) {
    let mut scope = scope.child(name);
    for (is_agent, statements) in [(false, &grants.task), (true, &grants.execution)] {
        let uses_keys = statements.iter().any(|statement| actions(statement).iter().any(|action| keeps_keys(action)));
        let mut role = Role { scope: &mut scope, name, is_agent, uses_keys, declared, needs };
        statements.iter().for_each(|statement| role.add(statement));
    }
}

/// A role of a task, and what was found out about its needs.
struct Role<'a, 's> {
    scope: &'a mut Scope<'s>,
    name: &'a str,
    /// Whether the agent of ECS has it rather than the containers.
    is_agent: bool,
    /// Whether it may do something in a service that encrypts what it keeps.
    uses_keys: bool,
    declared: &'a [Text],
    needs: &'a mut Needs,
}

/// The services that use a key in the name of whoever calls them: what they keep encrypted takes a permission for the key,
/// and no way to KMS. Source: AWS KMS developer guide, `kms:ViaService`.
const KEEP_KEYS: &[&str] =
    &["dynamodb", "ecr", "firehose", "kinesis", "logs", "s3", "secretsmanager", "sns", "sqs", "ssm", "states"];

/// What only those do with a key who call KMS themselves: services of AWS use symmetric keys for encryption alone, and pairs of
/// data keys are for clients. Source: AWS KMS API reference, `CreateKey`, `KeySpec`; KMS developer guide, asymmetric keys.
const CALLED_DIRECTLY: &[&str] = &[
    "kms:derivesharedsecret",
    "kms:generatedatakeypair",
    "kms:generatedatakeypairwithoutplaintext",
    "kms:generatemac",
    "kms:getpublickey",
    "kms:sign",
    "kms:verify",
    "kms:verifymac",
];

fn keeps_keys(action: &str) -> bool {
    KEEP_KEYS.contains(&prefix_of(action).to_ascii_lowercase().as_str())
}

/// The actions of a statement, as far as they are known.
fn actions(statement: &Value) -> Vec<Text> {
    let texts = |value: &Value| one_or_more(value).into_iter().filter_map(|action| known_text(&action)).gather();
    statement.get("Action").map(texts).unwrap_or_default()
}

fn one_or_more(value: &Value) -> Vec<Value> {
    value.as_list().map_or_else(|| vec![value.clone()], <[Value]>::to_vec)
}

fn known_text(value: &Value) -> Option<Text> {
    match value {
        Value::String(text) if value.is_literal() => Some(text.clone()),
        _ => None,
    }
}

impl Role<'_, '_> {
    fn add(&mut self, statement: &Value) {
        let Some(members) = statement.as_map() else { return self.untold("a statement that is not known yet") };
        match members.get("Effect").and_then(Value::as_str) {
            Some("Deny") => return,
            Some("Allow") => {}
            _ => return self.untold("a statement whose `Effect` is neither `Allow` nor `Deny`"),
        }
        if members.contains_key("NotAction") {
            return self.untold("a statement with `NotAction`");
        }
        let given = members.get("Action").map(one_or_more).unwrap_or_default();
        let known: Vec<Text> = given.iter().filter_map(known_text).gather();
        if known.len() < given.len() || known.is_empty() {
            self.untold("a statement with an action that is not known yet");
        }
        let mut prefixes: Vec<String> = Vec::new();
        for action in &known {
            let prefix = prefix_of(action).to_ascii_lowercase();
            if prefix.contains(['*', '?']) {
                self.untold(&format!("the action `{action}`"));
            } else if !prefixes.contains(&prefix) {
                prefixes.push(prefix);
            }
        }
        for prefix in prefixes {
            let of_prefix = known.iter().filter(|action| prefix_of(action).eq_ignore_ascii_case(&prefix));
            self.add_calls(&prefix, of_prefix.cloned().gather(), members);
        }
    }

    /// Adds the calls of one service of AWS.
    fn add_calls(&mut self, prefix: &str, actions: Vec<Text>, members: &Map) {
        let is_direct = |action: &Text| CALLED_DIRECTLY.contains(&action.to_ascii_lowercase().as_str());
        if prefix == "kms" && !actions.iter().any(is_direct) && self.is_through_another_service(members) {
            return;
        }
        let Some(endpoints) = self.endpoints_of(prefix) else { return };
        let Some(resources) = members.get("Resource").map(one_or_more) else {
            let at = format!("`{prefix}` on resources that `NotResource` leaves");
            return self.untold(&at);
        };
        let statement = Statement::allow(actions).on_all(resources);
        let statement = match members.get("Condition") {
            Some(Value::Map(conditions)) => statement.conditions(conditions.clone()),
            _ => statement,
        };
        let statement = by_this_account(statement);
        for endpoint in endpoints {
            self.needs.add(endpoint, statement.clone());
        }
    }

    /// Whether a key is used by another service in the name of the role, or most likely is, which is told.
    fn is_through_another_service(&mut self, members: &Map) -> bool {
        let conditions = members.get("Condition").and_then(Value::as_map);
        let mut keys = conditions.iter().flat_map(|operators| operators.iter()).filter_map(|(_, keys)| keys.as_map());
        if self.is_agent || keys.any(|keys| keys.keys().any(|key| key.eq_ignore_ascii_case("kms:ViaService"))) {
            return true;
        }
        if !self.uses_keys || self.is_reachable("kms") {
            return false;
        }
        let message = format!("the task role of `{}` may use a key, and no endpoint leads to KMS", self.name);
        let help = "services such as S3 and SQS use keys in the caller's name; where the tasks call KMS themselves, add \
                    `kms` to `aws`";
        self.scope.info(codes::UNTOLD_ENDPOINT, "aws", message, help);
        true
    }

    fn is_reachable(&self, key: &str) -> bool {
        self.needs.contains(key) || self.declared.iter().any(|declared| declared == key)
    }

    /// The endpoints that lead to a service, when that is clear; otherwise it is told what to do.
    fn endpoints_of(&mut self, prefix: &str) -> Option<Vec<Text>> {
        if prefix == "ecr" {
            return Some(ecr::PULL_ENDPOINTS.iter().copied().map(Text::from).gather());
        }
        let known = self.needs.by_endpoint.keys().chain(self.declared);
        let mut reachable: Vec<Text> = Vec::new();
        for key in known.filter(|key| iam_prefix(key) == Some(prefix)) {
            if !reachable.contains(key) {
                reachable.push(key.clone());
            }
        }
        if !reachable.is_empty() {
            return Some(reachable);
        }
        let candidates = SERVICES.iter().filter(|service| service.iam_prefix == prefix);
        let candidates: Vec<&'static str> = candidates.map(|service: &EndpointService| service.key).gather();
        if let [only] = candidates.as_slice() {
            return Some(vec![Text::from(*only)]);
        }
        let message = format!(
            "{} may call `{prefix}`, and {}",
            self.subject(),
            match candidates.as_slice() {
                [] => "no endpoint of such a service is known".to_owned(),
                several => format!("it is not clear through which of the endpoints {}", quoted(several)),
            }
        );
        let help = match candidates.as_slice() {
            [] => "tasks reach it only if the network has a way of its own to it".to_owned(),
            _ => "add the one that the tasks call to `aws`".to_owned(),
        };
        self.scope.warn(codes::UNTOLD_ENDPOINT, "aws", message, help);
        None
    }

    /// Tells that nothing follows from something that the role may do.
    fn untold(&mut self, what: &str) {
        let message = format!("{} has {what}: which endpoints its calls need cannot be told", self.subject());
        let help = "give the role statements with `Action` and `Resource`, or name the services that the tasks call in \
                    `aws` and set `network.endpoints.restrict: false`";
        self.scope.warn(codes::UNTOLD_ENDPOINT, "aws", message, help);
    }

    fn subject(&self) -> String {
        let role = if self.is_agent { "execution role" } else { "task role" };
        format!("the {role} of `{}`", self.name)
    }
}
