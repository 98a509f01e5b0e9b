//! The private DNS name of an endpoint service: the record that proves it, and the opt-in verification.

use crate::aws::iam::WRITE_LOGS;
use crate::aws::private_link::{VERIFICATION_TTL, domain_to_verify};
use crate::cfn::{Function, LogicalId, Value};
use crate::diagnostics::codes::private_link as codes;
use crate::resources::ec2::VpcEndpointService;
use crate::resources::lambda::{self, function};
use crate::resources::{Builder as _, cloudformation, logs, route53};
use crate::spec::{Input, PrivateDns};

use super::iam::{Statement, arn};
use super::{RemovalPolicy, Role, Scope, Trust};

/// The code of the function, in the template itself: it needs nothing but what the runtime has.
const CODE: &str = include_str!("inline/private_dns_verification.py");

/// The longest that a function may run, in seconds. Source: AWS Lambda developer guide, quotas.
const FUNCTION_TIMEOUT: u32 = 900;

/// How long CloudFormation waits for the answer, in seconds: a little longer than the function can take.
const SERVICE_TIMEOUT: u32 = 960;

/// For how many days the log of the function is kept.
const LOG_DAYS: u32 = 30;

/// The outputs that hold the record when nobody but the owner of the domain can make it.
pub const RECORD_NAME_OUTPUT: &str = "PrivateDnsRecordName";
/// See [`RECORD_NAME_OUTPUT`].
pub const RECORD_VALUE_OUTPUT: &str = "PrivateDnsRecordValue";

/// Adds the record, or outputs that tell it, and the verification when it is asked for. Gives the verification. The origin
/// of `scope` is the settings.
pub(super) fn add(scope: &mut Scope<'_>, settings: &PrivateDns, service: &LogicalId) -> Option<LogicalId> {
    let mut scope = scope.construct("PrivateDns", "ringfence.PrivateDns");
    let scope = &mut scope;
    let record = Record::of(settings, service);
    let Some(zone) = &settings.hosted_zone else {
        if settings.verify {
            let message = "the TXT record must be made before the verification can succeed";
            let help = "name the `hostedZone` of the domain, or remove `verify` and verify after the deployment";
            scope.error(codes::VERIFY_WITHOUT_ZONE, "verify", message, help);
        }
        record.tell(scope);
        return None;
    };
    if let Some(zone) = zone.known() {
        check_zone(scope, zone);
    }
    let resource = route53::RecordSet::new()
        .hosted_zone_id(zone.to_value())
        .name(record.name)
        .r#type("TXT")
        .ttl(VERIFICATION_TTL.to_string())
        .resource_records([Value::join([Value::from("\""), record.value.clone(), Value::from("\"")])]);
    let made = scope.add("Record", resource);
    settings.verify.then(|| verification(scope, settings, service, record.value, &made))
}

/// The TXT record by which AWS sees that the provider owns the domain.
struct Record {
    name: Value,
    value: Value,
}

impl Record {
    fn of(settings: &PrivateDns, service: &LogicalId) -> Self {
        let domain = match &settings.name {
            Input::Known(name) => Value::from(domain_to_verify(name.as_str()).to_owned()),
            Input::Token(token) => without_wildcard(token),
        };
        let name = service.attribute(VpcEndpointService::ATTR_PRIVATE_DNS_NAME_CONFIGURATION_NAME);
        Self {
            name: Value::join([name, Value::from("."), domain]),
            value: service.attribute(VpcEndpointService::ATTR_PRIVATE_DNS_NAME_CONFIGURATION_VALUE),
        }
    }

    fn tell(self, scope: &mut Scope<'_>) {
        let stack = scope.stack_mut();
        let name = "The name of the TXT record that proves the private DNS name, in public DNS";
        stack.add_output(RECORD_NAME_OUTPUT, self.name, name);
        stack.add_output(RECORD_VALUE_OUTPUT, self.value, "The value of that TXT record");
    }
}

/// The domain of a name that is known at deployment only, which may be a wildcard.
fn without_wildcard(name: &Value) -> Value {
    let parts = Value::call(Function::Split, Value::list([Value::from("*."), name.clone()]));
    Value::call(Function::Join, Value::list([Value::from(""), parts]))
}

/// Source of the length: Amazon Route 53 API reference, `ResourceId`.
fn check_zone(scope: &mut Scope<'_>, zone: &str) {
    let is_id =
        (1..=32).contains(&zone.len()) && zone.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !is_id {
        let message = format!("`{zone}` is no hosted zone ID");
        let help = "write it like `Z0123456789ABCDEFGHIJ`; `aws route53 list-hosted-zones-by-name` tells it";
        scope.error(codes::BAD_HOSTED_ZONE, "hostedZone", message, help);
    }
}

/// A custom resource that starts the verification and ends when AWS has found the record.
fn verification(
    scope: &mut Scope<'_>,
    settings: &PrivateDns,
    service: &LogicalId,
    value: Value,
    record: &LogicalId,
) -> LogicalId {
    let function = function(scope, service);
    let resource = cloudformation::CustomResource::new()
        .service_token(function.attribute(lambda::Function::ATTR_ARN))
        .service_timeout(SERVICE_TIMEOUT)
        .with("ServiceId", service.reference())
        // A new name or value has to be verified anew.
        .with("Domain", settings.name.to_value())
        .with("Value", value);
    let id = scope.add("Verification", resource);
    // AWS looks for the record as soon as the verification starts.
    scope.depend(&id, [record]);
    id
}

/// The function. It is outside the VPC, which has no way to the EC2 API; it reads and starts, and nothing else.
fn function(scope: &mut Scope<'_>, service: &LogicalId) -> LogicalId {
    let log = scope.add("Log", logs::LogGroup::new().retention_in_days(LOG_DAYS));
    scope.remove_by(&log, RemovalPolicy::Delete);
    let role = Role::new(scope, "Role", &Trust::lambda(), "Starts the verification of a private DNS name");
    let service_arn = arn("ec2", Value::join([Value::from("vpc-endpoint-service/"), service.reference()]));
    let statements = vec![
        // Takes no resources.
        Statement::allow(["ec2:DescribeVpcEndpointServiceConfigurations"]).on("*"),
        Statement::allow(["ec2:StartVpcEndpointServicePrivateDnsVerification"]).on(service_arn),
        Statement::allow(WRITE_LOGS.iter().copied()).on(log.attribute(logs::LogGroup::ATTR_ARN)),
    ];
    role.allow(scope, "verify", statements);
    let resource = lambda::Function::new()
        .description("Starts the verification of a private DNS name and waits for it")
        .runtime("python3.13")
        .handler("index.handler")
        .code(function::Code::new().zip_file(CODE))
        .role(role.arn)
        .timeout(FUNCTION_TIMEOUT)
        .memory_size(128)
        .logging_config(function::LoggingConfig::new().log_group(log.reference()).log_format("Text"));
    scope.add("Function", resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: CloudFormation template reference, AWS::Lambda::Function Code, `ZipFile`, as long as it has been.
    const LONGEST_INLINE_CODE: usize = 4096;

    #[test]
    fn the_code_fits_into_a_template() {
        assert!(CODE.chars().count() <= LONGEST_INLINE_CODE);
    }
}
