//! Reads what is needed from the service specification: the database file of the npm package
//! `@aws-cdk/aws-service-spec`, a gzipped JSON text of entities that refer to each other by number.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use serde_json::Value;

use super::model::{Attribute, Kind, Model, Nested, Property, Replacement, Resource, Shape};
use super::raw::{Raw, RawKind, RawNested, RawProperty, RawResource};

/// Reads the types asked for.
pub fn read(path: &Path, types: &[String]) -> Result<Model> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let file: Raw = serde_json::from_reader(std::io::BufReader::new(GzDecoder::new(file)))?;
    let reader = Reader {
        services: file
            .schema
            .service
            .entities
            .into_iter()
            .map(|service| (service.cloud_formation_namespace, service.short_name))
            .collect(),
        nested: file.schema.type_definition.entities.into_iter().map(|nested| (nested.id.clone(), nested)).collect(),
    };
    let mut by_name: BTreeMap<String, RawResource> =
        file.schema.resource.entities.into_iter().map(|raw| (raw.cloud_formation_type.clone(), raw)).collect();
    let resources = types
        .iter()
        .map(|name| {
            let raw = by_name.remove(name).with_context(|| format!("{name} is not in the specification"))?;
            reader.resource(raw)
        })
        .collect::<Result<_>>()?;
    Ok(Model { resources })
}

struct Reader {
    services: BTreeMap<String, String>,
    nested: BTreeMap<String, RawNested>,
}

impl Reader {
    fn resource(&self, raw: RawResource) -> Result<Resource> {
        let type_name = raw.cloud_formation_type;
        let (namespace, _) = type_name.rsplit_once("::").context("a type name without `::`")?;
        let service = self.services.get(namespace).with_context(|| format!("no service for {namespace}"))?;
        let mut reached = BTreeMap::new();
        for property in raw.properties.values() {
            self.reach(&property.kind, &mut reached)?;
        }
        let nested = reached
            .values()
            .map(|nested| Ok(Nested { name: nested.name.clone(), properties: self.properties(&nested.properties)? }))
            .collect::<Result<_>>()?;
        Ok(Resource {
            service: service.clone(),
            namespace: namespace.to_owned(),
            properties: self.properties(&raw.properties)?,
            attributes: raw
                .attributes
                .into_iter()
                .map(|(name, raw)| Ok(Attribute { name, shape: self.attribute(&raw.kind)? }))
                .collect::<Result<_>>()?,
            nested,
            reference: raw.cfn_ref_identifier.unwrap_or_else(|| raw.primary_identifier.clone()),
            primary_identifier: raw.primary_identifier,
            tag_property: raw.tag_information.map(|tags| tags.tag_property_name),
            name: raw.name,
            type_name,
        })
    }

    /// What an attribute looks like; one that is a whole object is not described further.
    fn attribute(&self, raw: &RawKind) -> Result<Shape> {
        let shape = self.shape(raw)?;
        let object = matches!(shape.innermost().kind, Kind::Nested(_));
        Ok(if object { Shape::any(Kind::Json) } else { shape })
    }

    /// Collects the nested types that a kind leads to, by name.
    fn reach<'raw>(&'raw self, kind: &RawKind, reached: &mut BTreeMap<String, &'raw RawNested>) -> Result<()> {
        match kind {
            RawKind::Ref { reference } => {
                let nested = self.by_id(&reference.id)?;
                if let Some(before) = reached.insert(nested.name.clone(), nested) {
                    if before.id != nested.id {
                        bail!("two nested types are called {}", nested.name);
                    }
                    return Ok(());
                }
                for property in nested.properties.values() {
                    self.reach(&property.kind, reached)?;
                }
                Ok(())
            }
            RawKind::Array { element } | RawKind::Map { element } => self.reach(element, reached),
            RawKind::Union { types } => types.iter().try_for_each(|kind| self.reach(kind, reached)),
            _ => Ok(()),
        }
    }

    fn by_id(&self, id: &str) -> Result<&RawNested> {
        self.nested.get(id).with_context(|| format!("no nested type has the number {id}"))
    }

    fn properties(&self, raw: &BTreeMap<String, RawProperty>) -> Result<Vec<Property>> {
        raw.iter().map(|(name, raw)| self.property(name, raw).with_context(|| format!("property {name}"))).collect()
    }

    fn property(&self, name: &str, raw: &RawProperty) -> Result<Property> {
        let mut refers_to: Vec<String> = raw
            .relationship_refs
            .iter()
            .map(|to| format!("{}.{}", to.cloud_formation_type, to.property_name))
            .collect();
        refers_to.sort();
        refers_to.dedup();
        Ok(Property {
            name: name.to_owned(),
            shape: self.shape(&raw.kind)?,
            required: raw.required,
            replacement: raw.causes_replacement.unwrap_or(Replacement::No),
            deprecated: raw.deprecated.as_deref().is_some_and(|deprecation| deprecation != "NONE"),
            default: raw.default_value.clone(),
            was_json: raw.previous_types.iter().any(|kind| matches!(kind, RawKind::Json)),
            refers_to,
        })
    }

    fn shape(&self, raw: &RawKind) -> Result<Shape> {
        let mut shape = Shape::any(self.kind(raw)?);
        if let RawKind::String { allowed_values } | RawKind::Integer { allowed_values } = raw {
            shape.allowed = allowed_texts(allowed_values);
        }
        Ok(shape)
    }

    fn kind(&self, raw: &RawKind) -> Result<Kind> {
        Ok(match raw {
            RawKind::String { .. } => Kind::Text,
            RawKind::Integer { .. } => Kind::Integer,
            RawKind::Number => Kind::Number,
            RawKind::Boolean => Kind::Boolean,
            // A union is text or JSON, or text or a list of text: whoever writes it knows which.
            RawKind::Json | RawKind::Union { .. } => Kind::Json,
            RawKind::DateTime => Kind::Timestamp,
            RawKind::Tag => Kind::Tag,
            RawKind::Null => bail!("a value that is always null"),
            RawKind::Ref { reference } => Kind::Nested(self.by_id(&reference.id)?.name.clone()),
            RawKind::Array { element } => Kind::List(Box::new(self.shape(element)?)),
            RawKind::Map { element } => Kind::Map(Box::new(self.shape(element)?)),
        })
    }
}

/// Allowed values as texts: words sorted, numbers as they are.
pub fn allowed_texts(values: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> =
        values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    if values.iter().all(Value::is_string) {
        texts.sort();
    }
    texts
}
