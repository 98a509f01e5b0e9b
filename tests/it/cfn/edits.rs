//! Edits: the text afterwards says what was wanted, and whatever else was in it is still there, byte for byte.

use proptest::prelude::*;
use ringfence::cfn::edit::{Added, Edit, Editor, apply};
use ringfence::cfn::{Document, Format, Map, Segment, SourceText, Value, read, to_json, to_yaml};

use super::values::{value, walk};

/// One member more.
fn insert(editor: &Editor<'_>, pointer: &str, key: &'static str, value: &Value) -> Option<Vec<Edit>> {
    editor.add(pointer, Added::Members(&Map::from_iter([(key.into(), value.clone())])))
}

/// One element more.
fn append(editor: &Editor<'_>, pointer: &str, value: &Value) -> Option<Vec<Edit>> {
    editor.add(pointer, Added::Elements(std::slice::from_ref(value)))
}

/// A change of a document.
#[derive(Clone, Debug)]
enum Change {
    Set(Value),
    Insert(Value),
    Append(Value),
    InsertTwo(Value, Value),
    AppendTwo(Value, Value),
    Remove,
}

fn change() -> impl Strategy<Value = Change> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-1000_i64..1000).prop_map(Value::from),
        super::values::text().prop_map(Value::from),
    ];
    prop_oneof![
        scalar.prop_map(Change::Set),
        value().prop_map(Change::Insert),
        value().prop_map(Change::Append),
        (value(), value()).prop_map(|(one, other)| Change::InsertTwo(one, other)),
        (value(), value()).prop_map(|(one, other)| Change::AppendTwo(one, other)),
        Just(Change::Remove),
    ]
}

/// The key that is inserted: no generator of values makes it.
const KEY: &str = "inserted key";
const OTHER_KEY: &str = "another key";

fn edits(editor: &Editor<'_>, pointer: &str, change: &Change) -> Option<Vec<Edit>> {
    match change {
        Change::Set(value) => editor.set(pointer, value),
        Change::Insert(value) => insert(editor, pointer, KEY, value),
        Change::Append(value) => append(editor, pointer, value),
        Change::InsertTwo(one, other) => {
            let members = Map::from_iter([(KEY.into(), one.clone()), (OTHER_KEY.into(), other.clone())]);
            editor.add(pointer, Added::Members(&members))
        }
        Change::AppendTwo(one, other) => editor.add(pointer, Added::Elements(&[one.clone(), other.clone()])),
        Change::Remove => editor.remove(pointer),
    }
}

