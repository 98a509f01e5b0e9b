"""AWS::ElasticLoadBalancingV2."""

from typing import Any

from . import Context, Handler, gone, handles, list_change, pick, tags

HEALTH = ("HealthCheckProtocol", "HealthCheckPort", "HealthCheckEnabled", "HealthCheckPath",
          "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "HealthyThresholdCount",
          "UnhealthyThresholdCount", "Matcher")  # fmt: skip


def _retag(ctx: Context, arn: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    added, removed = list_change(tags(old), tags(new))
    kept = {tag["Key"] for tag in tags(new)}
    dropped = [tag["Key"] for tag in removed if tag["Key"] not in kept]
    if dropped:
        ctx.call("elbv2", "RemoveTags", ResourceArns=[arn], TagKeys=dropped)
    if added:
        ctx.call("elbv2", "AddTags", ResourceArns=[arn], Tags=added)


def _attributes(props: dict[str, Any], key: str) -> list[dict[str, str]]:
    return [{"Key": item["Key"], "Value": str(item["Value"])} for item in props.get(key) or []]


@handles("AWS::ElasticLoadBalancingV2::LoadBalancer")
class LoadBalancer(Handler):
    updates = frozenset({"LoadBalancerAttributes", "SecurityGroups", "Subnets", "SubnetMappings",
                         "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "IpAddressType",
                         "EnablePrefixForIpv6SourceNat", "MinimumLoadBalancerCapacity", "Tags"})  # fmt: skip
    members = ("Type", "Scheme", "Subnets", "SubnetMappings", "SecurityGroups", "IpAddressType",
               "EnablePrefixForIpv6SourceNat")  # fmt: skip
    enforcement = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("Name") or ctx.name(32)
        made = ctx.call("elbv2", "CreateLoadBalancer", Name=name, **pick(props, *self.members),
                        Tags=tags(props) or None)  # fmt: skip
        arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        try:
            self._rest(ctx, arn, {}, props)
        except Exception:
            ctx.call("elbv2", "DeleteLoadBalancer", LoadBalancerArn=arn)
            raise
        return arn

    def _rest(self, ctx: Context, arn: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """What CreateLoadBalancer does not take."""
        if old.get(self.enforcement) != new.get(self.enforcement):
            ctx.call("elbv2", "SetSecurityGroups", LoadBalancerArn=arn,
                     SecurityGroups=new.get("SecurityGroups") or [],
                     **{self.enforcement: new.get(self.enforcement, "on")})  # fmt: skip
        wanted = _attributes(new, "LoadBalancerAttributes")
        if wanted and wanted != _attributes(old, "LoadBalancerAttributes"):
            ctx.call("elbv2", "ModifyLoadBalancerAttributes", LoadBalancerArn=arn, Attributes=wanted)
        if old.get("MinimumLoadBalancerCapacity") != new.get("MinimumLoadBalancerCapacity"):
            wanted_capacity = new.get("MinimumLoadBalancerCapacity")
            given = (
                {"MinimumLoadBalancerCapacity": wanted_capacity}
                if wanted_capacity
                else {"ResetCapacityReservation": True}
            )
            ctx.call("elbv2", "ModifyCapacityReservation", LoadBalancerArn=arn, **given)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        if old.get("SecurityGroups") != new.get("SecurityGroups"):
            ctx.call("elbv2", "SetSecurityGroups", LoadBalancerArn=physical,
                     SecurityGroups=new.get("SecurityGroups") or [])  # fmt: skip
        placed = pick(new, "Subnets", "SubnetMappings")
        if placed != pick(old, "Subnets", "SubnetMappings"):
            ctx.call("elbv2", "SetSubnets", LoadBalancerArn=physical, **placed)
        if old.get("IpAddressType") != new.get("IpAddressType"):
            ctx.call("elbv2", "SetIpAddressType", LoadBalancerArn=physical,
                     IpAddressType=new.get("IpAddressType", "ipv4"))  # fmt: skip
        self._rest(ctx, physical, old, new)
        _retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("elbv2", "DeleteLoadBalancer", LoadBalancerArn=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        answer = ctx.call("elbv2", "DescribeLoadBalancers", LoadBalancerArns=[physical])
        found = answer["LoadBalancers"][0]
        return {
            "LoadBalancerArn": physical,
            "DNSName": found["DNSName"],
            "CanonicalHostedZoneID": found["CanonicalHostedZoneId"],
            "LoadBalancerName": found["LoadBalancerName"],
            "LoadBalancerFullName": physical.split("loadbalancer/", 1)[1],
            "SecurityGroups": found.get("SecurityGroups", []),
        }


@handles("AWS::ElasticLoadBalancingV2::TargetGroup")
class TargetGroup(Handler):
    updates = frozenset({*HEALTH, "TargetGroupAttributes", "Tags"})
    members = ("Protocol", "Port", "VpcId", "TargetType", "IpAddressType", "ProtocolVersion", *HEALTH)

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("Name") or ctx.name(32)
        made = ctx.call("elbv2", "CreateTargetGroup", Name=name, **pick(props, *self.members),
                        Tags=tags(props) or None)  # fmt: skip
        arn = made["TargetGroups"][0]["TargetGroupArn"]
        try:
            self._attributes(ctx, arn, props)
        except Exception:
            ctx.call("elbv2", "DeleteTargetGroup", TargetGroupArn=arn)
            raise
        return arn

    def _attributes(self, ctx: Context, arn: str, props: dict[str, Any]) -> None:
        wanted = _attributes(props, "TargetGroupAttributes")
        if wanted:
            ctx.call("elbv2", "ModifyTargetGroupAttributes", TargetGroupArn=arn, Attributes=wanted)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        if pick(old, *HEALTH) != pick(new, *HEALTH):
            ctx.call("elbv2", "ModifyTargetGroup", TargetGroupArn=physical, **pick(new, *HEALTH))
        if old.get("TargetGroupAttributes") != new.get("TargetGroupAttributes"):
            self._attributes(ctx, physical, new)
        _retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("elbv2", "DeleteTargetGroup", TargetGroupArn=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("elbv2", "DescribeTargetGroups", TargetGroupArns=[physical])["TargetGroups"][0]
        return {
            "TargetGroupArn": physical,
            "TargetGroupName": found["TargetGroupName"],
            "TargetGroupFullName": physical.rsplit(":", 1)[1],
            "LoadBalancerArns": found["LoadBalancerArns"],
        }


@handles("AWS::ElasticLoadBalancingV2::Listener")
class Listener(Handler):
    updates = frozenset({"Port", "Protocol", "SslPolicy", "Certificates", "DefaultActions",
                         "AlpnPolicy", "ListenerAttributes"})  # fmt: skip
    members = ("Port", "Protocol", "SslPolicy", "Certificates", "AlpnPolicy", "MutualAuthentication")

    def _given(self, props: dict[str, Any]) -> dict[str, Any]:
        return {**pick(props, *self.members), "DefaultActions": props["DefaultActions"]}

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("elbv2", "CreateListener", LoadBalancerArn=props["LoadBalancerArn"],
                        **self._given(props))  # fmt: skip
        arn = made["Listeners"][0]["ListenerArn"]
        try:
            self._attributes(ctx, arn, props)
        except Exception:
            ctx.call("elbv2", "DeleteListener", ListenerArn=arn)
            raise
        return arn

    def _attributes(self, ctx: Context, arn: str, props: dict[str, Any]) -> None:
        wanted = _attributes(props, "ListenerAttributes")
        if wanted:
            ctx.call("elbv2", "ModifyListenerAttributes", ListenerArn=arn, Attributes=wanted)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        if self._given(old) != self._given(new):
            ctx.call("elbv2", "ModifyListener", ListenerArn=physical, **self._given(new))
        if old.get("ListenerAttributes") != new.get("ListenerAttributes"):
            self._attributes(ctx, physical, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("elbv2", "DeleteListener", ListenerArn=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"ListenerArn": physical}


@handles("AWS::ElasticLoadBalancingV2::ListenerCertificate")
class ListenerCertificate(Handler):
    updates = frozenset({"Certificates"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        ctx.call("elbv2", "AddListenerCertificates", ListenerArn=props["ListenerArn"],
                 Certificates=props["Certificates"])  # fmt: skip
        return ctx.name()

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        added, removed = list_change(old["Certificates"], new["Certificates"])
        if added:
            ctx.call("elbv2", "AddListenerCertificates", ListenerArn=new["ListenerArn"], Certificates=added)
        if removed:
            ctx.call("elbv2", "RemoveListenerCertificates", ListenerArn=new["ListenerArn"], Certificates=removed)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("elbv2", "RemoveListenerCertificates", ListenerArn=props["ListenerArn"],
                     Certificates=props["Certificates"])  # fmt: skip
        except Exception as error:
            if not gone(error):
                raise
