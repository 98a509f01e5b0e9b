//! The quotas of CloudFormation that a template can run into.

/// Resources of one template. Source of all quotas here: `AWSCloudFormation/latest/UserGuide/cloudformation-limits`
/// (2026).
pub const RESOURCES: usize = 500;

/// Resources that nested stacks create, update or delete in one operation.
pub const RESOURCES_IN_NESTED_STACKS: usize = 2_500;

/// Parameters of one template.
pub const PARAMETERS: usize = 200;

/// Bytes of the value of a parameter.
pub const PARAMETER_VALUE_BYTES: usize = 4_096;

/// Outputs of one template.
pub const OUTPUTS: usize = 200;

/// Mappings of one template.
pub const MAPPINGS: usize = 200;

/// Attributes of one mapping.
pub const MAPPING_ATTRIBUTES: usize = 200;

/// Dynamic references (`{{resolve:…}}`) of one template.
pub const DYNAMIC_REFERENCES: usize = 60;

/// Characters of the logical ID of a resource, and of the names of parameters, outputs, mappings and their attributes.
pub const NAME_CHARACTERS: usize = 255;

/// Characters of the name of a stack.
pub const STACK_NAME_CHARACTERS: usize = 128;

/// Bytes of the description of a template.
pub const DESCRIPTION_BYTES: usize = 1_024;

/// Bytes of a template that is sent in the request itself.
pub const TEMPLATE_BYTES_IN_REQUEST: usize = 51_200;

/// Bytes of a template that is read from S3. The documentation says 1 MB; the smaller reading of it is taken here.
pub const TEMPLATE_BYTES_IN_S3: usize = 1_000_000;

/// Bytes that a custom resource can answer.
pub const CUSTOM_RESOURCE_RESPONSE_BYTES: usize = 4_096;

/// Whether `name` can be the name of a stack: a letter, and up to 127 letters, digits and hyphens. Source: botocore 1.44.5,
/// operation `CreateStack` of CloudFormation.
#[must_use]
pub fn is_stack_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let begins_with_letter = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    begins_with_letter && name.len() <= STACK_NAME_CHARACTERS && name.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_stacks_begin_with_a_letter() {
        assert!(is_stack_name("payments-1") && is_stack_name(&"a".repeat(128)));
        for name in ["", "1payments", "-payments", "pay_ments", "zahlungen-ü"] {
            assert!(!is_stack_name(name), "{name}");
        }
        assert!(!is_stack_name(&"a".repeat(129)));
    }
}
