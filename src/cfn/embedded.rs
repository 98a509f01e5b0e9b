//! Policies that are written as a text of JSON, which CloudFormation takes as well as maps.

use super::{Format, Function, Map, SourceText, Value, read};

/// The longest text that is opened: AWS takes no longer policy, and one that is longer is judged by its length.
const MAX_LENGTH: usize = 20_480;

/// A template with the policies in it that are texts as maps; nothing when it has none.
#[must_use]
pub fn open_policies(template: &Value) -> Option<Value> {
    let resources = template.get("Resources").and_then(Value::as_map)?;
    let has_any = |resource: &Value| resource.get("Properties").and_then(Value::as_map).is_some_and(has_texts);
    if !resources.iter().any(|(_, resource)| has_any(resource)) {
        return None;
    }
    let mut opened = template.clone();
    if let Some(Value::Map(resources)) = member(&mut opened, "Resources") {
        for (_, resource) in resources.iter_mut() {
            if let Some(Value::Map(properties)) = member(resource, "Properties") {
                open_all(properties);
            }
        }
    }
    Some(opened)
}

fn member<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match value {
        Value::Map(map) => map.get_mut(key),
        _ => None,
    }
}

/// Whether a policy stands under a key.
fn is_policy(key: &str) -> bool {
    key.ends_with("PolicyDocument") || matches!(key, "KeyPolicy" | "ResourcePolicy" | "RepositoryPolicyText")
}

/// The policies of a role stand in a list.
const POLICIES: &str = "Policies";

fn has_texts(properties: &Map) -> bool {
    properties.iter().any(|(key, value)| match value {
        Value::List(policies) if key == POLICIES => policies
            .iter()
            .filter_map(Value::as_map)
            .any(|policy| policy.iter().any(|(_, value)| text(value).is_some())),
        _ => is_policy(key) && text(value).is_some(),
    })
}

fn open_all(properties: &mut Map) {
    for (key, value) in properties.iter_mut() {
        match value {
            Value::List(policies) if key == POLICIES => {
                for policy in policies {
                    if let Value::Map(policy) = policy {
                        open_all(policy);
                    }
                }
            }
            _ if is_policy(key) => {
                if let Some(opened) = open(value) {
                    *value = opened;
                }
            }
            _ => {}
        }
    }
}

/// What may be a policy as text, and whether `Fn::Sub` fills it in.
fn text(value: &Value) -> Option<(&str, bool)> {
    let (text, is_filled) = match value {
        Value::String(text) => (text.as_ref(), false),
        Value::Intrinsic(call) if call.function == Function::Sub => (call.argument.as_str()?, true),
        _ => return None,
    };
    (text.len() <= MAX_LENGTH && text.trim_start().starts_with('{')).then_some((text, is_filled))
}

fn open(value: &Value) -> Option<Value> {
    let (text, is_filled) = text(value)?;
    let mut opened = read(&SourceText::new("policy.json", text), Format::Json).ok()?.value;
    opened.as_map()?;
    if is_filled {
        fill(&mut opened);
    }
    Some(opened)
}

/// Lets `Fn::Sub` fill in the texts in a policy one by one.
fn fill(value: &mut Value) {
    match value {
        Value::String(text) if text.contains("${") => *value = Value::sub(std::mem::take(text)),
        Value::List(items) => items.iter_mut().for_each(fill),
        Value::Map(map) => map.iter_mut().for_each(|(_, value)| fill(value)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(text: &str) -> Option<Value> {
        open_policies(&read(&SourceText::new("template.yaml", text), Format::Yaml).unwrap().value)
    }

    #[test]
    fn policies_as_text_become_maps() {
        let template = opened(
            r#"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: '{"Statement": [{"Effect": "Allow"}]}'
      Policies: [{ PolicyName: all, PolicyDocument: !Sub '{"Statement": {"Resource": "${Bucket.Arn}/*", "Effect": "Allow"}}' }]
"#,
        );
        let properties = template.unwrap();
        let properties = properties.get("Resources").unwrap().get("Role").unwrap().get("Properties").unwrap().clone();
        let trust = properties.get("AssumeRolePolicyDocument").unwrap().get("Statement").unwrap();
        assert_eq!(trust.as_list().unwrap()[0].get("Effect"), Some(&Value::from("Allow")));
        let policy = properties.get("Policies").unwrap().as_list().unwrap()[0].get("PolicyDocument").unwrap();
        let statement = policy.get("Statement").unwrap();
        assert_eq!(statement.get("Resource"), Some(&Value::sub("${Bucket.Arn}/*")));
        assert_eq!(statement.get("Effect"), Some(&Value::from("Allow")));
    }

    #[test]
    fn what_is_no_policy_stays_as_it_is() {
        let policy = |text: &str| {
            opened(&format!(
                "Resources: {{ A: {{ Type: AWS::IAM::Policy, Properties: {{ PolicyDocument: {text} }} }} }}"
            ))
        };
        assert_eq!(policy("{ Statement: [] }"), None);
        assert_eq!(policy("'no policy'"), None);
        let broken = policy("'{ broken'").unwrap();
        let properties = broken.get("Resources").unwrap().get("A").unwrap().get("Properties").unwrap();
        assert_eq!(properties.get("PolicyDocument"), Some(&Value::from("{ broken")));
        let long = format!(r#"'{{"Id": "{}"}}'"#, "a".repeat(MAX_LENGTH));
        assert_eq!(policy(&long), None);
    }
}
