//! The whole of a spec.

use crate::cfn::Text;

use super::macros::{spec_choice, spec_struct};
use super::scalar::{FreeMap, Input, Named};
use super::text::{AccountId, AppName, Arn, RegionName};
use super::{
    Alarms, Cluster, Consumer, Dashboard, Listener, LoadBalancer, ManagedSecret, Network, PrivateLink, Service,
};

spec_struct! {
    /// A private service on AWS: what runs, who may connect to it, and how it is watched.
    pub struct Spec {
        /// The name of the app. Stack names and construct paths begin with it.
        name "name": AppName,
        /// What the app is for; becomes the description of its stacks.
        description "description": Option<Text> = None,
        /// The account and Region of the provider. Without it the stack can be deployed anywhere.
        env "env": Environment = Environment::default(),
        /// Tags on every resource that takes tags.
        tags "tags": FreeMap<Text> = FreeMap::default(),
        /// How the provider stack is deployed.
        stack "stack": StackSettings = StackSettings::default(),
        /// The network in which the tasks run.
        network "network": Network = Network::default(),
        /// The ECS cluster.
        cluster "cluster": Cluster = Cluster::default(),
        /// The services that run, by name.
        services "services": Named<Service>,
        /// The internal Network Load Balancer in front of the services.
        load_balancer "loadBalancer": LoadBalancer = LoadBalancer::default(),
        /// The ports on which the load balancer listens. Without any, one TCP listener leads to the port of the only
        /// service that has one.
        listeners "listeners": Vec<Listener> = Vec::new(),
        /// Who may connect from other accounts and VPCs. Without it nothing is shared.
        private_link "privateLink": Option<PrivateLink> = None,
        /// The consumers for whom a stack is made, by name.
        consumers "consumers": Named<Consumer> = Named::new(),
        /// Secrets that the stack creates, by name; services refer to them by that name.
        secrets "secrets": Named<ManagedSecret> = Named::new(),
        /// Alarms on what matters in this pattern.
        alarms "alarms": Alarms = Alarms::default(),
        /// The CloudWatch dashboard.
        dashboard "dashboard": Dashboard = Dashboard::default(),
    }
}

spec_struct! {
    /// An account and a Region.
    pub struct Environment {
        /// The account to deploy to.
        account "account": Option<AccountId> = None,
        /// The Region to deploy to.
        region "region": Option<RegionName> = None,
    }
}

spec_struct! {
    /// How a stack is deployed.
    pub struct StackSettings {
        /// The name of the stack in CloudFormation. Default: the construct ID of the stack.
        name "name": Option<AppName> = None,
        /// Whether CloudFormation refuses to delete the stack.
        termination_protection "terminationProtection": bool = false,
        /// How the CDK CLI brings the templates and assets to AWS.
        synthesizer "synthesizer": SynthesizerKind = SynthesizerKind::Default,
        /// The qualifier of the bootstrap resources, for the default synthesizer.
        qualifier "qualifier": Text = "hnb659fds".into(),
        /// A managed policy that bounds every role of the stack.
        permissions_boundary "permissionsBoundary": Option<Input<Arn>> = None,
    }
}

spec_choice! {
    /// How the CDK CLI brings templates and assets to AWS.
    pub enum SynthesizerKind {
        /// With the roles and the bucket of a bootstrapped environment.
        Default = "default",
        /// With the caller's credentials and nothing that must exist before. Cannot carry container images, and a template
        /// over 51,200 bytes needs the bucket that `cdk bootstrap` makes.
        Bootstrapless = "bootstrapless",
    }
}
