//! The CDK cloud assembly: what the CDK CLI deploys. Everything here is a map from file names to texts; nothing touches a
//! disk.

mod assets;
mod bootstrap;
mod manifest;
pub mod read;
mod tree;

use sha2::{Digest, Sha256};

use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{OrderedMap, Value, write};
use crate::constructs::{App, ImageAsset, Stack};

/// The version of the cloud assembly protocol that is written: the lowest that has everything used here, so that every
/// CDK CLI of the last years reads it. Source: npm package `@aws-cdk/cloud-assembly-schema`.
pub const PROTOCOL_VERSION: &str = "36.0.0";

/// A cloud assembly: its files by name, and the folders that belong beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assembly {
    /// The texts of the files, by name inside the assembly.
    pub files: OrderedMap<String, String>,
    /// The folders to copy into the assembly, from which container images are built.
    pub build_contexts: Vec<BuildContext>,
}

/// A folder that is copied into the assembly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildContext {
    /// The folder, relative to the spec.
    pub source: String,
    /// Its name inside the assembly.
    pub target: String,
}

/// A stack with its template as text.
struct WrittenStack<'a> {
    stack: &'a Stack,
    template: String,
    hash: String,
}

impl<'a> WrittenStack<'a> {
    fn new(stack: &'a mut Stack) -> Self {
        let template = write::to_json(&stack.take_template());
        let hash = hexadecimal(&Sha256::digest(template.as_bytes()));
        Self { stack, template, hash }
    }
}

impl Assembly {
    /// The assembly of an app, whose resources go into it.
    #[must_use]
    pub fn of(app: &mut App) -> Self {
        let stacks: Vec<WrittenStack<'_>> = app.stacks_mut().iter_mut().map(WrittenStack::new).gather();
        let mut assembly = Self::default();
        assembly.add("manifest.json", &manifest::of(&stacks));
        assembly.add("tree.json", &tree::of(&stacks));
        assembly.files.insert("cdk.out".to_owned(), format!("{{\"version\":\"{PROTOCOL_VERSION}\"}}\n"));
        for written in stacks {
            if bootstrap::has_assets(written.stack) {
                assembly.add(&assets::file_name(written.stack), &assets::of(&written));
            }
            assembly.build_contexts.gather_more(written.stack.images().iter().map(build_context));
            assembly.files.insert(template_file(written.stack), written.template);
        }
        assembly.build_contexts.dedup();
        assembly
    }

    fn add(&mut self, name: &str, value: &Value) {
        self.files.insert(name.to_owned(), write::to_json(value));
    }
}

fn build_context(image: &ImageAsset) -> BuildContext {
    BuildContext { source: image.directory.clone(), target: assets::context_folder(image) }
}

/// The file that holds the template of a stack.
#[must_use]
pub fn template_file(stack: &Stack) -> String {
    template_file_of(stack.id())
}

/// The file that holds the template of the stack with this construct ID.
#[must_use]
pub fn template_file_of(stack_id: &str) -> String {
    format!("{stack_id}.template.json")
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
