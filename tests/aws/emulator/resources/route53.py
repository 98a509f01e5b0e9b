"""AWS::Route53."""

import uuid
from typing import Any

from . import Context, Handler, gone, handles, list_change, pick


@handles("AWS::Route53::HostedZone")
class HostedZone(Handler):
    updates = frozenset({"HostedZoneConfig", "VPCs", "HostedZoneTags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        vpcs = props.get("VPCs") or []
        config = {**(props.get("HostedZoneConfig") or {}), "PrivateZone": bool(vpcs)}
        made = ctx.call("route53", "CreateHostedZone", Name=props["Name"], CallerReference=str(uuid.uuid4()),
                        HostedZoneConfig=config, VPC=self._vpc(vpcs[0]) if vpcs else None)  # fmt: skip
        zone_id = made["HostedZone"]["Id"].rsplit("/", 1)[-1]
        for item in vpcs[1:]:
            ctx.call("route53", "AssociateVPCWithHostedZone", HostedZoneId=zone_id, VPC=self._vpc(item))
        return zone_id

    def _vpc(self, item: dict[str, str]) -> dict[str, str]:
        return {"VPCRegion": item["VPCRegion"], "VPCId": item["VPCId"]}

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        added, removed = list_change(old.get("VPCs"), new.get("VPCs"))
        for item in added:
            ctx.call("route53", "AssociateVPCWithHostedZone", HostedZoneId=physical, VPC=self._vpc(item))
        for item in removed:
            ctx.call("route53", "DisassociateVPCFromHostedZone", HostedZoneId=physical, VPC=self._vpc(item))

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("route53", "DeleteHostedZone", Id=physical)
        except Exception as error:
            if not gone(error, "NoSuchHostedZone"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("route53", "GetHostedZone", Id=physical)
        return {"Id": physical, "NameServers": found.get("DelegationSet", {}).get("NameServers", [])}


@handles("AWS::Route53::RecordSet")
class RecordSet(Handler):
    updates = frozenset({"TTL", "ResourceRecords", "AliasTarget", "Comment", "Weight"})
    members = ("Name", "Type", "AliasTarget", "SetIdentifier", "Weight", "Region", "Failover")

    def _zone(self, ctx: Context, props: dict[str, Any]) -> str:
        if props.get("HostedZoneId"):
            return props["HostedZoneId"]
        wanted = props["HostedZoneName"].rstrip(".") + "."
        zones = ctx.call("route53", "ListHostedZones")["HostedZones"]
        return next(zone["Id"].rsplit("/", 1)[-1] for zone in zones if zone["Name"] == wanted)

    def _change(self, ctx: Context, action: str, props: dict[str, Any]) -> None:
        record = pick(props, *self.members)
        if "ResourceRecords" in props:
            record["ResourceRecords"] = [{"Value": item} for item in props["ResourceRecords"]]
        if "TTL" in props:
            record["TTL"] = int(props["TTL"])
        if "AliasTarget" in record:
            record["AliasTarget"] = {"EvaluateTargetHealth": False, **record["AliasTarget"]}
        change = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        ctx.call("route53", "ChangeResourceRecordSets", HostedZoneId=self._zone(ctx, props), ChangeBatch=change)

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        self._change(ctx, "CREATE", props)
        return props["Name"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._change(ctx, "UPSERT", new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            self._change(ctx, "DELETE", props)
        except Exception as error:
            if not gone(error, "NoSuchHostedZone", "InvalidChangeBatch"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}