/// The same change made to the value. Nothing when it makes no sense there.
fn wanted(whole: &Value, path: &[Segment<'_>], change: &Change) -> Option<Value> {
    let mut whole = whole.clone();
    let (last, parents) = match (path.split_last(), change) {
        (Some((last, parents)), Change::Set(_) | Change::Remove) => (Some(last), parents),
        (None, Change::Set(_) | Change::Remove) => return None,
        _ => (None, path),
    };
    let target = parents.iter().try_fold(&mut whole, |value, segment| match (value, segment) {
        (Value::Map(map), Segment::Key(key)) => map.get_mut(key),
        (Value::List(list), Segment::Index(index)) => list.get_mut(*index),
        (Value::Intrinsic(call), Segment::Key(_)) => Some(&mut call.argument),
        _ => None,
    })?;
    match (target, last, change) {
        (Value::Map(map), Some(Segment::Key(key)), Change::Set(value)) => *map.get_mut(key)? = value.clone(),
        (Value::List(list), Some(Segment::Index(index)), Change::Set(value)) => *list.get_mut(*index)? = value.clone(),
        (Value::Map(map), Some(Segment::Key(key)), Change::Remove) => drop(map.remove(key)?),
        (Value::List(list), Some(Segment::Index(index)), Change::Remove) => drop(list.remove(*index)),
        (Value::Map(map), None, Change::Insert(value)) => map.push(KEY, value.clone()),
        (Value::List(list), None, Change::Append(value)) => list.push(value.clone()),
        (Value::Map(map), None, Change::InsertTwo(one, other)) => {
            map.push(KEY, one.clone());
            map.push(OTHER_KEY, other.clone());
        }
        (Value::List(list), None, Change::AppendTwo(one, other)) => list.extend([one.clone(), other.clone()]),
        _ => return None,
    }
    // A map with one key that names a function reads as the function.
    read(&SourceText::new("t.json", to_json(&whole)), Format::Json).ok().map(|document| document.value)
}

fn pointer(path: &[Segment<'_>]) -> String {
    let step = |segment: &Segment<'_>| match segment {
        Segment::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Index(index) => format!("/{index}"),
    };
    path.iter().map(step).collect()
}

/// Makes the change at every place of the document. Gives how often it was made and how often it was declined.
fn everywhere(source: &SourceText, document: &Document, change: &Change) -> Result<(usize, usize), TestCaseError> {
    let mut paths = Vec::new();
    walk(&document.value, &mut |path, _| paths.push(path.to_vec()));
    let (mut made, mut declined) = (0, 0);
    for path in paths {
        let Some(wanted) = wanted(&document.value, &path, change) else { continue };
        let pointer = pointer(&path);
        let Some(edits) = edits(&Editor::new(source, document), &pointer, change) else {
            declined += 1;
            continue;
        };
        made += 1;
        let edited = apply(source.text(), &edits).expect("edits lie in the text");
        let again = read(&SourceText::new(source.name(), edited.as_str()), Format::Auto);
        let context = format!("{change:?} at {pointer}\n--- before\n{}\n--- after\n{edited}", source.text());
        prop_assert_eq!(
            again
                .map(|document| document.value)
                .map_err(|errors| context.clone() + &format!("{errors:?}"))
                .map_err(TestCaseError::fail)?,
            wanted,
            "{}",
            context
        );
    }
    Ok((made, declined))
}

fn read_back(name: &str, text: String) -> (SourceText, Document) {
    let source = SourceText::new(name, text);
    let document = read(&source, Format::Auto).expect("what was written reads");
    (source, document)
}

proptest! {
    #[test]
    fn json_says_what_was_wanted_after_every_edit(value in value(), change in change()) {
        let (source, document) = read_back("t.json", to_json(&value));
        let (_, declined) = everywhere(&source, &document, &change)?;
        prop_assert_eq!(declined, 0);
    }

    #[test]
    fn json_on_one_line_says_what_was_wanted_after_every_edit(value in value(), change in change()) {
        let (source, document) = read_back("t.json", serde_json::to_string(&value).expect("JSON"));
        let (_, declined) = everywhere(&source, &document, &change)?;
        prop_assert_eq!(declined, 0);
    }

    #[test]
    fn yaml_says_what_was_wanted_after_every_edit(value in value(), change in change()) {
        let (source, document) = read_back("t.yaml", to_yaml(&value));
        everywhere(&source, &document, &change)?;
    }

    #[test]
    fn yaml_with_other_line_breaks_says_what_was_wanted_after_every_edit(value in value(), change in change()) {
        let text = to_yaml(&value).replace('\n', "\r\n");
        let source = SourceText::new("t.yaml", text);
        if let Ok(document) = read(&source, Format::Auto) {
            everywhere(&source, &document, &change)?;
        }
    }

    #[test]
    fn yaml_in_flow_style_says_what_was_wanted_after_every_edit(value in value(), change in change()) {
        let source = SourceText::new("t.yaml", serde_json::to_string_pretty(&value).expect("JSON"));
        if let Ok(document) = read(&source, Format::Auto) {
            everywhere(&source, &document, &change)?;
        }
    }

    #[test]
    fn no_text_makes_an_edit_panic(text in super::values::text(), path in "(/[a-z0-9~]{0,3}){0,3}", change in change()) {
        for name in ["t.json", "t.yaml"] {
            let source = SourceText::new(name, text.as_str());
            if let Ok(document) = read(&source, Format::Auto) {
                let found = edits(&Editor::new(&source, &document), &path, &change);
                prop_assert!(found.is_none_or(|edits| apply(source.text(), &edits).is_some()));
            }
        }
    }
}

/// The scanner stands behind the indentation of what follows when a block of text keeps its line breaks.
#[test]
fn the_indentation_behind_a_block_of_text_outlives_every_edit() {
    for value in [
        Value::map([("A", Value::list([Value::from("\"\n\n"), Value::Null]))]),
        Value::map([("A", Value::map([("a", Value::from("x\n\n")), ("b", Value::from(1))]))]),
    ] {
        let (source, document) = read_back("t.yaml", to_yaml(&value));
        for change in [Change::Set(Value::from(false)), Change::Remove, Change::Append(Value::from(1))] {
            everywhere(&source, &document, &change).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

/// A template as people write them.
const TEMPLATE: &str = include_str!("edits.yaml");

#[test]
fn in_a_template_with_comments_what_is_declined_is_known() {
    let (source, document) = read_back("t.yaml", TEMPLATE.to_owned());
    let mut counts = Vec::new();
    for change in [
        Change::Set(Value::from("new")),
        Change::Insert(Value::map([("A", Value::from(1)), ("B", Value::list(["x", "y"]))])),
        Change::Append(Value::from("new")),
        Change::Remove,
    ] {
        let (made, declined) = everywhere(&source, &document, &change).unwrap_or_else(|error| panic!("{error}"));
        counts.push(format!("{} made, {declined} declined", made));
    }
    insta::assert_debug_snapshot!(counts);
}

#[test]
fn comments_outlive_every_edit() {
    let (source, document) = read_back("t.yaml", TEMPLATE.to_owned());
    let editor = Editor::new(&source, &document);
    let mut edited = String::new();
    let mut show = |title: &str, edits: Option<Vec<Edit>>| {
        let after = edits.and_then(|edits| apply(source.text(), &edits));
        let diff = after.map(|after| {
            similar::TextDiff::from_lines(source.text(), &after).unified_diff().context_radius(1).to_string()
        });
        edited += &format!("# {title}\n{}\n", diff.unwrap_or_else(|| "declined\n".to_owned()));
    };
    let group = "/Resources/TargetGroup/Properties";
    show(
        "set a number with a comment behind it",
        editor.set(&format!("{group}/HealthCheckTimeoutSeconds"), &Value::from(5)),
    );
    show("set text in quotes", editor.set(&format!("{group}/Name"), &Value::from("it's new")));
    show("set a value that is empty", editor.set(&format!("{group}/Empty"), &Value::from(1)));
    show("set a function", editor.set(&format!("{group}/VpcId"), &Value::reference("Other")));
    show("set a block of text", editor.set("/Resources/Function/Properties/Code/ZipFile", &Value::from("pass")));
    show("insert into a map", insert(&editor, group, "Port", &Value::from(443)));
    show("insert into a map in a list", insert(&editor, &format!("{group}/Tags/0"), "Extra", &Value::from("x")));
    show("insert into braces", insert(&editor, &format!("{group}/Matcher"), "GrpcCode", &Value::from("0,1")));
    show(
        "insert into a map of several lines in braces",
        insert(&editor, &format!("{group}/Lines"), "c", &Value::from(3)),
    );
    show("insert into nothing", insert(&editor, &format!("{group}/Nothing"), "a", &Value::from("b: c")));
    show(
        "insert behind a block of text",
        insert(&editor, "/Resources/Function/Properties/Code", "S3Key", &Value::from("k")),
    );
    show("append to a list", append(&editor, &format!("{group}/Tags"), &Value::map([("Key", "c"), ("Value", "d")])));
    show("append to a list that is not indented", append(&editor, &format!("{group}/Targets"), &Value::from("b")));
    show("append to brackets", append(&editor, &format!("{group}/Ports"), &Value::from(3)));
    show("remove a member", editor.remove(&format!("{group}/HealthCheckTimeoutSeconds")));
    show("remove the first member of a map in a list", editor.remove(&format!("{group}/Tags/0/Key")));
    show("remove an element", editor.remove(&format!("{group}/Tags/1")));
    show("remove the only element", editor.remove(&format!("{group}/Targets/0")));
    show("remove from brackets", editor.remove(&format!("{group}/Ports/0")));
    show("remove the last from brackets", editor.remove(&format!("{group}/Ports/1")));
    show("remove from several lines in braces", editor.remove(&format!("{group}/Lines/b")));
    show("remove a resource", editor.remove("/Resources/Function"));
    show("rename", editor.rename(&format!("{group}/Ports"), "PortList"));
    show("an alias is not edited", editor.set("/Resources/Again/Properties/Tags/0/Value", &Value::from("x")));
    show("what an alias repeats is not edited", editor.set("/Resources/Repeated/Properties/Tags", &Value::from("x")));
    show("what is merged in is not edited", editor.set("/Resources/Merged/Type", &Value::from("x")));
    insta::assert_snapshot!(edited);
}
