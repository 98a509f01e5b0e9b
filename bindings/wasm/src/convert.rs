//! What JavaScript gives and takes, as JSON text. JSON keeps what `serde-wasm-bindgen` would lose: the order of keys, the
//! difference between what is left out and what is null, and every digit; and both hosts read a spec by the same code.

use js_sys::{Array, JSON, JsString, Map, Object, Reflect, Set, TypeError};
use ringfence::wire::calls::{self, Files};
use wasm_bindgen::{JsCast as _, JsError, JsValue};

/// What a call that makes no sense is answered with.
pub(crate) fn misuse(message: &str) -> JsValue {
    TypeError::new(message).into()
}

/// What the library answers, as JavaScript has it.
pub(crate) fn answer(text: &str) -> Result<JsValue, JsValue> {
    JSON::parse(text)
}

/// The text of a spec or a template. A text is taken as it is; other values are read as if they were
/// written by `JSON.stringify(value, null, 2)`, which is where positions lie.
pub(crate) fn text(value: &JsValue) -> Result<String, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(text);
    }
    if !value.is_object() {
        return Err(misuse("give a text or an object"));
    }
    let mut checked = |key: JsString, item: JsValue| match unwritable(&item) {
        Some(what) => Err(JsError::new(&format!("`{key}` is {what}, which JSON cannot carry"))),
        None => Ok(Some(item)),
    };
    let text = JSON::stringify_with_replacer_func(value, &mut checked, Some(2))?;
    text.as_string().ok_or_else(|| misuse("give a text or an object"))
}

/// The texts of files by their names.
pub(crate) fn texts(files: &JsValue) -> Result<Files, JsValue> {
    let object = files.dyn_ref::<Object>().filter(|_| !files.is_array()).ok_or_else(|| misuse(calls::NO_FILES))?;
    let mut texts = Files::new();
    for entry in Object::entries(object) {
        let [name, text] = [0, 1].map(|part| entry.unchecked_ref::<Array>().get(part).as_string());
        let name = name.unwrap_or_default();
        let Some(text) = text else { return Err(misuse(&calls::not_a_text(&name))) };
        texts.insert(name, text);
    }
    Ok(texts)
}

/// What `JSON.stringify` would leave out or change without a word.
fn unwritable(item: &JsValue) -> Option<&'static str> {
    if item.is_function() {
        Some("a function")
    } else if item.is_symbol() {
        Some("a symbol")
    } else if item.is_bigint() {
        Some("a bigint")
    } else if item.as_f64().is_some_and(|number| !number.is_finite()) {
        Some("not a finite number")
    } else if item.has_type::<Map>() || item.has_type::<Set>() {
        Some("a map or a set")
    } else {
        None
    }
}

/// The one option that a call has; empty when it is not given.
pub(crate) fn option(options: &JsValue, name: &str) -> Result<Option<String>, JsValue> {
    if options.is_undefined() || options.is_null() {
        return Ok(None);
    }
    let Some(object) = options.dyn_ref::<Object>() else { return Err(misuse("options are an object")) };
    for key in Array::from(&Object::keys(object)).iter() {
        if key.as_string().is_none_or(|key| key != name) {
            return Err(misuse(&format!(
                "there is no option `{}`: there is `{name}`",
                key.as_string().unwrap_or_default()
            )));
        }
    }
    let value = Reflect::get(object, &JsValue::from_str(name))?;
    if value.is_undefined() {
        return Ok(None);
    }
    value.as_string().map(Some).ok_or_else(|| misuse(&format!("the option `{name}` is a text")))
}
