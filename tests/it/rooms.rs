//! The rooms of the library, and which room may use which. ARCHITECTURE.md explains the table to people.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::workspace::{assert_none, files, read, with_extension};

/// What each room under `src/` may use besides itself. A row may stand here before its room exists; a room that
/// exists without a row is a failure.
const MAY_USE: &[(&str, &[&str])] = &[
    ("cfn", &[]),
    ("resources", &["cfn"]),
    ("aws", &[]),
    ("diagnostics", &["cfn"]),
    ("spec", &["cfn", "diagnostics"]),
    ("constructs", &["cfn", "resources", "aws", "diagnostics", "spec"]),
    ("assembly", &["cfn", "constructs", "spec"]),
    ("plan", &["cfn", "constructs", "diagnostics", "spec"]),
    ("model", &["cfn", "resources", "aws"]),
    ("reach", &["model", "aws"]),
    ("rules", &["model", "reach", "resources", "aws", "diagnostics"]),
    (
        "engine",
        &[
            "cfn",
            "resources",
            "aws",
            "diagnostics",
            "spec",
            "constructs",
            "assembly",
            "plan",
            "model",
            "reach",
            "rules",
        ],
    ),
    ("wire", &["cfn", "diagnostics", "engine"]),
    ("cli", &["cfn", "diagnostics", "spec", "assembly", "engine", "wire"]),
];

/// What stands outside of the library and may use only its face.
const HOSTS: &[(&str, &[&str])] = &[("src/main.rs", &["cli"]), ("bindings/wasm/src/", &["wire", "engine"])];

/// What `lib.rs` itself offers beside the rooms.
const ROOT_ITEMS: &[&str] = &["VERSION"];

/// A name that stands directly under the crate's root, as some module uses it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    name: String,
    line: usize,
}

#[test]
fn every_room_uses_only_what_the_table_allows() {
    let rooms: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut problems = Vec::new();
    for (path, module) in library_modules() {
        let Some(room) = module.first() else { continue };
        let Some(allowed) = rooms.get(room.as_str()) else {
            problems.push(format!("{path}: room `{room}` has no row in the table of tests/it/rooms.rs"));
            continue;
        };
        for used in uses(&tokens(&path), &module, &["crate", "ringfence"]) {
            let name = used.name.as_str();
            if name != room && !allowed.contains(&name) && !ROOT_ITEMS.contains(&name) {
                problems.push(format!("{path}:{}: `{room}` may not use `{name}`", used.line));
            }
        }
    }
    assert_none("uses across rooms that the design does not have", &problems);
}

#[test]
fn hosts_use_only_the_face_of_the_library() {
    let files = files();
    let mut problems = Vec::new();
    for (host, allowed) in HOSTS {
        for path in with_extension(&files, "rs").filter(|path| path.starts_with(host)) {
            for used in uses(&tokens(path), &[], &["ringfence"]) {
                let name = used.name.as_str();
                if !allowed.contains(&name) && !ROOT_ITEMS.contains(&name) {
                    problems.push(format!("{path}:{}: may not use `ringfence::{name}`", used.line));
                }
            }
        }
    }
    assert_none("uses of the library's inner rooms", &problems);
}

#[test]
fn the_table_has_no_cycle_and_names_only_its_own_rows() {
    let mut above: BTreeSet<&str> = BTreeSet::new();
    for (room, allowed) in MAY_USE {
        for used in *allowed {
            assert!(above.contains(used), "`{room}` uses `{used}`, which does not stand above it in the table");
        }
        assert!(above.insert(room), "`{room}` has two rows");
    }
}

#[test]
fn the_architecture_names_every_room() {
    let architecture = read("ARCHITECTURE.md");
    let rooms: BTreeSet<String> =
        library_modules().into_iter().filter_map(|(_, module)| module.first().cloned()).collect();
    assert!(rooms.contains("cfn"), "no room was found: {rooms:?}");
    let problems: Vec<String> = rooms
        .iter()
        .filter(|room| {
            !architecture.contains(&format!("`src/{room}`"))
                && !architecture.contains(&format!("`src/{room}.rs`"))
                && !architecture.contains(&format!("`src/{room}/`"))
        })
        .map(|room| format!("`src/{room}`"))
        .collect();
    assert_none("rooms that ARCHITECTURE.md does not name", &problems);
}

/// Every file of the library with the path of the module that it is.
fn library_modules() -> Vec<(String, Vec<String>)> {
    let files = files();
    with_extension(&files, "rs")
        .filter(|path| path.starts_with("src/") && *path != "src/main.rs")
        .map(|path| (path.to_owned(), module_of(path)))
        .collect()
}

/// `src/cfn/json/read.rs` is `[cfn, json, read]`, and `src/cfn/mod.rs` is `[cfn]`.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib") {
        module.pop();
    }
    module
}

