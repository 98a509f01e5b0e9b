//! Nested stacks among files that were given one by one: which file is the template of which stack.

use crate::cfn::Gather as _;
use crate::cfn::{Function, Value};

use super::check::TemplateInput;

/// The type of the resources that deploy nested stacks.
const STACK: &str = "AWS::CloudFormation::Stack";

/// The inputs with their nested stacks, when there are any among files that nothing else links.
///
/// A `TemplateURL` names a file by its path from the folder of the template, as before `aws cloudformation package`, or an
/// object in a bucket, whose key ends like the path of the file.
pub(super) fn nested(inputs: &[TemplateInput]) -> Option<Vec<TemplateInput>> {
    let names: Vec<String> = inputs.iter().map(|input| normal(input.source.name())).gather();
    let mut taken = vec![false; inputs.len()];
    let mut found: Vec<(usize, String, usize)> = Vec::new();
    for (place, input) in inputs.iter().enumerate().filter(|(_, input)| is_file(input)) {
        for (logical_id, url) in stacks(input) {
            let child = child(&names, place, &url).filter(|child| {
                let is_free = taken.get(*child) == Some(&false);
                is_free && inputs.get(*child).is_some_and(is_file) && !leads_back(&found, *child, place)
            });
            let Some(child) = child else { continue };
            taken.iter_mut().skip(child).take(1).for_each(|taken| *taken = true);
            found.push((place, logical_id, child));
        }
    }
    if found.is_empty() {
        return None;
    }
    let mut linked = inputs.to_vec();
    for (place, logical_id, child) in found {
        linked.iter_mut().skip(place).take(1).for_each(|input| input.nested.push((logical_id.clone(), child)));
    }
    Some(linked)
}

/// The paths of the files that the nested stacks of a template name, from the folder in which it is.
#[must_use]
pub fn local_templates(input: &TemplateInput) -> Vec<String> {
    let urls = stacks(input).into_iter().map(|(_, url)| url);
    urls.filter(|url| is_local(url)).map(|url| beside(input.source.name(), &url)).gather()
}

/// Whether nothing but its path says where a template belongs.
fn is_file(input: &TemplateInput) -> bool {
    input.stack.is_none() && input.nested.is_empty() && input.bindings.is_empty()
}

/// Whether `from` is among the stacks that `child` deploys in the end.
fn leads_back(found: &[(usize, String, usize)], child: usize, from: usize) -> bool {
    let mut at = from;
    // Every template has one parent at most, and none is met twice.
    for _ in 0..=found.len() {
        if at == child {
            return true;
        }
        match found.iter().find(|(_, _, other)| *other == at) {
            Some((parent, _, _)) => at = *parent,
            None => return false,
        }
    }
    true
}

/// The nested stacks of a template with what their `TemplateURL` says.
fn stacks(input: &TemplateInput) -> Vec<(String, String)> {
    let resources = input.document.as_ref().and_then(|document| document.value.get("Resources"));
    let all = resources.and_then(Value::as_map).into_iter().flat_map(|map| map.iter());
    all.filter(|(_, resource)| resource.get("Type").and_then(Value::as_str) == Some(STACK))
        .filter_map(|(id, resource)| Some((id.to_string(), url(resource.get("Properties")?.get("TemplateURL")?)?)))
        .gather()
}

/// The end of a URL as far as it is written: all of it, or what follows the last part that is not.
fn url(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        Value::Intrinsic(call) if matches!(call.function, Function::Sub | Function::Join) => {
            let text = match (call.function, &call.argument) {
                (Function::Sub, Value::String(text)) => text.to_string(),
                (Function::Sub, Value::List(parts)) => parts.first().and_then(Value::as_str)?.to_owned(),
                (_, Value::List(parts)) => {
                    let [delimiter, Value::List(parts)] = parts.as_slice() else { return None };
                    let texts = parts.iter().map(|part| part.as_str().unwrap_or("${}"));
                    texts.gather::<Vec<_>>().join(delimiter.as_str()?)
                }
                _ => return None,
            };
            let end = text.rsplit_once('}').map_or(text.as_str(), |(_, end)| end);
            end.contains('/').then(|| format!("https://{}", end.trim_start_matches('/')))
        }
        _ => None,
    }
}

