//! Whether two references mean the same thing.

use crate::model::{Because, Identity, Model};

/// Whether two references mean the same thing, when that is known.
///
/// Two resources of the app are different things, and so are two IDs. A parameter means the same thing wherever it stands; in
/// its own template it cannot mean a resource that is made there, since it had to be given before.
pub(super) fn same<'a>(model: &'a Model<'a>, one: &Identity<'a>, other: &Identity<'a>) -> Option<bool> {
    match (one, other) {
        (Identity::Resource(id), _) | (_, Identity::Resource(id)) if is_opaque(model.type_of(*id)) => None,
        _ if one == other => Some(true),
        (Identity::Resource(_) | Identity::Attribute(_), Identity::Resource(_) | Identity::Attribute(_)) => Some(false),
        (Identity::Outside(_), Identity::Outside(_)) => Some(false),
        (Identity::Resource(id), Identity::Unnamed(because)) | (Identity::Unnamed(because), Identity::Resource(id)) => {
            is_given_before(model, *because, id.template).then_some(false)
        }
        _ => None,
    }
}

/// Whether what a reference gives was there before the stack of `template` was.
pub(super) fn is_given_before(model: &Model<'_>, because: Because<'_>, template: u32) -> bool {
    match because {
        Because::Parameter { template: own, .. } | Because::Element { template: own, .. } => own == template,
        Because::Import(_) => model.evaluation().app().templates().len() == 1,
        _ => false,
    }
}

/// Whether the attributes of a resource of this type may be anything: of a nested stack that is not here, and of what a
/// function makes.
pub(super) fn is_opaque(type_name: &str) -> bool {
    // Most are of EC2.
    if type_name.starts_with("AWS::EC2::") {
        return type_name.ends_with("::MODULE");
    }
    type_name == "AWS::CloudFormation::Stack"
        || type_name == "AWS::CloudFormation::CustomResource"
        || type_name.starts_with("Custom::")
        || type_name.ends_with("::MODULE")
}
