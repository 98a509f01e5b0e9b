//! Messages about connections to an endpoint service: an encrypted topic that PrivateLink may publish to.

use crate::aws::Arn;
use crate::aws::private_link::{CONNECTION_EVENTS, NOTIFICATION_PRINCIPAL};
use crate::cfn::{LogicalId, Text, Value};
use crate::diagnostics::codes::private_link as codes;
use crate::resources::{ec2, kms, sns};
use crate::spec::{Acceptance, Input, PrivateLink, text};

use super::iam::{Statement, arn, document};
use super::location::Location;
use super::{RemovalPolicy, Scope};

/// Adds the topic (or takes the one of the spec), its subscriptions and the notification. Gives the topic's ARN. The origin
/// of `scope` is the endpoint service's settings.
pub(super) fn add(scope: &mut Scope<'_>, settings: &PrivateLink, service: &LogicalId) -> Option<Value> {
    if !settings.notifications.enabled {
        if settings.acceptance == Acceptance::Manual {
            let message = "nobody hears of connections that wait for acceptance";
            let help = "turn `notifications` on, or set `acceptance: automatic`";
            scope.warn(codes::NOBODY_NOTIFIED, "notifications/enabled", message, help);
        }
        return None;
    }
    let mut scope = scope.construct("Notifications", "ringfence.ConnectionNotifications");
    let mut scope = scope.made_from("notifications");
    let scope = &mut scope;
    let (topic, ready) = match &settings.notifications.topic {
        Some(topic) => {
            check_topic(scope, topic);
            (topic.to_value(), None)
        }
        None => {
            let (topic, policy) = new_topic(scope, service);
            (topic, Some(policy))
        }
    };
    subscribe(scope, &settings.notifications.emails, &topic);
    let notification = ec2::VpcEndpointConnectionNotification::new()
        .service_id(service.reference())
        .connection_notification_arn(topic.clone())
        .connection_events(CONNECTION_EVENTS.iter().copied());
    let notification = scope.add("Resource", notification);
    // AWS tries to publish when the notification is made.
    scope.depend(&notification, &ready);
    Some(topic)
}

/// What PrivateLink may do, limited to this endpoint service. Source: AWS PrivateLink guide, "Receive alerts for endpoint
/// service events".
fn for_private_link<const COUNT: usize>(actions: [&'static str; COUNT], service: &LogicalId) -> Statement {
    let service = arn("ec2", Value::join([Value::from("vpc-endpoint-service/"), service.reference()]));
    Statement::allow(actions).sid("PrivateLink").service(NOTIFICATION_PRINCIPAL).from_this_account().when(
        "ArnLike",
        "aws:SourceArn",
        service,
    )
}

/// A topic with a key of its own: the policy of the AWS managed key cannot be changed, and does not let PrivateLink use it.
fn new_topic(scope: &mut Scope<'_>, service: &LogicalId) -> (Value, LogicalId) {
    let root = Value::join([
        Value::from("arn:"),
        Value::reference("AWS::Partition"),
        Value::from(":iam::"),
        Value::reference("AWS::AccountId"),
        Value::from(":root"),
    ]);
    // The policy of a key belongs to that key, so `*` is the key alone.
    let owner = Statement::allow(["kms:*"]).sid("Account").principal(Value::map([("AWS", root)])).on("*");
    let publisher = for_private_link(["kms:Decrypt", "kms:GenerateDataKey*"], service).on("*");
    let key = kms::Key::new()
        .description("Encrypts messages about connections to the endpoint service")
        .enable_key_rotation(true)
        .key_policy(document([owner, publisher]));
    let key = scope.add("Key", key);
    // Messages are not kept, so nothing is lost with the key.
    scope.remove_by(&key, RemovalPolicy::Delete);
    let topic = sns::Topic::new().kms_master_key_id(key.attribute(kms::Key::ATTR_ARN));
    let topic = scope.add("Topic", topic).reference();
    let publish = for_private_link(["sns:Publish"], service).on(topic.clone());
    let refuse = Statement::deny(["sns:Publish"]).sid("RefusePlainHttp").anybody().on(topic.clone()).when(
        "Bool",
        "aws:SecureTransport",
        "false",
    );
    let policy = sns::TopicPolicy::new().topics([topic.clone()]).policy_document(document([publish, refuse]));
    let policy = scope.add("Policy", policy);
    (topic, policy)
}

fn subscribe(scope: &mut Scope<'_>, emails: &[Input<Text>], topic: &Value) {
    let mut late = 0_usize;
    for (index, address) in emails.iter().enumerate() {
        let subscription = sns::Subscription::new().protocol("email").endpoint(address.to_value()).topic_arn(topic);
        let Some(email) = address.known() else {
            late += 1;
            let id = if late == 1 { "Email".to_owned() } else { format!("Email-number{late}") };
            scope.add(&id, subscription);
            continue;
        };
        let is_new = emails.iter().take(index).all(|earlier| earlier != address);
        if !is_email(email) || !is_new {
            let what = if is_new { "is no e-mail address" } else { "is in the list twice" };
            let help = "write each address once, like `team@example.com`";
            scope.error(codes::BAD_EMAIL, &format!("emails/{index}"), format!("`{email}` {what}"), help);
            continue;
        }
        scope.add(&format!("Email-{email}"), subscription);
    }
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let is_plain =
        |part: &str| !part.is_empty() && !part.contains(|letter: char| letter.is_whitespace() || letter == '@');
    parts.is_some_and(|(name, domain)| {
        is_plain(name) && is_plain(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
    })
}

fn check_topic(scope: &mut Scope<'_>, topic: &Input<text::Arn>) {
    let Some(topic) = topic.known().map(text::Arn::as_str) else { return };
    let env = scope.stack().props().env.clone();
    let region = Location::of(&env).region;
    let Ok(arn) = Arn::parse(topic) else {
        let message = format!("`{topic}` is no ARN of a topic");
        return scope.error(codes::BAD_TOPIC, "topic", message, "give the ARN of an SNS topic");
    };
    let elsewhere = arn.region.known().zip(region).is_some_and(|(theirs, ours)| theirs != ours);
    if arn.service.known().is_some_and(|service| service != "sns") {
        let message = format!("`{topic}` is no SNS topic");
        scope.error(codes::BAD_TOPIC, "topic", message, "give the ARN of an SNS topic");
    } else if elsewhere {
        let message = format!("the topic `{topic}` is in another Region");
        let help = format!("give a topic in `{}`", region.unwrap_or_default());
        scope.error(codes::BAD_TOPIC, "topic", message, help);
    } else if let Some(why) = scope.stack().props().refusal(&arn) {
        let message = format!("`{topic}` is no topic here: {why}");
        scope.error(codes::BAD_TOPIC, "topic", message, "write the ARN as AWS shows it");
    }
    if topic.ends_with(".fifo") {
        let message = format!("`{topic}` is a FIFO topic, which AWS does not document for these messages");
        scope.warn(codes::FIFO_TOPIC, "topic", message, "give a standard topic");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses_have_a_name_and_a_domain() {
        for email in ["team@example.com", "a.b+c@d.example"] {
            assert!(is_email(email), "{email}");
        }
        for email in
            ["", "team", "@example.com", "team@", "team@example", "a b@example.com", "a@b@example.com", "a@.com"]
        {
            assert!(!is_email(email), "{email}");
        }
    }
}
