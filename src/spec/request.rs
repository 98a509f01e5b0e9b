//! What a host of constructs asks for: the plan of one construct, from the properties that a user gave it.

use crate::cfn::{Text, Value};

use super::macros::{spec_choice, spec_struct};
use super::scalar::Named;
use super::text::{AccountId, RegionName};

spec_struct! {
    /// A request for the plan of one construct.
    pub struct PlanRequest {
        /// Which construct.
        kind "kind": PlanKind,
        /// Its properties.
        props "props": Value,
        /// Where it stands.
        context "context": PlanContext,
        /// What was done with it after it was made.
        additions "additions": Additions = Additions::default(),
    }
}

spec_choice! {
    /// A construct that can be planned.
    pub enum PlanKind {
        /// The whole pattern.
        Service = "service",
        /// The network with its endpoints.
        Network = "network",
        /// The endpoint service in front of a load balancer.
        PrivateLink = "privateLink",
        /// The endpoint of a consumer.
        Consumer = "consumer",
    }
}

spec_struct! {
    /// Where a construct stands.
    pub struct PlanContext {
        /// Its path in the app.
        path "path": Text,
        /// The path of its stack in the app: the first step of `path` when it is left out.
        stack "stack": Option<Text> = None,
        /// The account of its stack. Left out when it is known at deployment only.
        account "account": Option<AccountId> = None,
        /// The Region of its stack. Left out when it is known at deployment only.
        region "region": Option<RegionName> = None,
        /// The partition of its stack, which follows from the Region here.
        partition "partition": Option<Text> = None,
    }
}

spec_struct! {
    /// What an app did with a construct after it was made.
    pub struct Additions {
        /// What the roles of each service were allowed.
        services "services": Named<Grants> = Named::new(),
    }
}

spec_struct! {
    /// What the roles of a service were allowed, by policies that somebody else makes: statements as IAM writes them.
    pub struct Grants {
        /// The role of the containers.
        task "task": Vec<Value> = Vec::new(),
        /// The role with which ECS starts the tasks.
        execution "execution": Vec<Value> = Vec::new(),
    }
}