fn tokens(path: &str) -> TokenStream {
    read(path).parse().unwrap_or_else(|error| panic!("`{path}` is no Rust: {error}"))
}

/// The names under the crate's root that the tokens of `module` use, through one of `roots` or through `super`.
fn uses(tokens: &TokenStream, module: &[String], roots: &[&str]) -> BTreeSet<Use> {
    let mut found = BTreeSet::new();
    collect(tokens, module, roots, &mut found);
    found
}

fn collect(tokens: &TokenStream, module: &[String], roots: &[&str], found: &mut BTreeSet<Use>) {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut at = 0;
    while let Some(tree) = tokens.get(at) {
        match tree {
            TokenTree::Ident(ident) if ident == "mod" => {
                if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
                    (tokens.get(at + 1), tokens.get(at + 2))
                {
                    let mut inner = module.to_vec();
                    inner.push(name.to_string());
                    collect(&body.stream(), &inner, roots, found);
                    at += 2;
                }
            }
            TokenTree::Ident(ident) if !continues_a_path(&tokens, at) => {
                let name = ident.to_string();
                if roots.contains(&name.as_str()) {
                    after_root(&tokens, at + 1, found);
                } else if name == "super" || name == "self" {
                    at = climb(&tokens, at, module, found);
                }
            }
            TokenTree::Group(group) => collect(&group.stream(), module, roots, found),
            _ => {}
        }
        at += 1;
    }
}

/// Whether the token at `at` has `::` before it, so that it is not where a path begins.
fn continues_a_path(tokens: &[TokenTree], at: usize) -> bool {
    at >= 2 && is_path_separator(tokens, at - 2)
}

fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    colon(at) && colon(at + 1)
}

/// Follows `super::super::…`; a path that reaches the crate's root names a room next. Returns the last token read.
fn climb(tokens: &[TokenTree], start: usize, module: &[String], found: &mut BTreeSet<Use>) -> usize {
    let mut at = start;
    let mut depth = module.len();
    while let Some(TokenTree::Ident(ident)) = tokens.get(at) {
        if ident == "super" {
            depth = depth.saturating_sub(1);
        } else if ident != "self" {
            break;
        }
        if !is_path_separator(tokens, at + 1) {
            return at;
        }
        at += 3;
    }
    if depth == 0 && !module.is_empty() {
        after_separator(tokens, at, found);
    } else if let Some(TokenTree::Group(group)) = tokens.get(at) {
        collect(&group.stream(), module.get(..depth).unwrap_or_default(), &[], found);
    }
    at
}

/// Reads what follows `crate`: `::name`, or `::{name, name::inner, …}`.
fn after_root(tokens: &[TokenTree], at: usize, found: &mut BTreeSet<Use>) {
    if is_path_separator(tokens, at) {
        after_separator(tokens, at + 2, found);
    }
}

fn after_separator(tokens: &[TokenTree], at: usize, found: &mut BTreeSet<Use>) {
    match tokens.get(at) {
        Some(TokenTree::Ident(name)) => {
            found.insert(Use { name: name.to_string(), line: name.span().start().line });
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let starts = |at: usize| {
                at == 0 || matches!(inner.get(at - 1), Some(TokenTree::Punct(punct)) if punct.as_char() == ',')
            };
            for at in (0..inner.len()).filter(|at| starts(*at)) {
                after_separator(&inner, at, found);
            }
        }
        Some(TokenTree::Punct(punct)) if punct.as_char() == '*' => {
            found.insert(Use { name: "*".to_owned(), line: punct.span().start().line });
        }
        _ => {}
    }
}

#[test]
fn the_reader_of_uses_sees_every_way_to_name_a_room() {
    let source = "
        //! crate::in_a_comment
        use crate::plain::Thing;
        use crate::{first, second::{Inner, crate_like}, third as other};
        use super::super::climbed::Thing;
        use super::sibling;
        use super::{nephew, super::grouped::Thing};
        mod tests { use super::super::super::deeper; use super::super::inside; }
        fn f() -> crate::by_path::Thing { vec![crate::in_a_macro::x(\"crate::in_text\")] }
        macro_rules! m { () => { $crate::from_a_macro::x() } }
        use crate::*;
        use ringfence::by_name;
        fn g() { other::crate_::no(); self::here::no() }
    ";
    let module = ["room".to_owned(), "inner".to_owned()];
    let found = uses(&source.parse().expect("Rust"), &module, &["crate", "ringfence"]);
    let names: Vec<&str> = found.iter().map(|used| used.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "*",
            "by_name",
            "by_path",
            "climbed",
            "deeper",
            "first",
            "from_a_macro",
            "grouped",
            "in_a_macro",
            "plain",
            "second",
            "third"
        ]
    );
}
