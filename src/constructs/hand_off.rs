//! The hand-off sheet: what a consumer needs to know, as Markdown.

use crate::aws::load_balancer::{Protocol, TLS_IDLE_TIMEOUT};
use crate::aws::{prices, private_link::quotas};
use crate::cfn::Gather as _;
use crate::cfn::Value;
use crate::spec::text::{AccountId, DnsName, RegionName};
use crate::spec::{self, Acceptance, Input, Payer, ServiceNameSource};

use super::consumer::{
    ENDPOINT_ID_OUTPUT, Provider, SERVICE_DNS_NAME_OUTPUT, SERVICE_NAME_PARAMETER, needs_opt_in, remote_region,
};
use super::endpoint_service::{SERVICE_ID_OUTPUT, SERVICE_NAME_OUTPUT, supported_types};
use super::principals::{self, Coverage};
use super::{Stack, private_dns};

/// Everything that the sheet is about.
struct Sheet<'a> {
    name: &'a str,
    settings: &'a spec::Consumer,
    provider: &'a Provider<'a>,
    stack: &'a Stack,
    text: String,
}

/// What the consumer `name` needs to know to deploy and use `stack`, the one that
/// [`Consumer::stack`](super::Consumer::stack) made for it.
#[must_use]
pub fn hand_off(name: &str, settings: &spec::Consumer, provider: &Provider<'_>, stack: &Stack) -> String {
    let mut sheet = Sheet { name, settings, provider, stack, text: String::new() };
    sheet.heading();
    sheet.service();
    sheet.before();
    sheet.deploy();
    sheet.acceptance();
    sheet.usage();
    sheet.cost();
    sheet.removal();
    sheet.text
}

/// The command that deploys a consumer stack, with a placeholder for each value that has to be given.
#[must_use]
pub fn deploy_command(stack: &Stack) -> String {
    let mut command = format!("cdk deploy {}", stack.id());
    for (parameter, definition) in stack.parameters().iter() {
        if definition.get("Default").is_none() {
            let value =
                if parameter == SERVICE_NAME_PARAMETER { "SERVICE_NAME".to_owned() } else { placeholder(parameter) };
            command.push_str(&format!(" \\\n  --parameters {}:{parameter}={value}", stack.name()));
        }
    }
    command
}

/// `VpcId` becomes `VPC_ID`.
fn placeholder(parameter: &str) -> String {
    let mut words = String::new();
    for letter in parameter.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.push(letter.to_ascii_uppercase());
    }
    words
}

/// The command that reads an output of a stack.
fn output_command(stack: &Stack, output: &str) -> String {
    let region = stack.props().env.region.as_ref().map(RegionName::as_str);
    let region = region.map(|region| format!(" --region {region}")).unwrap_or_default();
    format!(
        "aws cloudformation describe-stacks{region} --stack-name {} \\\n  --query \"Stacks[0].Outputs[?OutputKey=='{output}'].OutputValue\" --output text",
        stack.name()
    )
}

