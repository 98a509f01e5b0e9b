//! Who may connect from other accounts, and the stacks of those who do.

use crate::cfn::{Text, Value};

use super::decode::{Decoder, SpecType};
use super::macros::{spec_choice, spec_struct};
use super::scalar::{Input, Named, OneOrMore};
use super::shape::Shape;
use super::text::{AccountId, AnyCidr, Arn, Cidr, DnsName, RegionName};

spec_struct! {
    /// Sharing through AWS PrivateLink.
    pub struct PrivateLink {
        /// Who may connect: accounts, users and roles. An account number stands for everybody in the account.
        allow "allow": Vec<Principal>,
        /// Whether a person accepts each connection. An automatic acceptance lets in whoever `allow` names.
        acceptance "acceptance": Acceptance = Acceptance::Manual,
        /// The name under which consumers reach the service.
        private_dns "privateDns": Option<PrivateDns> = None,
        /// Further Regions from which consumers may connect.
        regions "regions": Vec<Input<RegionName>> = Vec::new(),
        /// The kinds of addresses that endpoints may have. Default: those of the load balancer.
        ip_types "ipTypes": Option<Vec<EndpointIpType>> = None,
        /// Messages about new, accepted, rejected and deleted connections.
        notifications "notifications": Notifications = Notifications::default(),
        /// Whether CloudWatch ranks the endpoints by traffic.
        contributor_insights "contributorInsights": bool = false,
        /// Who pays for the endpoints. That the provider pays cannot be taken back.
        payer "payer": Payer = Payer::Consumer,
    }
}

/// Somebody who may connect.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Principal {
    /// An account number, or the ARN of an account, user or role.
    pub principal: Input<Text>,
    /// The VPCs from which they may connect; the whole account may when it is empty.
    pub vpcs: Vec<Input<Text>>,
    /// Their address ranges; needed when the security group is enforced on PrivateLink.
    pub cidrs: Vec<Input<AnyCidr>>,
}

spec_struct! {
    /// The long form of a principal.
    pub struct PrincipalForm {
        /// An account number; short for the ARN of its root.
        account "account": Option<Input<AccountId>> = None,
        /// The ARN of an account, user or role, instead of `account`.
        arn "arn": Option<Input<Arn>> = None,
        /// The VPCs from which they may connect. PrivateLink itself knows no VPCs: acceptance, the consumers' IAM policy
        /// and, when enforced, the security group carry this.
        vpcs "vpcs": Vec<Input<Text>> = Vec::new(),
        /// Their address ranges; needed when the security group is enforced on PrivateLink.
        cidrs "cidrs": Vec<Input<AnyCidr>> = Vec::new(),
    }
}

impl SpecType for Principal {
    fn shape() -> Shape {
        Shape::OneOf(vec![Input::<Text>::shape(), PrincipalForm::shape()])
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        let Value::Map(_) = value else {
            let principal = Input::decode(value, reader)?;
            return Some(Self { principal, ..Self::default() });
        };
        let form = PrincipalForm::decode(value, reader)?;
        let principal = match (form.account, form.arn) {
            (Some(account), None) => root_of(account),
            (None, Some(arn)) => text_of(arn, |arn| arn.0),
            (None, None) if reader.is_meant("account") || reader.is_meant("arn") => return None,
            _ => {
                reader.report(
                    crate::diagnostics::codes::MISSING_KEY,
                    "a principal is an account or an ARN",
                    Some("give exactly one of `account` and `arn`".to_owned()),
                );
                return None;
            }
        };
        Some(Self { principal, vpcs: form.vpcs, cidrs: form.cidrs })
    }

    fn encode(&self) -> Value {
        if self.vpcs.is_empty() && self.cidrs.is_empty() {
            return self.principal.encode();
        }
        let is_account = matches!(&self.principal, Input::Known(text) if !text.starts_with("arn:"));
        let key = if is_account { "account" } else { "arn" };
        let mut map = crate::cfn::Map::new();
        map.push(key, self.principal.encode());
        map.push("vpcs", self.vpcs.encode());
        map.push("cidrs", self.cidrs.encode());
        map.into()
    }
}

/// An account as what is allowed. AWS takes no account numbers there, and one that is known at deployment only cannot be told
/// from an ARN later on.
fn root_of(account: Input<AccountId>) -> Input<Text> {
    match account {
        Input::Known(account) => Input::Known(account.0),
        Input::Token(token) => {
            let (start, end) = (Value::from("arn:"), Value::from(":root"));
            let parts = [start, Value::reference("AWS::Partition"), Value::from(":iam::"), token, end];
            Input::Token(Value::join(parts))
        }
    }
}

