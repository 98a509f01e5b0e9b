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
        Value::List(policies) if key == POLICIES => {
            policies.iter().filter_map(Value::as_map).any(|policy| policy.iter().any(|(_, value)| is_text(value)))
        }
        _ => is_policy(key) && is_text(value),
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
            _ if is_policy(key) => open_one(value),
            _ => {}
        }
    }
}

/// The values of which `Fn::If` chooses one.
fn branches(value: &Value) -> Option<&[Value]> {
    let call = value.as_intrinsic().filter(|call| call.function == Function::If)?;
    call.argument.as_list()?.get(1..)
}

fn is_text(value: &Value) -> bool {
    text(value).is_some() || branches(value).is_some_and(|branches| branches.iter().any(is_text))
}

fn open_one(value: &mut Value) {
    if branches(value).is_some() {
        if let Value::Intrinsic(call) = value
            && let Value::List(arguments) = &mut call.argument
        {
            arguments.iter_mut().skip(1).for_each(open_one);
        }
    } else if let Some(opened) = open(value) {
        *value = opened;
    }
}

/// What may be a policy as text.
struct PolicyText<'v> {
    text: &'v str,
    /// Whether `Fn::Sub` fills it in.
    is_filled: bool,
    /// The variables that `Fn::Sub` is given.
    variables: Option<&'v Value>,
}

fn text(value: &Value) -> Option<PolicyText<'_>> {
    let found = match value {
        Value::String(text) => PolicyText { text, is_filled: false, variables: None },
        Value::Intrinsic(call) if call.function == Function::Sub => match call.argument.as_list() {
            Some([Value::String(text), variables]) => PolicyText {
                text,
                is_filled: true,
                variables: Some(variables).filter(|given| given.as_map().is_some()),
            },
            _ => PolicyText { text: call.argument.as_str()?, is_filled: true, variables: None },
        },
        _ => return None,
    };
    (found.text.len() <= MAX_LENGTH && found.text.trim_start().starts_with('{')).then_some(found)
}

fn open(value: &Value) -> Option<Value> {
    let found = text(value)?;
    let mut opened = read(&SourceText::new("policy.json", found.text), Format::Json).ok()?.value;
    opened.as_map()?;
    if found.is_filled {
        fill(&mut opened, found.variables);
    }
    Some(opened)
}

/// Lets `Fn::Sub` fill in the texts in a policy one by one.
fn fill(value: &mut Value, variables: Option<&Value>) {
    match value {
        Value::String(text) if text.contains("${") => {
            let text = std::mem::take(text);
            *value = match variables {
                Some(given) => Value::call(Function::Sub, Value::List(vec![Value::String(text), given.clone()])),
                None => Value::sub(text),
            };
        }
        Value::List(items) => items.iter_mut().for_each(|item| fill(item, variables)),
        Value::Map(map) => map.iter_mut().for_each(|(_, value)| fill(value, variables)),
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
    fn policies_are_opened_in_branches_and_with_variables() {
        let template = opened(
            r#"
Resources:
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyDocument: !If [IsOpen, !Sub ['{"Statement": "${Words}"}', { Words: all }], { Statement: [] }]
"#,
        );
        let properties = template.unwrap();
        let properties = properties.get("Resources").unwrap().get("Policy").unwrap().get("Properties").unwrap().clone();
        let chosen = properties.get("PolicyDocument").unwrap().as_intrinsic().unwrap().argument.as_list().unwrap();
        let filled = Value::list([Value::from("${Words}"), Value::map([("Words", "all")])]);
        assert_eq!(chosen[1].get("Statement"), Some(&Value::call(Function::Sub, filled)));
        assert_eq!(chosen[2].get("Statement"), Some(&Value::List(Vec::new())));
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