fn is_local(url: &str) -> bool {
    !url.contains("://") && !url.contains("{{") && !url.is_empty()
}

/// The template that a URL in the template at `from` names. Of several whose paths end alike, none.
fn child(names: &[String], from: usize, url: &str) -> Option<usize> {
    if is_local(url) {
        let wanted = beside(names.get(from)?, url);
        return names.iter().position(|name| *name == wanted).filter(|child| *child != from);
    }
    let key: Vec<&str> = url.split(['?', '#']).next()?.split('/').gather();
    let alike = |name: &String| {
        let parts = name.rsplit('/').zip(key.iter().rev());
        parts.take_while(|(one, other)| one == *other).count()
    };
    let others = || names.iter().enumerate().filter(|(place, _)| *place != from);
    let most = others().map(|(_, name)| alike(name)).max().filter(|most| *most > 0)?;
    let mut best = others().filter(|(_, name)| alike(name) == most);
    best.next().filter(|_| best.next().is_none()).map(|(place, _)| place)
}

/// A path from the folder of a file.
fn beside(file: &str, path: &str) -> String {
    let path = path.strip_prefix("file://").unwrap_or(path);
    if path.starts_with('/') {
        return normal(path);
    }
    let folder = file.replace('\\', "/");
    let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    normal(&if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") })
}

/// A path without steps that lead nowhere.
fn normal(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !last.is_empty() && *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::SourceText;
    use crate::engine::{Subject, subject_of};

    fn file(name: &str, text: &str) -> TemplateInput {
        match subject_of(SourceText::new(name, text)) {
            Subject::Template(input) => *input,
            other => panic!("{other:?}"),
        }
    }

    fn parent(name: &str, url: &str) -> TemplateInput {
        file(
            name,
            &format!(
                "Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{ TemplateURL: {url} }}\n"
            ),
        )
    }

    fn links(inputs: &[TemplateInput]) -> Vec<Vec<usize>> {
        let linked = nested(inputs).unwrap_or_default();
        linked.iter().map(|input| input.nested.iter().map(|(_, child)| *child).collect()).collect()
    }

    #[test]
    fn a_nested_stack_is_found_by_its_path_and_by_the_end_of_its_url() {
        let child = || file("stacks/parts/net.yaml", "Resources: {}\n");
        for url in [
            "parts/net.yaml",
            "./parts/net.yaml",
            "../stacks/parts/net.yaml",
            "https://bucket.s3.amazonaws.com/v1/parts/net.yaml",
            "!Sub 'https://${Bucket}.s3.amazonaws.com/${Version}/parts/net.yaml'",
            "!Join [/, ['https://b.s3.amazonaws.com', !Ref Version, parts, net.yaml]]",
        ] {
            assert_eq!(links(&[parent("stacks/root.yaml", url), child()]), [vec![1], vec![]], "{url}");
        }
        assert!(nested(&[parent("stacks/root.yaml", "other.yaml"), child()]).is_none());
        assert_eq!(local_templates(&parent("stacks/root.yaml", "../a/net.yaml")), ["a/net.yaml"]);
    }

    #[test]
    fn what_is_ambiguous_or_leads_in_circles_is_not_linked() {
        let twins = [file("a/net.yaml", "Resources: {}\n"), file("b/net.yaml", "Resources: {}\n")];
        let [one, other] = twins;
        assert!(nested(&[parent("root.yaml", "https://bucket/net.yaml"), one, other]).is_none());
        let circle = [parent("a.yaml", "b.yaml"), parent("b.yaml", "a.yaml")];
        assert_eq!(links(&circle), [vec![1], vec![]]);
        assert!(nested(&[parent("a.yaml", "a.yaml")]).is_none());
    }
}
