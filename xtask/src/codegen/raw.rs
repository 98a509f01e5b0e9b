//! The database file as it is: only the fields that are read.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::model::Replacement;

#[derive(Deserialize)]
pub struct Raw {
    pub schema: Schema,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    pub resource: Entities<RawResource>,
    pub service: Entities<RawService>,
    pub type_definition: Entities<RawNested>,
}

#[derive(Deserialize)]
pub struct Entities<T> {
    pub entities: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawService {
    pub short_name: String,
    pub cloud_formation_namespace: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawResource {
    pub name: String,
    pub cloud_formation_type: String,
    pub properties: BTreeMap<String, RawProperty>,
    pub attributes: BTreeMap<String, RawAttribute>,
    #[serde(default)]
    pub primary_identifier: Vec<String>,
    pub cfn_ref_identifier: Option<Vec<String>>,
    pub tag_information: Option<RawTags>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawTags {
    pub tag_property_name: String,
}

#[derive(Deserialize)]
pub struct RawNested {
    #[serde(rename = "$id")]
    pub id: String,
    pub name: String,
    pub properties: BTreeMap<String, RawProperty>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawProperty {
    #[serde(rename = "type")]
    pub kind: RawKind,
    #[serde(default)]
    pub required: bool,
    pub causes_replacement: Option<Replacement>,
    pub deprecated: Option<String>,
    pub default_value: Option<String>,
    /// What the property was in earlier versions of the schemas.
    #[serde(default)]
    pub previous_types: Vec<RawKind>,
    #[serde(default)]
    pub relationship_refs: Vec<RawReference>,
}

#[derive(Deserialize)]
pub struct RawAttribute {
    #[serde(rename = "type")]
    pub kind: RawKind,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawReference {
    pub cloud_formation_type: String,
    pub property_name: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RawKind {
    #[serde(rename_all = "camelCase")]
    String {
        #[serde(default)]
        allowed_values: Vec<Value>,
    },
    #[serde(rename_all = "camelCase")]
    Integer {
        #[serde(default)]
        allowed_values: Vec<Value>,
    },
    Number,
    Boolean,
    Json,
    DateTime,
    Null,
    Tag,
    Ref {
        reference: RawId,
    },
    Array {
        element: Box<RawKind>,
    },
    Map {
        element: Box<RawKind>,
    },
    Union {
        types: Vec<RawKind>,
    },
}

#[derive(Deserialize)]
pub struct RawId {
    #[serde(rename = "$ref")]
    pub id: String,
}
