//! The intrinsic functions of CloudFormation.

use super::Value;

/// An intrinsic function and its argument, as the long form `{"Fn::Name": argument}` has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Intrinsic {
    /// Which function.
    pub function: Function,
    /// Its argument, whose shape depends on the function.
    pub argument: Value,
}

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident = $long:literal, $short:literal;)+) => {
        /// An intrinsic function. Source: the template reference of the CloudFormation user guide, "Intrinsic function
        /// reference" and "Rule-specific intrinsic functions".
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $($(#[$doc])* $variant,)+
        }

        impl Function {
            /// All functions.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The key of the long form, such as `Fn::Join`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $long),+ }
            }

            /// The YAML tag of the short form without its `!`, such as `Join`.
            #[must_use]
            pub const fn tag(self) -> &'static str {
                match self { $(Self::$variant => $short),+ }
            }

            /// The function whose long form has this key.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($long => Some(Self::$variant),)+ _ => None }
            }

            /// The function with this YAML tag (without its `!`).
            #[must_use]
            pub fn from_tag(tag: &str) -> Option<Self> {
                match tag { $($short => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

functions! {
    /// The value of a parameter, or the identity of a resource.
    Ref = "Ref", "Ref";
    /// A condition, by name.
    Condition = "Condition", "Condition";
    /// An attribute of a resource.
    GetAtt = "Fn::GetAtt", "GetAtt";
    /// Text with `${…}` replaced.
    Sub = "Fn::Sub", "Sub";
    /// A list joined by a delimiter.
    Join = "Fn::Join", "Join";
    /// Text split at a delimiter.
    Split = "Fn::Split", "Split";
    /// One element of a list.
    Select = "Fn::Select", "Select";
    /// One of two values, by a condition.
    If = "Fn::If", "If";
    /// Whether two values are equal.
    Equals = "Fn::Equals", "Equals";
    /// Whether all conditions hold.
    And = "Fn::And", "And";
    /// Whether any condition holds.
    Or = "Fn::Or", "Or";
    /// Whether a condition does not hold.
    Not = "Fn::Not", "Not";
    /// A value that another stack exports.
    ImportValue = "Fn::ImportValue", "ImportValue";
    /// An output of another stack, in another account or Region too.
    GetStackOutput = "Fn::GetStackOutput", "GetStackOutput";
    /// A value of a mapping.
    FindInMap = "Fn::FindInMap", "FindInMap";
    /// The Availability Zones of a Region.
    GetAzs = "Fn::GetAZs", "GetAZs";
    /// A list of CIDR blocks cut out of one.
    Cidr = "Fn::Cidr", "Cidr";
    /// Text in Base64.
    Base64 = "Fn::Base64", "Base64";
    /// The result of a macro.
    Transform = "Fn::Transform", "Transform";
    /// The length of a list.
    Length = "Fn::Length", "Length";
    /// A value as JSON text.
    ToJsonString = "Fn::ToJsonString", "ToJsonString";
    /// In rules: whether a list contains a value.
    Contains = "Fn::Contains", "Contains";
    /// In rules: whether each member of one list is in another.
    EachMemberIn = "Fn::EachMemberIn", "EachMemberIn";
    /// In rules: whether each member of a list equals a value.
    EachMemberEquals = "Fn::EachMemberEquals", "EachMemberEquals";
    /// In rules: all values of a parameter type.
    RefAll = "Fn::RefAll", "RefAll";
    /// In rules: an attribute of a parameter's value.
    ValueOf = "Fn::ValueOf", "ValueOf";
    /// In rules: attributes of all values of a parameter type.
    ValueOfAll = "Fn::ValueOfAll", "ValueOfAll";
}
