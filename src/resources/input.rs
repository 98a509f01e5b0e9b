//! What the setters of the builders accept: the literal that fits the property, or any [`Value`], because an intrinsic
//! function or a CDK token may stand anywhere.

use super::{Builder, builder};
use crate::cfn::Gather as _;
use crate::cfn::{self, Text, Value};

/// The kinds of properties, as types that only appear in the signatures of setters.
pub mod kind {
    use std::marker::PhantomData;

    /// Text.
    #[derive(Clone, Copy, Debug)]
    pub struct Text;

    /// A number, whole or not.
    #[derive(Clone, Copy, Debug)]
    pub struct Number;

    /// `true` or `false`.
    #[derive(Clone, Copy, Debug)]
    pub struct Boolean;

    /// A value of any shape.
    #[derive(Clone, Copy, Debug)]
    pub struct Json;

    /// A list of a kind.
    #[derive(Clone, Copy, Debug)]
    pub struct List<K>(PhantomData<K>);

    /// A map from text to a kind.
    #[derive(Clone, Copy, Debug)]
    pub struct Map<K>(PhantomData<K>);
}

/// A value for a property of kind `K`.
pub trait Input<K> {
    /// The value as a template has it.
    fn into_value(self) -> Value;

    /// Sets a property to it.
    #[inline]
    fn put(self, properties: &mut cfn::Map, name: &'static str)
    where
        Self: Sized,
    {
        builder::set(properties, name, self.into_value());
    }
}

macro_rules! literals {
    ($($kind:ty: $($literal:ty $(=> $set:ident)?),+;)+) => {$($(
        impl Input<$kind> for $literal {
            #[inline]
            fn into_value(self) -> Value {
                self.into()
            }

            $(
                #[inline]
                fn put(self, properties: &mut cfn::Map, name: &'static str) {
                    builder::$set(properties, name, self.into());
                }
            )?
        }
    )+)+};
}

literals! {
    kind::Text: &'static str => set_text, String, Text, Value;
    kind::Number:
        i64 => set_integer, i32 => set_integer, u32 => set_integer, u16 => set_integer, u8 => set_integer, f64, Value;
    kind::Boolean: bool => set_boolean, Value;
}

macro_rules! borrowed {
    ($($kind:ty),+) => {$(
        impl Input<$kind> for &Value {
            #[inline]
            fn into_value(self) -> Value {
                self.clone()
            }

            #[inline]
            fn put(self, properties: &mut cfn::Map, name: &'static str) {
                builder::set_copy(properties, name, self);
            }
        }
    )+};
}

borrowed!(kind::Text, kind::Number, kind::Boolean);

impl<T: Into<Value>> Input<kind::Json> for T {
    #[inline]
    fn into_value(self) -> Value {
        self.into()
    }
}

/// A nested type takes its own builder …
impl<B: Builder + Into<Value>> Input<B> for B {
    #[inline]
    fn into_value(self) -> Value {
        self.into()
    }

    #[inline]
    fn put(self, properties: &mut cfn::Map, name: &'static str) {
        match self.into() {
            Value::Map(map) => builder::set_map(properties, name, map),
            other => builder::set(properties, name, other),
        }
    }
}

/// … or any value.
impl<B: Builder> Input<B> for Value {
    #[inline]
    fn into_value(self) -> Value {
        self
    }
}

impl<B: Builder> Input<B> for &Value {
    #[inline]
    fn into_value(self) -> Value {
        self.clone()
    }

    #[inline]
    fn put(self, properties: &mut cfn::Map, name: &'static str) {
        builder::set_copy(properties, name, self);
    }
}

impl<K, I> Input<kind::List<K>> for I
where
    I: IntoIterator,
    I::Item: Input<K>,
{
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(Input::into_value).gather())
    }
}

impl<K> Input<kind::List<K>> for Value {
    #[inline]
    fn into_value(self) -> Value {
        self
    }
}