impl Sheet<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    fn section(&mut self, title: &str) {
        self.line(format!("\n## {title}\n"));
    }

    fn code(&mut self, code: &str) {
        self.line(format!("```sh\n{code}\n```"));
    }

    fn row(&mut self, what: &str, value: impl AsRef<str>) {
        self.line(format!("| {what} | {} |", value.as_ref()));
    }

    fn heading(&mut self) {
        self.line(format!("# Connecting `{}` to `{}`\n", self.name, self.provider.stack.name()));
        let place = self.provider.place();
        self.line(format!(
            "The account {} shares the service through AWS PrivateLink in the Region {}.",
            shown(place.account),
            shown(place.region)
        ));
        let env = &self.stack.props().env;
        self.line(format!(
            "The stack `{}` makes the endpoint for it in the account {} in the Region {}.",
            self.stack.name(),
            shown(env.account.as_ref().map(AccountId::as_str)),
            shown(env.region.as_ref().map(RegionName::as_str))
        ));
    }

    fn service(&mut self) {
        self.section("The service");
        self.line("| | |\n|---|---|");
        self.row(
            "Service name",
            format!("the output `{SERVICE_NAME_OUTPUT}` of the stack `{}`", self.provider.stack.name()),
        );
        self.row("Ports", self.ports());
        self.row("Allowed", self.allowed());
        self.row("Acceptance", acceptance_word(self.provider.settings.acceptance));
        self.row("Private DNS name", self.private_dns());
        self.row("TLS", self.tls());
        let types = supported_types(self.provider.settings, self.provider.load_balancer.dualstack);
        self.row("Addresses of the endpoint", types.join(", "));
        self.row("Other Regions", self.regions());
        self.row("Zones of the load balancer", self.provider.load_balancer.zones.to_string());
        self.row("Largest packet", format!("{} bytes; larger ones are dropped without a word", quotas::MTU));
        self.row(
            "Idle connections",
            format!(
                "closed after {TLS_IDLE_TIMEOUT} seconds at the latest on the way through PrivateLink: send keepalives"
            ),
        );
        self.row("Address that the service sees", "one of its load balancer, not that of the client");
    }

    fn ports(&self) -> String {
        let ports = self.provider.ports().map(|(protocol, port)| {
            let port = port.as_int().unwrap_or_default();
            match protocol {
                Protocol::Tls => format!("{port} (TLS over TCP)"),
                Protocol::TcpUdp => format!("{port} (TCP and UDP)"),
                other => format!("{port} ({})", other.name()),
            }
        });
        ports.gather::<Vec<_>>().join(", ")
    }

    fn allowed(&self) -> String {
        let Some(account) = self.settings.account.as_ref().map(AccountId::as_str) else {
            return "see with the provider that your account is in the allow-list".to_owned();
        };
        match principals::coverage(self.provider.settings, account) {
            Coverage::From(vpcs) if vpcs.is_empty() => format!("principals of the account `{account}`, from any VPC"),
            Coverage::From(vpcs) => {
                let known = vpcs.iter().map(|vpc| vpc.known().map_or("one that is known later", AsRef::as_ref));
                let names: Vec<&str> = known.gather();
                format!("principals of the account `{account}`, from the VPCs {}", spec::decode::quoted(&names))
            }
            Coverage::Unknown => format!("`{account}`, if the allow-list that is known at deployment has it"),
            Coverage::No => format!("`{account}` is not allowed yet"),
        }
    }

    /// By what clients call the service, when that is not the name of the endpoint.
    fn called(&self) -> Option<String> {
        let verified = || self.provider.verified_name().map(|dns| &dns.name);
        self.settings.alias.as_ref().or_else(verified).map(name_of)
    }

    fn private_dns(&self) -> String {
        match &self.provider.settings.private_dns {
            None => "none".to_owned(),
            Some(dns) if dns.verified => {
                format!("{}, verified: clients in the VPC use it as it is", name_of(&dns.name))
            }
            Some(dns) => format!("{}, not verified yet: the endpoint is made without it", name_of(&dns.name)),
        }
    }

    fn tls(&self) -> String {
        let ends_here = self.provider.ports().any(|(protocol, _)| protocol == Protocol::Tls);
        match (ends_here, self.called()) {
            (true, Some(name)) => format!("ends at the load balancer; call {name}, which its certificate must have"),
            (true, None) => {
                "ends at the load balancer; its certificate does not have the name of the endpoint".to_owned()
            }
            (false, _) => {
                "does not end at the load balancer; whether the service itself speaks it, its owner knows".to_owned()
            }
        }
    }

    fn regions(&self) -> String {
        if self.provider.settings.regions.is_empty() {
            return "none".to_owned();
        }
        let regions = self.provider.settings.regions.iter();
        let names: Vec<&str> = regions.map(|region| region.known().map_or(LATE, RegionName::as_str)).gather();
        names.join(", ")
    }

    fn before(&mut self) {
        self.section("Before you deploy");
        if self.called().is_some() {
            self.line("- The VPC has DNS support and DNS hostnames on.");
        }
        self.line("- There is a subnet in each Availability Zone that you use, one per zone, with a free address.");
        let remote = remote_region(self.settings, self.provider).map(str::to_owned);
        if let Some(region) = remote {
            self.line(format!("- The service is in another Region, `{region}`. Its zones need not be yours."));
            if needs_opt_in(&region) {
                self.line(format!("- Your account has enabled the Region `{region}`."));
            }
            self.line("- Whoever deploys may do `vpce:AllowMultiRegion`.");
        } else {
            self.line(
                "- The zones are among those of the service. Zone names differ between accounts, so ask AWS which of",
            );
            self.line("  yours they are:\n");
            self.code(
                "aws ec2 describe-vpc-endpoint-services --service-names SERVICE_NAME \\\n  --query \"ServiceDetails[0].AvailabilityZones\"",
            );
        }
        if !self.settings.creator_roles.is_empty() {
            self.line("- The roles that may create the endpoint exist.");
        }
    }

    fn deploy(&mut self) {
        self.section("Deploy");
        if self.settings.service_name == ServiceNameSource::Parameter {
            self.line("The provider reads the service name:\n");
            self.code(&output_command(self.provider.stack, SERVICE_NAME_OUTPUT));
            self.line("\nThe consumer deploys with it:\n");
        } else {
            self.line("The stack reads the service name from the stack of the provider:\n");
        }
        self.code(&deploy_command(self.stack));
    }

    fn acceptance(&mut self) {
        self.section("Accept");
        if self.provider.settings.acceptance == Acceptance::Automatic {
            return self.line("Nobody has to accept the connection.");
        }
        self.line(format!(
            "The provider accepts the endpoint whose ID is the output `{ENDPOINT_ID_OUTPUT}` of the stack `{}`, and no other.",
            self.stack.name()
        ));
        self.line("Until then connections time out.");
        if self.limited_to_vpcs() {
            self.line("Only certain VPCs are allowed, so the provider looks at the owner and asks for the VPC of the endpoint.");
        }
        self.line("\nThe consumer reads the ID:\n");
        self.code(&output_command(self.stack, ENDPOINT_ID_OUTPUT));
        self.line("\nThe provider accepts it:\n");
        let region = self.provider.place().region.map(|region| format!(" --region {region}")).unwrap_or_default();
        self.code(&format!(
            "aws ec2 accept-vpc-endpoint-connections{region} \\\n  --service-id SERVICE_ID --vpc-endpoint-ids ENDPOINT_ID"
        ));
        self.line(format!(
            "\n`SERVICE_ID` is the output `{SERVICE_ID_OUTPUT}` of the stack `{}`.",
            self.provider.stack.name()
        ));
    }

    fn limited_to_vpcs(&self) -> bool {
        let account = self.settings.account.as_ref().map(AccountId::as_str);
        let coverage = account.map(|account| principals::coverage(self.provider.settings, account));
        matches!(coverage, Some(Coverage::From(vpcs)) if !vpcs.is_empty())
    }

    fn usage(&mut self) {
        self.section("Use");
        match self.called() {
            Some(name) => self.line(format!("- Clients call {name}.")),
            None => self.line(format!(
                "- Clients call the name that is the output `{SERVICE_DNS_NAME_OUTPUT}` of the stack `{}`.",
                self.stack.name()
            )),
        }
        self.line(format!("- The endpoint admits {} on the ports {}.", self.clients(), self.ports()));
        self.line("- The security groups of the clients must let them out to the same ports.");
        if self.provider.load_balancer.enforces_private_link {
            self.line(
                "- The load balancer admits only the address ranges that the provider has of you; tell it of new ones.",
            );
        }
        self.unverified_name();
    }

    fn clients(&self) -> String {
        let ranges: Vec<String> = match (&self.settings.vpc, self.settings.clients.is_empty()) {
            (_, false) => self.settings.clients.iter().map(|range| code_of(&range.to_value())).gather(),
            (Some(vpc), true) => vpc.cidrs.0.iter().map(|range| code_of(&range.to_value())).gather(),
            (None, true) => vec!["the parameter `ClientCidr`".to_owned()],
        };
        ranges.join(", ")
    }

    fn unverified_name(&mut self) {
        let Some(dns) = self.provider.settings.private_dns.as_ref().filter(|dns| !dns.verified) else { return };
        let name = name_of(&dns.name);
        self.line(format!(
            "- Once {name} is verified, the provider sets `verified: true`, and both stacks are deployed again."
        ));
        if dns.hosted_zone.is_none() {
            self.line(format!(
                "  The record that the provider makes in public DNS is in the outputs `{}` and `{}`.",
                private_dns::RECORD_NAME_OUTPUT,
                private_dns::RECORD_VALUE_OUTPUT
            ));
        }
    }

    fn cost(&mut self) {
        self.section("Cost");
        if self.provider.settings.payer == Payer::Provider {
            return self.line("The provider pays for the endpoint.");
        }
        let region = self.stack.props().env.region.as_ref().map(RegionName::as_str).unwrap_or_default();
        match prices::endpoint_hour(region) {
            Some(hour) => {
                let month = prices::per_month(hour);
                self.line(format!(
                    "{} USD for each hour and Availability Zone ({month} USD a month), and {} USD for each GB (prices of {}).",
                    prices::dollars(hour),
                    prices::dollars(prices::ENDPOINT_GIGABYTE),
                    prices::AS_OF
                ));
            }
            None => self
                .line("See the AWS PrivateLink pricing of your Region: each hour, Availability Zone and GB is billed."),
        }
        self.line("The hours count from the creation of the endpoint until it is deleted, accepted or not.");
        if remote_region(self.settings, self.provider).is_some() {
            self.line("Data transfer between the Regions comes on top.");
        }
    }

    fn removal(&mut self) {
        self.section("Take it away again");
        self.line("In this order, since AWS refuses every other:\n");
        self.line(format!(
            "1. The consumer deletes the stack `{}`: `cdk destroy {}`.",
            self.stack.name(),
            self.stack.id()
        ));
        self.line("2. The provider takes the principal out of the allow-list. That alone would cut no connection.");
        self.line("3. The last one gone, the provider can delete the endpoint service, and then the load balancer.");
    }
}

fn acceptance_word(acceptance: Acceptance) -> &'static str {
    match acceptance {
        Acceptance::Manual => "by a person at the provider",
        Acceptance::Automatic => "not needed",
    }
}

fn shown(value: Option<&str>) -> String {
    value.map_or("that it is deployed to".to_owned(), |value| format!("`{value}`"))
}

/// What stands for what is known at deployment only.
const LATE: &str = "one that is known at deployment";

/// A DNS name in backticks; one that is known at deployment only in words.
fn name_of(name: &Input<DnsName>) -> String {
    name.known().map_or(LATE.to_owned(), |name| format!("`{}`", name.as_str()))
}

/// A value in backticks; one that is known at deployment only in words.
fn code_of(value: &Value) -> String {
    match value.as_str().filter(|_| value.is_literal()) {
        Some(text) => format!("`{text}`"),
        None => "a range that is known at deployment".to_owned(),
    }
}
