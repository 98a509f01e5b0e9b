"""AWS::EC2 endpoints and endpoint services."""

import json
from typing import Any

from ..faults import Fault
from . import Context, Handler, handles, list_change, pick
from .ec2_network import remove, retag, specification

INSIGHT_RULES = ("ActiveConnections", "Bytes", "NewConnections", "RstPackets")


def _policy(value: Any) -> str | None:
    return json.dumps(value) if isinstance(value, dict) else value


def _refuse_unsuccessful(answer: dict[str, Any]) -> None:
    for item in answer.get("Unsuccessful", []):
        code = item["Error"]["Code"]
        if "NotFound" not in code:
            raise Fault(code, item["Error"]["Message"])


@handles("AWS::EC2::VPCEndpoint")
class VpcEndpoint(Handler):
    updates = frozenset({"PolicyDocument", "RouteTableIds", "SubnetIds", "SecurityGroupIds",
                         "PrivateDnsEnabled", "IpAddressType", "DnsOptions", "Tags"})  # fmt: skip
    members = ("VpcId", "ServiceName", "VpcEndpointType", "RouteTableIds", "SubnetIds",
               "SecurityGroupIds", "IpAddressType", "DnsOptions", "ServiceRegion")  # fmt: skip

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        given = pick(props, *self.members)
        if given.get("VpcEndpointType") == "Interface":
            # The property's default is false, unlike the API's.
            given["PrivateDnsEnabled"] = props.get("PrivateDnsEnabled", False)
        made = ctx.call("ec2", "CreateVpcEndpoint", **given,
                        PolicyDocument=_policy(props.get("PolicyDocument")),
                        TagSpecifications=specification("vpc-endpoint", props))  # fmt: skip
        return made["VpcEndpoint"]["VpcEndpointId"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        given: dict[str, Any] = {}
        for key, single in (("RouteTableIds", "RouteTableIds"), ("SubnetIds", "SubnetIds"),
                            ("SecurityGroupIds", "SecurityGroupIds")):  # fmt: skip
            added, removed = list_change(old.get(key), new.get(key))
            given[f"Add{single}"], given[f"Remove{single}"] = added or None, removed or None
        if old.get("PolicyDocument") != new.get("PolicyDocument"):
            if new.get("PolicyDocument"):
                given["PolicyDocument"] = _policy(new["PolicyDocument"])
            else:
                given["ResetPolicy"] = True
        if old.get("PrivateDnsEnabled") != new.get("PrivateDnsEnabled"):
            given["PrivateDnsEnabled"] = bool(new.get("PrivateDnsEnabled", False))
        for key in ("IpAddressType", "DnsOptions"):
            if old.get(key) != new.get(key) and new.get(key):
                given[key] = new[key]
        if any(value is not None for value in given.values()):
            ctx.call("ec2", "ModifyVpcEndpoint", VpcEndpointId=physical, **given)
        retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        _refuse_unsuccessful(ctx.call("ec2", "DeleteVpcEndpoints", VpcEndpointIds=[physical]))

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("ec2", "DescribeVpcEndpoints", VpcEndpointIds=[physical])["VpcEndpoints"][0]
        return {
            "Id": physical,
            "CreationTimestamp": found["CreationTimestamp"].isoformat(),
            "DnsEntries": [f"{item['HostedZoneId']}:{item['DnsName']}" for item in found["DnsEntries"]],
            "NetworkInterfaceIds": found["NetworkInterfaceIds"],
        }


@handles("AWS::EC2::VPCEndpointService")
class VpcEndpointService(Handler):
    updates = frozenset({"AcceptanceRequired", "NetworkLoadBalancerArns", "PrivateDnsName",
                         "SupportedIpAddressTypes", "SupportedRegions", "PayerResponsibility",
                         "ContributorInsightsEnabled", "Tags"})  # fmt: skip

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        members = ("AcceptanceRequired", "NetworkLoadBalancerArns", "GatewayLoadBalancerArns",
                   "PrivateDnsName", "SupportedIpAddressTypes", "SupportedRegions")  # fmt: skip
        made = ctx.call("ec2", "CreateVpcEndpointServiceConfiguration", **pick(props, *members),
                        TagSpecifications=specification("vpc-endpoint-service", props))  # fmt: skip
        service_id = made["ServiceConfiguration"]["ServiceId"]
        self._extras(ctx, service_id, {}, props)
        return service_id

    def _extras(self, ctx: Context, service_id: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        payer = new.get("PayerResponsibility")
        if payer != old.get("PayerResponsibility"):
            if payer is None:
                raise Fault("InvalidRequest", "PayerResponsibility cannot be reverted")
            ctx.call("ec2", "ModifyVpcEndpointServicePayerResponsibility", ServiceId=service_id,
                     PayerResponsibility=payer)  # fmt: skip
        arn = f"arn:aws:ec2:{ctx.arn_prefix}:vpc-endpoint-service/{service_id}"
        wanted = bool(new.get("ContributorInsightsEnabled"))
        if wanted == bool(old.get("ContributorInsightsEnabled")):
            return
        if wanted:
            rules = [
                {"TemplateName": f"VpcEndpointService-{name}ByEndpointId-v1", "ResourceARN": arn}
                for name in INSIGHT_RULES
            ]
            ctx.call("cloudwatch", "PutManagedInsightRules", ManagedRules=rules)
        else:
            found = ctx.call("cloudwatch", "ListManagedInsightRules", ResourceARN=arn)["ManagedRules"]
            names = [item["RuleState"]["RuleName"] for item in found]
            ctx.call("cloudwatch", "DeleteInsightRules", RuleNames=names)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        given: dict[str, Any] = {}
        for key in ("NetworkLoadBalancerArns", "SupportedIpAddressTypes", "SupportedRegions"):
            added, removed = list_change(old.get(key), new.get(key))
            given[f"Add{key}"], given[f"Remove{key}"] = added or None, removed or None
        if old.get("AcceptanceRequired") != new.get("AcceptanceRequired"):
            given["AcceptanceRequired"] = new.get("AcceptanceRequired", True)
        if old.get("PrivateDnsName") != new.get("PrivateDnsName"):
            name = new.get("PrivateDnsName")
            given.update({"PrivateDnsName": name} if name else {"RemovePrivateDnsName": True})
        if any(value is not None for value in given.values()):
            ctx.call("ec2", "ModifyVpcEndpointServiceConfiguration", ServiceId=physical, **given)
        self._extras(ctx, physical, old, new)
        retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        if props.get("ContributorInsightsEnabled"):
            self._extras(ctx, physical, props, {**props, "ContributorInsightsEnabled": False})
        answer = ctx.call("ec2", "DeleteVpcEndpointServiceConfigurations", ServiceIds=[physical])
        _refuse_unsuccessful(answer)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("ec2", "DescribeVpcEndpointServiceConfigurations", ServiceIds=[physical])
        dns = found["ServiceConfigurations"][0].get("PrivateDnsNameConfiguration", {})
        return {
            "ServiceId": physical,
            **{f"PrivateDnsNameConfiguration.{key}": value for key, value in dns.items()},
        }


@handles("AWS::EC2::VPCEndpointServicePermissions")
class VpcEndpointServicePermissions(Handler):
    updates = frozenset({"AllowedPrincipals"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        self._set(ctx, props["ServiceId"], [], props.get("AllowedPrincipals") or [])
        return props["ServiceId"]

    def _set(self, ctx: Context, service_id: str, old: list[str], new: list[str]) -> None:
        """The resource owns the whole list: whatever is not in it is revoked."""
        answer = ctx.call("ec2", "DescribeVpcEndpointServicePermissions", ServiceId=service_id)
        current = [item["Principal"] for item in answer["AllowedPrincipals"]]
        added, removed = list_change(current, new)
        if added or removed:
            ctx.call("ec2", "ModifyVpcEndpointServicePermissions", ServiceId=service_id,
                     AddAllowedPrincipals=added or None, RemoveAllowedPrincipals=removed or None)  # fmt: skip

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._set(ctx, physical, old.get("AllowedPrincipals") or [], new.get("AllowedPrincipals") or [])

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            self._set(ctx, physical, [], [])
        except Exception as error:
            if "NotFound" not in str(error):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}


@handles("AWS::EC2::VPCEndpointConnectionNotification")
class VpcEndpointConnectionNotification(Handler):
    updates = frozenset({"ConnectionEvents", "ConnectionNotificationArn"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("ec2", "CreateVpcEndpointConnectionNotification",
                        ServiceId=props.get("ServiceId"), VpcEndpointId=props.get("VPCEndpointId"),
                        **pick(props, "ConnectionEvents", "ConnectionNotificationArn"))  # fmt: skip
        return made["ConnectionNotification"]["ConnectionNotificationId"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        ctx.call("ec2", "ModifyVpcEndpointConnectionNotification", ConnectionNotificationId=physical,
                 **pick(new, "ConnectionEvents", "ConnectionNotificationArn"))  # fmt: skip

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteVpcEndpointConnectionNotifications", ConnectionNotificationIds=[physical])

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"VPCEndpointConnectionNotificationId": physical}
