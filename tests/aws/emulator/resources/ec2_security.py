"""AWS::EC2 security groups: groups with inline rules, standalone rules, prefix lists."""

from typing import Any

from . import Context, Handler, gone, handles, list_change, pick
from .ec2_network import remove, retag, specification

# The rules that EC2 gives a new group; the second one in a VPC with IPv6.
EVERYWHERE = (
    {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
    {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
)


def drop_allow_all(ctx: Context, group: str) -> None:
    """Take a new group's allow-all rules away, as CloudFormation does when a template has its own."""
    for rule in EVERYWHERE:
        try:
            ctx.call("ec2", "RevokeSecurityGroupEgress", GroupId=group, IpPermissions=[rule])
        except Exception as error:
            if not gone(error, "InvalidPermission.NotFound"):
                raise


def permission(rule: dict[str, Any], egress: bool) -> dict[str, Any]:
    """A CloudFormation rule as an EC2 IP permission."""
    found: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"])}
    found.update(pick(rule, "FromPort", "ToPort"))
    text = {"Description": rule["Description"]} if rule.get("Description") else {}
    if rule.get("CidrIp"):
        found["IpRanges"] = [{"CidrIp": rule["CidrIp"], **text}]
    if rule.get("CidrIpv6"):
        found["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **text}]
    side = "Destination" if egress else "Source"
    group, prefix_list = rule.get(f"{side}SecurityGroupId"), rule.get(f"{side}PrefixListId")
    if group:
        owner = {"UserId": rule["SourceSecurityGroupOwnerId"]} if rule.get("SourceSecurityGroupOwnerId") else {}
        found["UserIdGroupPairs"] = [{"GroupId": group, **owner, **text}]
    if prefix_list:
        found["PrefixListIds"] = [{"PrefixListId": prefix_list, **text}]
    return found


def _authorize(ctx: Context, group: str, rules: list[dict[str, Any]], egress: bool) -> None:
    way = "Egress" if egress else "Ingress"
    for rule in rules:
        ctx.call("ec2", f"AuthorizeSecurityGroup{way}", GroupId=group, IpPermissions=[permission(rule, egress)])


def _revoke(ctx: Context, group: str, rules: list[dict[str, Any]], egress: bool) -> None:
    way = "Egress" if egress else "Ingress"
    for rule in rules:
        wanted = permission(rule, egress)
        for kind in ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds"):
            for item in wanted.get(kind, []):
                item.pop("Description", None)
        remove(ctx, f"RevokeSecurityGroup{way}", GroupId=group, IpPermissions=[wanted])


@handles("AWS::EC2::SecurityGroup")
class SecurityGroup(Handler):
    updates = frozenset({"SecurityGroupIngress", "SecurityGroupEgress", "Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("ec2", "CreateSecurityGroup",
                        GroupName=props.get("GroupName") or ctx.name(255),
                        Description=props["GroupDescription"], VpcId=props.get("VpcId"),
                        TagSpecifications=specification("security-group", props))  # fmt: skip
        group = made["GroupId"]
        try:
            if props.get("SecurityGroupEgress"):
                drop_allow_all(ctx, group)
                _authorize(ctx, group, props["SecurityGroupEgress"], egress=True)
            _authorize(ctx, group, props.get("SecurityGroupIngress") or [], egress=False)
        except Exception:
            ctx.call("ec2", "DeleteSecurityGroup", GroupId=group)
            raise
        return group

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        for key, egress in (("SecurityGroupIngress", False), ("SecurityGroupEgress", True)):
            added, removed = list_change(old.get(key), new.get(key))
            _revoke(ctx, physical, removed, egress)
            _authorize(ctx, physical, added, egress)
        retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteSecurityGroup", GroupId=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("ec2", "DescribeSecurityGroups", GroupIds=[physical])["SecurityGroups"][0]
        return {"GroupId": physical, "Id": physical, "VpcId": found["VpcId"]}


class Rule(Handler):
    """A rule of its own; only its description can change in place."""

    egress = False
    updates = frozenset({"Description"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        if self.egress:
            drop_allow_all(ctx, props["GroupId"])
        way = "Egress" if self.egress else "Ingress"
        made = ctx.call("ec2", f"AuthorizeSecurityGroup{way}", GroupId=props["GroupId"],
                        IpPermissions=[permission(props, self.egress)])  # fmt: skip
        return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        way = "Egress" if self.egress else "Ingress"
        ctx.call("ec2", f"UpdateSecurityGroupRuleDescriptions{way}", GroupId=new["GroupId"],
                 IpPermissions=[permission(new, self.egress)])  # fmt: skip

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        _revoke(ctx, props["GroupId"], [props], self.egress)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}


@handles("AWS::EC2::SecurityGroupIngress")
class SecurityGroupIngress(Rule):
    """An ingress rule."""


@handles("AWS::EC2::SecurityGroupEgress")
class SecurityGroupEgress(Rule):
    """An egress rule."""

    egress = True


@handles("AWS::EC2::PrefixList")
class PrefixList(Handler):
    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        given = pick(props, "PrefixListName", "AddressFamily", "MaxEntries", "Entries")
        return ctx.call("ec2", "CreateManagedPrefixList", **given)["PrefixList"]["PrefixListId"]

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteManagedPrefixList", PrefixListId=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"PrefixListId": physical}
