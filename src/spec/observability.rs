//! Alarms and the dashboard.

use super::macros::spec_struct;
use super::scalar::{Input, Whole};
use super::text::Arn;

spec_struct! {
    /// Alarms on what matters in this pattern.
    pub struct Alarms {
        /// Whether there are any.
        enabled "enabled": bool = true,
        /// Topics that are told, by ARN, at most five and in the same Region. An encrypted topic needs a key of your own whose
        /// policy lets CloudWatch use it. Default: none, so alarms are seen on the dashboard only.
        actions "actions": Vec<Input<Arn>> = Vec::new(),
        /// The CPU utilisation of a service, in percent, above which its alarm goes off.
        cpu "cpu": Input<Whole<1, 100>> = Input::Known(Whole(85)),
        /// The memory utilisation of a service, in percent, above which its alarm goes off.
        memory "memory": Input<Whole<1, 100>> = Input::Known(Whole(85)),
        /// Resets by tasks in five minutes above which an alarm goes off.
        target_resets "targetResets": Input<Whole<1, 1_000_000>> = Input::Known(Whole(100)),
    }
}

spec_struct! {
    /// The CloudWatch dashboard.
    pub struct Dashboard {
        /// Whether there is one.
        enabled "enabled": bool = true,
    }
}
