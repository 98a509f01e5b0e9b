//! `xtask-bindgen MODULE.wasm FOLDER NAME TARGET`: writes the glue between a module and its JavaScript host,
//! and beside it the pages that the module does not carry: `pages.json`.
//!
//! `xtask-bindgen outline MODULE.wasm`: makes a module smaller in its place.

mod outline;

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

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
    let pages = std::path::Path::new(folder).join("pages.json");
    std::fs::write(&pages, ringfence::wire::calls::pages_json())
        .with_context(|| format!("cannot write `{}`", pages.display()))
}
