//! `xtask-bindgen MODULE.wasm FOLDER NAME TARGET`: writes the glue between a module and its JavaScript host,
//! and beside it the pages that the module does not carry: `pages.json`.
//!
//! `xtask-bindgen outline MODULE.wasm`: makes a module smaller in its place.

mod outline;

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

/// From how many letters on a text is long.
const LONG: usize = 1000;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [action, module] = arguments.as_slice()
        && action == "outline"
    {
        let bytes = std::fs::read(module).with_context(|| format!("cannot read `{module}`"))?;
        let smaller = outline::outline(&bytes).with_context(|| format!("cannot make `{module}` smaller"))?;
        return std::fs::write(module, smaller).with_context(|| format!("cannot write `{module}`"));
    }
    let [module, folder, name, target] = arguments.as_slice() else {
        bail!(
            "call it with the module, the folder to write into, the name of the files, and nodejs, web, bundler or no-modules"
        );
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).typescript(true);
    match target.as_str() {
        "nodejs" => bindgen.nodejs(true)?,
        "web" => bindgen.web(true)?,
        "bundler" => bindgen.bundler(true)?,
        "no-modules" => bindgen.no_modules(true)?,
        other => bail!("there is no target `{other}`: use nodejs, web, bundler or no-modules"),
    };
    bindgen.generate(folder).with_context(|| format!("cannot write the glue of `{module}`"))?;
    encode_at_once(&std::path::Path::new(folder).join(format!("{name}{}", glue_ending(target))))?;
    let pages = std::path::Path::new(folder).join("pages.json");
    std::fs::write(&pages, ringfence::wire::calls::pages_json())
        .with_context(|| format!("cannot write `{}`", pages.display()))
}

/// What the file of the glue that passes texts ends with.
fn glue_ending(target: &str) -> &'static str {
    if target == "bundler" { "_bg.js" } else { ".js" }
}

/// Lets long texts be encoded at once: the glue copies letter by letter as long as they are ASCII, which takes milliseconds for
/// a template as long as its code is not compiled, that is in the first call.
fn encode_at_once(glue: &std::path::Path) -> Result<()> {
    let written = std::fs::read_to_string(glue).with_context(|| format!("cannot read `{}`", glue.display()))?;
    let short = "if (realloc === undefined) {";
    let [before, after] = written.split(short).collect::<Vec<_>>()[..] else {
        bail!("`{}` passes texts in another way than it did", glue.display());
    };
    let written = format!("{before}if (realloc === undefined || arg.length > {LONG}) {{{after}");
    std::fs::write(glue, written).with_context(|| format!("cannot write `{}`", glue.display()))
}
