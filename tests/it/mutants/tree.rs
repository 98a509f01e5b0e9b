//! A template as a tree that edits change.

use ringfence::cfn::{Function, Value, write};

/// A template.
#[derive(Clone)]
pub(super) struct Tree {
    pub(super) value: Value,
}

impl Tree {
    /// The logical IDs of the resources of a type.
    pub(super) fn all(&self, type_name: &str) -> Vec<String> {
        let is_wanted = |value: &Value| value.get("Type").and_then(Value::as_str) == Some(type_name);
        let resources = self.value.get("Resources").and_then(Value::as_map).expect("a template has resources");
        resources.iter().filter(|(_, value)| is_wanted(value)).map(|(id, _)| id.to_string()).collect()
    }

    /// The first resource of a type.
    pub(super) fn first(&self, type_name: &str) -> Option<String> {
        self.all(type_name).into_iter().next()
    }

    /// The first resource of a type whose property at `path` is `wanted`.
    pub(super) fn with(&self, type_name: &str, path: &str, wanted: &str) -> Option<String> {
        self.all(type_name).into_iter().find(|id| self.get(id, path).and_then(Value::as_str) == Some(wanted))
    }

    /// What a property is.
    pub(super) fn get(&self, id: &str, path: &str) -> Option<&Value> {
        let properties = self.value.get("Resources")?.get(id)?.get("Properties")?;
        path.split('/').try_fold(properties, |value, step| match value {
            Value::List(items) => items.get(step.parse::<usize>().ok()?),
            other => other.get(step),
        })
    }

    /// Sets a property; maps on the way to it are made.
    pub(super) fn set(&mut self, id: &str, path: &str, value: impl Into<Value>) {
        *self.place(id, path) = value.into();
    }

    /// Takes a property away, and says whether it was there.
    pub(super) fn remove(&mut self, id: &str, path: &str) -> bool {
        if self.get(id, path).is_none() {
            return false;
        }
        let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
        match self.place(id, parent) {
            Value::List(items) => {
                items.remove(last.parse().expect("an index"));
            }
            Value::Map(map) => {
                map.remove(last);
            }
            _ => return false,
        }
        true
    }

    /// Appends to a list, which is made when it is not there.
    pub(super) fn push(&mut self, id: &str, path: &str, value: impl Into<Value>) {
        let place = self.place(id, path);
        if !matches!(place, Value::List(_)) {
            *place = Value::List(Vec::new());
        }
        if let Value::List(items) = place {
            items.push(value.into());
        }
    }

    /// Adds a resource.
    pub(super) fn add(&mut self, id: &str, type_name: &'static str, properties: Value) {
        let resource = Value::map([("Type", Value::from(type_name)), ("Properties", properties)]);
        self.section("Resources").insert(id.to_owned(), resource);
    }

    /// Takes a resource away, with the `DependsOn` and `Ref`s to it in lists.
    pub(super) fn delete(&mut self, id: &str) {
        self.section("Resources").remove(id);
        drop_dependencies(&mut self.value, id);
        prune(&mut self.value, id);
    }

    /// A section, which is made when it is not there.
    pub(super) fn section(&mut self, name: &'static str) -> &mut ringfence::cfn::Map {
        let Value::Map(root) = &mut self.value else { panic!("a template is a map") };
        if !root.contains_key(name) {
            root.insert(name, Value::map::<&'static str, Value, _>([]));
        }
        let Some(Value::Map(section)) = root.get_mut(name) else { panic!("a section is a map") };
        section
    }

    /// What is said of a resource beside its properties.
    pub(super) fn declaration(&mut self, id: &str) -> &mut ringfence::cfn::Map {
        let Some(Value::Map(map)) = self.section("Resources").get_mut(id) else { panic!("{id} is a resource") };
        map
    }

    /// Sets the value of a key in a list of `Key` and `Value`.
    pub(super) fn set_attribute(&mut self, id: &str, list: &str, key: &'static str, value: &'static str) {
        let items = self.get(id, list).and_then(Value::as_list).unwrap_or_default();
        let found = items.iter().position(|item| item.get("Key").and_then(Value::as_str) == Some(key));
        match found {
            Some(index) => self.set(id, &format!("{list}/{index}/Value"), value),
            None => self.push(id, list, Value::map([("Key", key), ("Value", value)])),
        }
    }

    /// The resource to which a property refers.
    pub(super) fn target(&self, id: &str, path: &str) -> Option<String> {
        let intrinsic = self.get(id, path)?.as_intrinsic()?;
        match (intrinsic.function, &intrinsic.argument) {
            (Function::Ref, Value::String(name)) => Some(name.to_string()),
            (Function::GetAtt, Value::List(parts)) => parts.first().and_then(Value::as_str).map(str::to_owned),
            _ => None,
        }
    }

    /// The template as JSON.
    pub(super) fn json(&self) -> String {
        write::to_json(&self.value)
    }

    /// A resource as JSON.
    pub(super) fn resource_json(&self, id: &str) -> String {
        self.value.get("Resources").and_then(|all| all.get(id)).map(write::to_json).unwrap_or_default()
    }

    fn place(&mut self, id: &str, path: &str) -> &mut Value {
        let resource = self.declaration(id);
        if !resource.contains_key("Properties") {
            resource.insert("Properties", Value::map::<&'static str, Value, _>([]));
        }
        let properties = resource.get_mut("Properties").expect("just made");
        path.split('/').filter(|step| !step.is_empty()).fold(properties, |value, step| {
            if matches!(value, Value::Null) {
                *value = Value::map::<&'static str, Value, _>([]);
            }
            match value {
                Value::List(items) => items.get_mut(step.parse::<usize>().expect("an index")).expect("an element"),
                Value::Map(map) => {
                    if !map.contains_key(step) {
                        map.insert(step.to_owned(), Value::Null);
                    }
                    map.get_mut(step).expect("just made")
                }
                other => panic!("{path} leads into {}", other.kind()),
            }
        })
    }
}

/// Takes a resource out of every `DependsOn`.
fn drop_dependencies(template: &mut Value, id: &str) {
    let Some(Value::Map(resources)) = (match template {
        Value::Map(root) => root.get_mut("Resources"),
        _ => None,
    }) else {
        return;
    };
    for (_, resource) in resources.iter_mut() {
        let Value::Map(resource) = resource else { continue };
        match resource.get_mut("DependsOn") {
            Some(Value::List(items)) => items.retain(|item| item.as_str() != Some(id)),
            Some(Value::String(only)) if only == id => {
                resource.remove("DependsOn");
            }
            _ => {}
        }
    }
}

/// Takes what refers to a resource out of lists, and outputs that do.
fn prune(value: &mut Value, id: &str) {
    match value {
        Value::List(items) => {
            items.retain(|item| !refers(item, id));
            items.iter_mut().for_each(|item| prune(item, id));
        }
        Value::Map(map) => map.iter_mut().for_each(|(_, value)| prune(value, id)),
        Value::Intrinsic(intrinsic) if !matches!(intrinsic.function, Function::Ref | Function::GetAtt) => {
            prune(&mut intrinsic.argument, id);
        }
        _ => {}
    }
}

fn refers(value: &Value, id: &str) -> bool {
    let Some(intrinsic) = value.as_intrinsic() else { return false };
    match (intrinsic.function, &intrinsic.argument) {
        (Function::Ref, Value::String(name)) => name == id,
        (Function::GetAtt, Value::List(parts)) => parts.first().and_then(Value::as_str) == Some(id),
        _ => false,
    }
}