fn text_of<T>(input: Input<T>, text: impl FnOnce(T) -> Text) -> Input<Text> {
    match input {
        Input::Known(value) => Input::Known(text(value)),
        Input::Token(token) => Input::Token(token),
    }
}

spec_choice! {
    /// Who accepts a connection.
    pub enum Acceptance {
        /// A person.
        Manual = "manual",
        /// Nobody has to.
        Automatic = "automatic",
    }
}

spec_struct! {
    /// The name under which consumers reach the service.
    pub struct PrivateDns {
        /// The name, in a domain that the provider owns.
        name "name": Input<DnsName>,
        /// The public hosted zone of that domain, for the record that proves it. Default: `synth` prints the record.
        hosted_zone "hostedZone": Option<Input<Text>> = None,
        /// Whether the stack starts the verification and waits for it, by a Lambda function.
        verify "verify": bool = false,
        /// Whether the name has been verified: consumers use it only then.
        verified "verified": bool = false,
    }
}

spec_choice! {
    /// A kind of address.
    pub enum EndpointIpType {
        /// IPv4.
        Ipv4 = "ipv4",
        /// IPv6.
        Ipv6 = "ipv6",
    }
}

spec_struct! {
    /// Messages about connections.
    pub struct Notifications {
        /// Whether they are sent.
        enabled "enabled": bool = true,
        /// An existing topic, by ARN. Its policy and key must let PrivateLink publish. Default: a new one.
        topic "topic": Option<Input<Arn>> = None,
        /// Who gets them by e-mail.
        emails "emails": Vec<Input<Text>> = Vec::new(),
    }
}

spec_choice! {
    /// Who pays for endpoints.
    pub enum Payer {
        /// Whoever makes them.
        Consumer = "consumer",
        /// The provider.
        Provider = "provider",
    }
}

spec_struct! {
    /// A consumer for whom a stack is made.
    pub struct Consumer {
        /// Its account.
        account "account": Option<AccountId> = None,
        /// Its Region. Default: that of the provider.
        region "region": Option<RegionName> = None,
        /// Its VPC. Default: the stack asks for it by parameters.
        vpc "vpc": Option<ConsumerVpc> = None,
        /// The address ranges from which it connects. Default: those of its VPC.
        clients "clients": Vec<Input<AnyCidr>> = Vec::new(),
        /// A name of its own for the service, in a private hosted zone that the stack makes.
        alias "alias": Option<Input<DnsName>> = None,
        /// How the stack learns the name of the endpoint service.
        service_name "serviceName": ServiceNameSource = ServiceNameSource::Parameter,
        /// A role in the provider's account that may read the outputs of the provider stack, for `serviceName:
        /// stack-output`. Default: when the accounts differ, the provider stack makes one.
        reader_role "readerRole": Option<Input<Arn>> = None,
        /// The kind of addresses of the endpoint. Default: IPv4, unless the service has IPv6 only.
        ip_type "ipType": Option<ConsumerIpType> = None,
        /// Roles that may create this endpoint and no other, by name.
        creator_roles "creatorRoles": Vec<Input<Text>> = Vec::new(),
        /// The name of the stack in CloudFormation. Default: made from the name of the consumer.
        stack_name "stackName": Option<Text> = None,
    }
}

spec_choice! {
    /// How a consumer stack learns the name of the endpoint service.
    pub enum ServiceNameSource {
        /// By a parameter, which the hand-off sheet tells.
        Parameter = "parameter",
        /// By `Fn::GetStackOutput` from the provider stack, with a role that may read it.
        StackOutput = "stack-output",
    }
}

spec_choice! {
    /// The kind of addresses of an endpoint. All its subnets must have them.
    pub enum ConsumerIpType {
        /// IPv4.
        Ipv4 = "ipv4",
        /// IPv6.
        Ipv6 = "ipv6",
        /// IPv4 and IPv6.
        Dualstack = "dualstack",
    }
}

spec_struct! {
    /// The VPC of a consumer.
    pub struct ConsumerVpc {
        /// The VPC. It must have DNS support and DNS hostnames on.
        id "id": Input<Text>,
        /// Its address ranges.
        cidrs "cidrs": OneOrMore<Input<Cidr>>,
        /// The subnets for the endpoint, one per Availability Zone.
        subnets "subnets": Vec<Input<Text>>,
    }
}

/// The consumers by name.
pub type Consumers = Named<Consumer>;
