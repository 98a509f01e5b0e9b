//! Alarms, the dashboard, and secrets that a stack creates.

use crate::cfn::Text;

use super::macros::spec_struct;
use super::scalar::{Input, Whole};
use super::text::Arn;

spec_struct! {
    /// Alarms on what matters in this pattern.
    pub struct Alarms {
        /// Whether there are any.
        enabled "enabled": bool = true,
        /// Topics that are told, by ARN. Default: none, so alarms are seen on the dashboard only.
        actions "actions": Vec<Input<Arn>> = Vec::new(),
        /// The CPU utilisation of a service, in percent, above which its alarm goes off.
        cpu "cpu": Whole<1, 100> = Whole(85),
        /// The memory utilisation of a service, in percent, above which its alarm goes off.
        memory "memory": Whole<1, 100> = Whole(85),
        /// Resets by tasks in five minutes above which an alarm goes off.
        target_resets "targetResets": Whole<1, 1_000_000> = Whole(100),
    }
}

spec_struct! {
    /// The CloudWatch dashboard.
    pub struct Dashboard {
        /// Whether there is one.
        enabled "enabled": bool = true,
    }
}

spec_struct! {
    /// A secret that the stack creates, with a generated value.
    pub struct ManagedSecret {
        /// What it is for.
        description "description": Option<Text> = None,
        /// JSON with everything but the generated value. Default: the secret is the generated value alone.
        template "template": Option<Text> = None,
        /// The key of the generated value in `template`.
        generate_key "generateKey": Text = "password".into(),
        /// The length of the generated value.
        length "length": Whole<8, 4096> = Whole(32),
        /// Characters that the generated value must not contain.
        exclude "exclude": Text = "\"@/\\'".into(),
        /// A key that encrypts it, by ARN.
        kms_key "kmsKey": Option<Input<Arn>> = None,
        /// How it is changed regularly.
        rotation "rotation": Option<Rotation> = None,
    }
}

spec_struct! {
    /// How a secret is changed regularly.
    pub struct Rotation {
        /// The function that changes it. It must be able to reach Secrets Manager.
        function "function": Input<Arn>,
        /// Every so many days.
        days "days": Whole<1, 1000> = Whole(30),
        /// When: `rate(…)` or `cron(…)`, instead of `days`.
        schedule "schedule": Option<Text> = None,
        /// Whether the services that use the secret are started anew after it has changed, since a task reads secrets
        /// only when it starts.
        restart_services "restartServices": bool = true,
    }
}
