//! Secrets that a stack creates, and how they are changed regularly.

use crate::cfn::Text;

use super::macros::spec_struct;
use super::scalar::{Input, Whole};
use super::text::Arn;

spec_struct! {
    /// A secret that the stack creates, with a generated value. A change of what the value is made of makes a new value.
    pub struct ManagedSecret {
        /// What it is for.
        description "description": Option<Input<Text>> = None,
        /// A JSON object with everything but the generated value. Default: the secret is the generated value alone.
        template "template": Option<Input<Text>> = None,
        /// The key of the generated value in `template`.
        generate_key "generateKey": Input<Text> = "password".into(),
        /// The length of the generated value.
        length "length": Input<Whole<8, 4096>> = Input::Known(Whole(32)),
        /// Characters that the generated value must not contain.
        exclude "exclude": Input<Text> = "\"@/\\'".into(),
        /// A key that encrypts it, by ARN. Default: the key that AWS keeps for Secrets Manager.
        kms_key "kmsKey": Option<Input<Arn>> = None,
        /// Whether it stays when it is taken out of the stack or the stack is deleted.
        keep "keep": bool = false,
        /// How it is changed regularly.
        rotation "rotation": Option<Rotation> = None,
    }
}

spec_struct! {
    /// How a secret is changed regularly.
    pub struct Rotation {
        /// The Lambda function that changes it, by ARN, in the stack's account and Region. It must be able to reach Secrets
        /// Manager and whatever takes the secret, and its role must allow it to change the secret.
        function "function": Input<Arn>,
        /// Every so many days. Default: 30, unless there is a `schedule`.
        days "days": Option<Input<Whole<1, 1000>>> = None,
        /// When: `rate(…)` or `cron(…)` in UTC, at most every four hours, instead of `days`.
        schedule "schedule": Option<Input<Text>> = None,
        /// How many hours a rotation may take. Default: until the next one is due, or the end of the day.
        window_hours "windowHours": Option<Input<Whole<1, 24>>> = None,
        /// Whether the services that use the secret are started anew after it has changed, since a task reads secrets
        /// only when it starts.
        restart_services "restartServices": bool = true,
    }
}
