//! The endpoint service: what consumers connect to.

use crate::cfn::{LogicalId, Value};

/// An endpoint service.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointService {
    /// The resource.
    pub logical_id: LogicalId,
    /// Its ID: `vpce-svc-…`.
    pub id: Value,
    /// Its name, by which consumers find it: `com.amazonaws.vpce.REGION.vpce-svc-…`.
    pub service_name: Value,
}

/// The output of the provider stack that holds the service name.
pub const SERVICE_NAME_OUTPUT: &str = "EndpointServiceName";
