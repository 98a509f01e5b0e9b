"""AWS::ECS."""

from typing import Any

from ..faults import Fault
from . import Context, Handler, camel, gone, handles, list_change, lower_tags, pick

# Members whose keys are the user's own and keep their spelling.
MAPS = frozenset({"Options", "DockerLabels", "DriverOpts", "Labels"})


def _retag(ctx: Context, arn: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    added, removed = list_change(lower_tags(old), lower_tags(new))
    kept = {tag["key"] for tag in lower_tags(new)}
    dropped = [tag["key"] for tag in removed if tag["key"] not in kept]
    if dropped:
        ctx.call("ecs", "UntagResource", resourceArn=arn, tagKeys=dropped)
    if added:
        ctx.call("ecs", "TagResource", resourceArn=arn, tags=added)


@handles("AWS::ECS::Cluster")
class Cluster(Handler):
    updates = frozenset({"ClusterSettings", "Configuration", "CapacityProviders",
                         "DefaultCapacityProviderStrategy", "Tags"})  # fmt: skip

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("ClusterName") or ctx.name(255)
        ctx.call("ecs", "CreateCluster", clusterName=name, tags=lower_tags(props) or None,
                 settings=camel(props.get("ClusterSettings")),
                 configuration=camel(props.get("Configuration"), MAPS),
                 capacityProviders=props.get("CapacityProviders"),
                 defaultCapacityProviderStrategy=camel(props.get("DefaultCapacityProviderStrategy")))  # fmt: skip
        return name

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        ctx.call("ecs", "UpdateCluster", cluster=physical, settings=camel(new.get("ClusterSettings")),
                 configuration=camel(new.get("Configuration"), MAPS))  # fmt: skip
        keys = ("CapacityProviders", "DefaultCapacityProviderStrategy")
        if pick(old, *keys) != pick(new, *keys):
            ctx.call("ecs", "PutClusterCapacityProviders", cluster=physical,
                     capacityProviders=new.get(keys[0]) or [],
                     defaultCapacityProviderStrategy=camel(new.get(keys[1]) or []))  # fmt: skip
        _retag(ctx, f"arn:aws:ecs:{ctx.arn_prefix}:cluster/{physical}", old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("ecs", "DeleteCluster", cluster=physical)
        except Exception as error:
            if not gone(error, "ClusterNotFoundException"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("ecs", "DescribeClusters", clusters=[physical])["clusters"][0]
        return {"Arn": found["clusterArn"]}


@handles("AWS::ECS::ClusterCapacityProviderAssociations")
class ClusterCapacityProviderAssociations(Handler):
    updates = frozenset({"CapacityProviders", "DefaultCapacityProviderStrategy"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        ctx.call("ecs", "PutClusterCapacityProviders", cluster=props["Cluster"],
                 capacityProviders=props["CapacityProviders"],
                 defaultCapacityProviderStrategy=camel(props["DefaultCapacityProviderStrategy"]))  # fmt: skip
        return props["Cluster"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.create(ctx, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("ecs", "PutClusterCapacityProviders", cluster=props["Cluster"],
                     capacityProviders=[], defaultCapacityProviderStrategy=[])  # fmt: skip
        except Exception as error:
            if not gone(error, "ClusterNotFoundException"):
                raise


@handles("AWS::ECS::TaskDefinition")
class TaskDefinition(Handler):
    updates = frozenset({"Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        given = {key: value for key, value in props.items() if key not in ("Family", "Tags")}
        family = props.get("Family") or ctx.name(255, separator="")
        made = ctx.call("ecs", "RegisterTaskDefinition", family=family, tags=lower_tags(props) or None,
                        **camel(given, MAPS))  # fmt: skip
        return made["taskDefinition"]["taskDefinitionArn"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        _retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("ecs", "DeregisterTaskDefinition", taskDefinition=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"TaskDefinitionArn": physical}


@handles("AWS::ECS::Service")
class Service(Handler):
    members = ("DesiredCount", "CapacityProviderStrategy", "PlatformVersion",
               "DeploymentConfiguration", "NetworkConfiguration", "LoadBalancers",
               "ServiceRegistries", "HealthCheckGracePeriodSeconds", "EnableECSManagedTags",
               "PropagateTags", "EnableExecuteCommand", "AvailabilityZoneRebalancing",
               "PlacementConstraints", "ServiceConnectConfiguration", "VolumeConfigurations")  # fmt: skip
    updates = frozenset({*members, "TaskDefinition", "Tags"})
    create_members = (*members, "LaunchType", "SchedulingStrategy", "DeploymentController",
                      "TaskDefinition", "Cluster")  # fmt: skip

    def _given(self, props: dict[str, Any], members: tuple[str, ...]) -> dict[str, Any]:
        return camel(pick(props, *members), MAPS)

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("ecs", "CreateService", serviceName=props.get("ServiceName") or ctx.name(255),
                        tags=lower_tags(props) or None, **self._given(props, self.create_members))  # fmt: skip
        arn = made["service"]["serviceArn"]
        try:
            self._wait(ctx, arn, props)
        except Fault:
            ctx.call("ecs", "DeleteService", service=arn, cluster=props.get("Cluster"), force=True)
            raise
        return arn

    def _wait(self, ctx: Context, arn: str, props: dict[str, Any]) -> None:
        """CloudFormation waits for a steady state; a tripped circuit breaker fails the resource."""
        answer = ctx.call("ecs", "DescribeServices", services=[arn], cluster=props.get("Cluster"))
        deployment = answer["services"][0]["deployments"][0]
        if deployment["rolloutState"] == "COMPLETED":
            return
        breaker = (props.get("DeploymentConfiguration") or {}).get("DeploymentCircuitBreaker") or {}
        words = "ECS Deployment Circuit Breaker was triggered" if breaker.get("Enable") else (
            "Exceeded attempts to wait: the service did not stabilize"
        )  # fmt: skip
        raise Fault(
            "NotStabilized",
            f"Error occurred during operation '{words}': {deployment['rolloutStateReason']}",
        )

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        if {**old, "Tags": 0} != {**new, "Tags": 0}:
            ctx.call("ecs", "UpdateService", service=physical, cluster=new.get("Cluster"),
                     **self._given(new, (*self.members, "TaskDefinition")))  # fmt: skip
            self._wait(ctx, physical, new)
        _retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("ecs", "DeleteService", service=physical, cluster=props.get("Cluster"), force=True)
        except Exception as error:
            if not gone(error, "ServiceNotFoundException", "ClusterNotFoundException"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"ServiceArn": physical, "Name": physical.rsplit("/", 1)[1]}

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> bool:
        return old.get("LaunchType") != new.get("LaunchType")