impl<K> Input<kind::List<K>> for &Value {
    #[inline]
    fn into_value(self) -> Value {
        self.clone()
    }

    #[inline]
    fn put(self, properties: &mut cfn::Map, name: &'static str) {
        builder::set_copy(properties, name, self);
    }
}

impl<K, I, N, V> Input<kind::Map<K>> for I
where
    I: IntoIterator<Item = (N, V)>,
    N: Into<Text>,
    V: Input<K>,
{
    fn into_value(self) -> Value {
        let entries = self.into_iter().map(|(name, value)| (name.into(), value.into_value()));
        Value::Map(entries.gather::<cfn::Map>())
    }
}

impl<K> Input<kind::Map<K>> for Value {
    #[inline]
    fn into_value(self) -> Value {
        self
    }
}

impl<K> Input<kind::Map<K>> for &Value {
    #[inline]
    fn into_value(self) -> Value {
        self.clone()
    }

    #[inline]
    fn put(self, properties: &mut cfn::Map, name: &'static str) {
        builder::set_copy(properties, name, self);
    }
}

#[cfg(test)]
mod tests {
    use crate::cfn::Value;
    use crate::resources::{Builder, Resource, Tag, ec2, iam, logs};

    fn written(resource: impl Into<Resource>) -> String {
        serde_json::to_string(resource.into().properties()).unwrap()
    }

    #[test]
    fn setters_take_literals() {
        let vpc = ec2::Vpc::new()
            .cidr_block("10.0.0.0/16")
            .enable_dns_hostnames(true)
            .ipv4_netmask_length(16)
            .tags([Tag::new().key("Name").value(String::from("main"))]);
        assert_eq!(
            written(vpc),
            r#"{"CidrBlock":"10.0.0.0/16","EnableDnsHostnames":true,"Ipv4NetmaskLength":16,"Tags":[{"Key":"Name","Value":"main"}]}"#
        );
    }

    #[test]
    fn setters_take_any_value_in_place_of_a_literal() {
        let vpc = Value::reference("Vpc");
        let group = ec2::SecurityGroup::new()
            .vpc_id(&vpc)
            .security_group_ingress([
                ec2::security_group::Ingress::new().from_port(Value::reference("Port")).ip_protocol("tcp").into(),
                Value::reference("Rule"),
            ])
            .security_group_egress(Value::reference("Rules"))
            .tags(Value::from("#{Token[TOKEN.7]}"));
        assert_eq!(
            written(group),
            concat!(
                r#"{"VpcId":{"Ref":"Vpc"},"#,
                r#""SecurityGroupIngress":[{"FromPort":{"Ref":"Port"},"IpProtocol":"tcp"},{"Ref":"Rule"}],"#,
                r##""SecurityGroupEgress":{"Ref":"Rules"},"Tags":"#{Token[TOKEN.7]}"}"##
            )
        );
    }

    #[test]
    fn json_takes_text_and_maps() {
        let policy = Value::map([("Version", "2012-10-17")]);
        let role = iam::Role::new().assume_role_policy_document(policy).policies(Vec::<iam::role::Policy>::new());
        assert_eq!(written(role), r#"{"AssumeRolePolicyDocument":{"Version":"2012-10-17"},"Policies":[]}"#);
    }

    #[test]
    fn a_setter_called_twice_keeps_the_last_value() {
        let group = logs::LogGroup::new().retention_in_days(7).log_group_name("a").retention_in_days(30);
        assert_eq!(written(group), r#"{"RetentionInDays":30,"LogGroupName":"a"}"#);
    }

    #[test]
    fn an_absent_option_sets_nothing() {
        let group = logs::LogGroup::new()
            .maybe(None::<Value>, logs::LogGroup::kms_key_id)
            .maybe(Some(7), logs::LogGroup::retention_in_days)
            .with("FutureProperty", true);
        assert_eq!(written(group), r#"{"RetentionInDays":7,"FutureProperty":true}"#);
    }
}
