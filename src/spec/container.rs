//! Containers and what they take from outside: images, secrets, parameters, health checks.

use crate::cfn::{Text, Value};

use super::decode::{Decoder, SpecType};
use super::macros::spec_struct;
use super::scalar::{FreeMap, Input, Named, Whole};
use super::service::ContainerCondition;
use super::shape::Shape;
use super::text::{Arn, Port};

/// A container image.
pub type Image = Input<Text>;

spec_struct! {
    /// A further container of a task.
    pub struct Container {
        /// Its image. It must be in a private ECR repository of the stack's Region.
        image "image": Image,
        /// The repository of `image`, by ARN, when it cannot be read off the image because that is known at deployment only.
        repository "repository": Option<Input<Arn>> = None,
        /// CPU units of the task that are reserved for it.
        cpu "cpu": Option<Input<Whole<0, 32_768>>> = None,
        /// MiB of the task's memory that it may use at most.
        memory "memory": Option<Input<Whole<6, 249_856>>> = None,
        /// Whether the task stops when it stops.
        essential "essential": bool = true,
        /// The port on which it listens inside the task.
        port "port": Option<Input<Port>> = None,
        /// The command, in place of the image's own.
        command "command": Vec<Input<Text>> = Vec::new(),
        /// The entry point, in place of the image's own.
        entry_point "entryPoint": Vec<Input<Text>> = Vec::new(),
        /// The user as whom it runs.
        user "user": Option<Input<Text>> = None,
        /// Environment variables that are no secrets.
        environment "environment": FreeMap<Input<Text>> = FreeMap::default(),
        /// Environment variables from Secrets Manager.
        secrets "secrets": FreeMap<SecretReference> = FreeMap::default(),
        /// Environment variables from SSM Parameter Store.
        parameters "parameters": FreeMap<ParameterReference> = FreeMap::default(),
        /// How ECS finds out whether it works.
        health "health": Option<ContainerHealthCheck> = None,
        /// Whether its root file system is read-only.
        read_only_root_filesystem "readOnlyRootFilesystem": bool = true,
        /// Folders that it may write to, kept as long as the task.
        writable_paths "writablePaths": Vec<Input<Text>> = vec!["/tmp".into()],
        /// Containers that must have reached a state before it starts, by name.
        depends_on "dependsOn": Named<ContainerCondition> = Named::new(),
        /// Seconds between SIGTERM and SIGKILL.
        stop_timeout "stopTimeout": Option<Input<Whole<2, 120>>> = None,
    }
}

spec_struct! {
    /// A health check that ECS runs inside a container.
    pub struct ContainerHealthCheck {
        /// The command; it succeeds when the container works. A single element is taken as a line for the shell.
        command "command": Vec<Input<Text>>,
        /// Seconds between two checks.
        interval "interval": Input<Whole<5, 300>> = Input::Known(Whole(30)),
        /// Seconds after which a check has failed.
        timeout "timeout": Input<Whole<2, 60>> = Input::Known(Whole(5)),
        /// How many checks in a row must fail.
        retries "retries": Input<Whole<1, 10>> = Input::Known(Whole(3)),
        /// Seconds during which failures are ignored at the start.
        start_period "startPeriod": Input<Whole<0, 300>> = Input::Known(Whole(0)),
    }
}

/// A secret in Secrets Manager: of this spec by name, or any by ARN or name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SecretReference {
    /// The name of a secret under `secrets`, the name of one in Secrets Manager, or its whole ARN.
    pub secret: Input<Text>,
    /// The key in the secret's JSON. Without it the whole secret is taken.
    pub key: Option<Input<Text>>,
    /// The key with which the secret is encrypted, when it is not the account's default.
    pub kms_key: Option<Input<Arn>>,
}

spec_struct! {
    /// The long form of a secret.
    pub struct SecretReferenceForm {
        /// The name of a secret under `secrets`, the name of one in Secrets Manager, or its whole ARN.
        secret "secret": Input<Text>,
        /// The key in the secret's JSON. Without it the whole secret is taken.
        key "key": Option<Input<Text>> = None,
        /// The key with which the secret is encrypted, when it is not the account's default.
        kms_key "kmsKey": Option<Input<Arn>> = None,
    }
}

impl SpecType for SecretReference {
    fn shape() -> Shape {
        Shape::OneOf(vec![Input::<Text>::shape(), SecretReferenceForm::shape()])
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        match value {
            Value::Map(_) => {
                let form = SecretReferenceForm::decode(value, reader)?;
                Some(Self { secret: form.secret, key: form.key, kms_key: form.kms_key })
            }
            other => Input::decode(other, reader).map(|secret| Self { secret, key: None, kms_key: None }),
        }
    }

    fn encode(&self) -> Value {
        SecretReferenceForm { secret: self.secret.clone(), key: self.key.clone(), kms_key: self.kms_key.clone() }
            .encode()
    }
}

/// A parameter in SSM Parameter Store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParameterReference {
    /// Its name or ARN.
    pub parameter: Input<Text>,
    /// The key with which it is encrypted, when it is not the account's default.
    pub kms_key: Option<Input<Arn>>,
}

spec_struct! {
    /// The long form of a parameter.
    pub struct ParameterReferenceForm {
        /// Its name or ARN.
        parameter "parameter": Input<Text>,
        /// The key with which it is encrypted, when it is not the account's default.
        kms_key "kmsKey": Option<Input<Arn>> = None,
    }
}

impl SpecType for ParameterReference {
    fn shape() -> Shape {
        Shape::OneOf(vec![Input::<Text>::shape(), ParameterReferenceForm::shape()])
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        match value {
            Value::Map(_) => {
                let form = ParameterReferenceForm::decode(value, reader)?;
                Some(Self { parameter: form.parameter, kms_key: form.kms_key })
            }
            other => Input::decode(other, reader).map(|parameter| Self { parameter, kms_key: None }),
        }
    }

    fn encode(&self) -> Value {
        ParameterReferenceForm { parameter: self.parameter.clone(), kms_key: self.kms_key.clone() }.encode()
    }
}
