//! Ways to say the same in a template.

use ringfence::cfn::{Function, Map, Value};

/// A way, and what brings a template into it: says whether anything was changed.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) apply: fn(&mut Value) -> bool,
}

const fn way(name: &'static str, apply: fn(&mut Value) -> bool) -> Way {
    Way { name, apply }
}

pub(crate) const ALL: &[Way] = &[
    way("as JSON", |_| true),
    way("text by Fn::Sub", |template| each_text(template, |text| Value::sub(text.replace("${", "${!")))),
    way("text by Fn::Join", |template| {
        each_text(template, |text| {
            let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(place, _)| place);
            let (first, second) = text.split_at(middle);
            call(Function::Join, ["".into(), Value::list([first.to_owned(), second.to_owned()])])
        })
    }),
    way("scalars by parameters", |template| {
        let mut parameters: Vec<(String, Value)> = Vec::new();
        let any = each_scalar(template, &mut |value| {
            let text = plain(value)?;
            // A template takes 200 parameters.
            let place = parameters.iter().position(|(_, known)| known.as_str() == Some(&text)).or_else(|| {
                (parameters.len() < 150 && !text.is_empty()).then(|| {
                    parameters.push((format!("Word{}", parameters.len()), text.into()));
                    parameters.len() - 1
                })
            })?;
            Some(Value::reference(format!("Word{place}")))
        });
        for (name, default) in parameters {
            add(template, "Parameters", name, Value::map([("Type", "String".into()), ("Default", default)]));
        }
        any
    }),
    way("scalars by a mapping", |template| {
        let mut words: Vec<Value> = Vec::new();
        let any = each_scalar(template, &mut |value| {
            if words.len() == 150 {
                return None;
            }
            words.push(value.clone());
            Some(call(Function::FindInMap, ["Words".into(), "All".into(), format!("w{}", words.len()).into()]))
        });
        let row = words.into_iter().enumerate().map(|(index, word)| (format!("w{}", index + 1), word));
        if any {
            add(template, "Mappings", "Words", Value::map([("All", Value::map(row))]));
        }
        any
    }),
    way("scalars by a condition", |template| {
        let any = each_scalar(template, &mut |value| Some(either(value)));
        with_condition(template, any)
    }),
    way("properties by a condition", |template| {
        let mut any = false;
        each_properties(template, &mut |properties| {
            for (_, value) in properties.iter_mut() {
                any = true;
                *value = either(value);
            }
        });
        with_condition(template, any)
    }),
    way("elements by a condition", |template| {
        let any = each_list(template, &mut |items| {
            items.iter_mut().for_each(|item| *item = either(item));
            !items.is_empty()
        });
        with_condition(template, any)
    }),
    way("elements that are left out", |template| {
        each_list(template, &mut |items| {
            items.push(Value::reference("AWS::NoValue"));
            true
        })
    }),
    way("references by Fn::Sub", |template| {
        let lists = parameters_of_lists(template);
        each_value(template, &mut |value| {
            let Some(intrinsic) = value.as_intrinsic() else { return false };
            let name = match (intrinsic.function, &intrinsic.argument) {
                (Function::Ref, Value::String(name)) if !lists.contains(&name.to_string()) => name.to_string(),
                (Function::GetAtt, Value::List(parts)) => {
                    let parts: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
                    let Some(parts) = parts else { return false };
                    parts.join(".")
                }
                _ => return false,
            };
            if matches!(name.as_str(), "AWS::NoValue" | "AWS::NotificationARNs") || is_list(&name) {
                return false;
            }
            *value = Value::sub(format!("${{{name}}}"));
            true
        })
    }),
    way("lists by Fn::Split", |template| {
        each_value(template, &mut |value| {
            let Value::List(items) = value else { return false };
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            match texts {
                Some(texts) if !texts.is_empty() && texts.iter().all(|text| !text.contains('|')) => {
                    *value = call(Function::Split, ["|".into(), texts.join("|").into()]);
                    true
                }
                _ => false,
            }
        })
    }),
    way("numbers and switches as text", |template| {
        each_scalar(template, &mut |value| (value.as_str().is_none()).then(|| plain(value).map(Value::from))?)
    }),
    way("single elements bare", |template| {
        each_value(template, &mut |value| match value {
            Value::List(items) if matches!(items.as_slice(), [Value::String(_)]) => {
                *value = items.pop().unwrap_or_default();
                true
            }
            _ => false,
        })
    }),
    way("resources in another order", |template| {
        let Some(resources) = section(template, "Resources") else { return false };
        let mut entries: Vec<_> = std::mem::take(resources).into_iter().collect();
        entries.reverse();
        *resources = entries.into_iter().collect();
        resources.len() > 1
    }),
    way("properties in another order", |template| {
        let mut any = false;
        each_properties(template, &mut |properties| {
            let mut entries: Vec<_> = std::mem::take(properties).into_iter().collect();
            entries.reverse();
            *properties = entries.into_iter().collect();
            any |= properties.len() > 1;
        });
        any
    }),
    way("language extensions", |template| {
        let Value::Map(root) = template else { return false };
        if root.contains_key("Transform") {
            return false;
        }
        root.insert("Transform", "AWS::LanguageExtensions");
        true
    }),
    way("resources by a condition", |template| {
        // What is made by another condition would refer to what is not made.
        let is_plain = |(_, resource): (_, &Value)| resource.as_map().is_some_and(|map| !map.contains_key("Condition"));
        if !section(template, "Resources").is_some_and(|resources| resources.iter().all(is_plain)) {
            return false;
        }
        for name in ["Resources", "Outputs"] {
            for (_, declaration) in section(template, name).into_iter().flat_map(Map::iter_mut) {
                if let Value::Map(declaration) = declaration {
                    declaration.insert("Condition", "IsMade");
                }
            }
        }
        add(template, "Parameters", "InPlace", Value::map([("Type", "String"), ("Default", "yes")]));
        add(template, "Conditions", "IsMade", call(Function::Equals, [Value::reference("InPlace"), "yes".into()]));
        true
    }),
];

pub(super) fn call<const N: usize>(function: Function, arguments: [Value; N]) -> Value {
    Value::call(function, Value::List(arguments.into()))
}

/// The same on both sides of a condition.
fn either(value: &Value) -> Value {
    call(Function::If, ["IsProduction".into(), value.clone(), value.clone()])
}

fn with_condition(template: &mut Value, any: bool) -> bool {
    if any {
        add(template, "Parameters", "InWords", Value::map([("Type", "String"), ("Default", "test")]));
        add(
            template,
            "Conditions",
            "IsProduction",
            call(Function::Equals, [Value::reference("InWords"), "prod".into()]),
        );
    }
    any
}

/// A scalar as CloudFormation writes it out.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(_) => Some(ringfence::cfn::write::to_compact_json(value)),
        _ => None,
    }
}

pub(super) fn section<'t>(template: &'t mut Value, name: &str) -> Option<&'t mut Map> {
    let Value::Map(root) = template else { return None };
    match root.get_mut(name) {
        Some(Value::Map(section)) => Some(section),
        _ => None,
    }
}

pub(super) fn add(template: &mut Value, name: &'static str, key: impl Into<String>, value: Value) {
    if let Value::Map(root) = template
        && !root.contains_key(name)
    {
        root.insert(name, Value::Map(Map::default()));
    }
    if let Some(section) = section(template, name) {
        section.insert(key.into(), value);
    }
}

/// The parameters whose values are lists.
fn parameters_of_lists(template: &Value) -> Vec<String> {
    let parameters = template.get("Parameters").and_then(Value::as_map);
    let is_list =
        |parameter: &Value| parameter.get("Type").and_then(Value::as_str).is_some_and(|name| name.contains("List"));
    let all = parameters.into_iter().flat_map(|map| map.iter());
    all.filter(|(_, parameter)| is_list(parameter)).map(|(name, _)| name.to_string()).collect()
}

/// Whether an attribute gives a list.
fn is_list(attribute: &str) -> bool {
    [".DnsEntries", ".NetworkInterfaceIds", ".CidrBlockAssociations", ".Ipv6CidrBlocks", ".LoadBalancerSecurityGroups"]
        .iter()
        .any(|name| attribute.ends_with(name))
}

fn each_properties(template: &mut Value, change: &mut dyn FnMut(&mut Map)) {
    // Which template a nested stack has is told by its URL, which only the CDK CLI knows.
    let is_stack =
        |resource: &Value| resource.get("Type").and_then(Value::as_str) == Some("AWS::CloudFormation::Stack");
    for (_, resource) in section(template, "Resources").into_iter().flat_map(Map::iter_mut) {
        if !is_stack(resource)
            && let Value::Map(resource) = resource
            && let Some(Value::Map(properties)) = resource.get_mut("Properties")
        {
            change(properties);
        }
    }
}

/// Changes values from the outside to the inside; what was changed is not looked into.
pub(super) fn each_value(template: &mut Value, change: &mut dyn FnMut(&mut Value) -> bool) -> bool {
    let mut any = false;
    each_properties(template, &mut |properties| {
        properties.iter_mut().for_each(|(_, value)| any |= walk(value, change));
    });
    any
}

fn walk(value: &mut Value, change: &mut dyn FnMut(&mut Value) -> bool) -> bool {
    if change(value) {
        return true;
    }
    let mut any = false;
    match value {
        Value::List(items) => items.iter_mut().for_each(|item| any |= walk(item, change)),
        Value::Map(map) => map.iter_mut().for_each(|(_, value)| any |= walk(value, change)),
        _ => {}
    }
    any
}

fn each_scalar(template: &mut Value, change: &mut dyn FnMut(&Value) -> Option<Value>) -> bool {
    each_value(template, &mut |value| {
        if !matches!(value, Value::String(_) | Value::Bool(_) | Value::Number(_)) {
            return false;
        }
        let other = change(value);
        let is_other = other.is_some();
        *value = other.unwrap_or_else(|| std::mem::take(value));
        is_other
    })
}

fn each_text(template: &mut Value, change: impl Fn(&str) -> Value) -> bool {
    each_scalar(template, &mut |value| value.as_str().filter(|text| !text.is_empty()).map(&change))
}

fn each_list(template: &mut Value, change: &mut dyn FnMut(&mut Vec<Value>) -> bool) -> bool {
    let mut any = false;
    each_value(template, &mut |value| {
        any |= walk_lists(value, change);
        true
    });
    any
}

/// Changes lists from the inside to the outside.
fn walk_lists(value: &mut Value, change: &mut dyn FnMut(&mut Vec<Value>) -> bool) -> bool {
    let mut any = false;
    match value {
        Value::List(items) => {
            items.iter_mut().for_each(|item| any |= walk_lists(item, change));
            any |= change(items);
        }
        Value::Map(map) => map.iter_mut().for_each(|(_, value)| any |= walk_lists(value, change)),
        _ => {}
    }
    any
}
