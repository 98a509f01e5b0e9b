"""Comparing what is deployed with the spec: what a user wrote must stand in the account, whatever the template says.

Nothing here reads the template: resources are found by type among those of the stack, and looked at over the API. What
a spec leaves out must be as its documented default.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emulator.cloudformation import document
from readback import Deployed, pairs

_PROTOCOLS = {"tcp": "TCP", "tls": "TLS", "udp": "UDP", "tcp_udp": "TCP_UDP"}
_SECURE = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def _many(value: Any) -> list[Any]:
    """One or more, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


class Promises:
    """One spec, and the stacks that were made from it."""

    def __init__(self, spec: Path):
        self.text = document.load(spec.read_text())

    def _spec(self, it: Deployed) -> dict[str, Any]:
        """The spec with its imports and pseudo parameters resolved in the stack's place."""
        return it.scope.value(self.text)

    def provider(self, it: Deployed) -> None:
        """Compare the stack that runs the services."""
        spec = self._spec(it)
        self._network(it, spec)
        self._endpoints(it, spec)
        self._services(it, spec)
        self._front(it, spec)
        if spec.get("privateLink"):
            self._shared(it, spec["privateLink"], spec)
        for key, value in (spec.get("tags") or {}).items():
            it.same(f"spec: tag {key}", str(value), it.tags.get(key))

    def _of(self, it: Deployed, kind: str) -> list[str]:
        return [it.physical[name] for name, found in it.wanted() if found == kind and name in it.physical]

    def _subnets(self, it: Deployed, spec: dict[str, Any]) -> list[dict[str, Any]]:
        """The subnets in which tasks must be."""
        existing = (spec.get("network") or {}).get("existing")
        ids = [item["id"] for item in existing["subnets"]] if existing else self._of(it, "AWS::EC2::Subnet")
        return it.client("ec2").describe_subnets(SubnetIds=ids)["Subnets"]

    def _network(self, it: Deployed, spec: dict[str, Any]) -> None:
        network = spec.get("network") or {}
        existing = network.get("existing")
        subnets = self._subnets(it, spec)
        self.vpc = subnets[0]["VpcId"]
        it.same("spec: one subnet per zone", len(subnets), len({item["AvailabilityZone"] for item in subnets}))
        logs = network.get("flowLogs") or {}
        if existing:
            it.same("spec: existing VPC", {existing["vpcId"]}, {item["VpcId"] for item in subnets})
            it.same("spec: no VPC or subnet of its own", [],
                    self._of(it, "AWS::EC2::VPC") + self._of(it, "AWS::EC2::Subnet"))  # fmt: skip
        else:
            zones = network.get("azs", 2)
            wanted = len(zones) if isinstance(zones, list) else zones
            it.same("spec: zones", wanted, len(subnets))
            found = it.client("ec2").describe_vpcs(VpcIds=[self.vpc])["Vpcs"][0]
            it.same("spec: range of the VPC", network.get("cidr", "10.0.0.0/16"), found["CidrBlock"])
        by_vpc = [{"Name": "resource-id", "Values": [self.vpc]}]
        found = it.client("ec2").describe_flow_logs(Filters=by_vpc)["FlowLogs"]
        it.same("spec: flow logs", int(logs.get("enabled", not existing)), len(found))
        for item in found:
            kind = {"cloudwatch": "cloud-watch-logs", "s3": "s3"}[logs.get("destination", "cloudwatch")]
            it.same("spec: flow logs go to", kind, item["LogDestinationType"])
            it.same("spec: flow logs record", logs.get("traffic", "all").upper(), item["TrafficType"])
            if kind == "cloud-watch-logs":
                group = self._log_group(it, item["LogGroupName"])
                it.same("spec: flow logs are kept", logs.get("retentionDays", 90), group.get("retentionInDays"))

    def _log_group(self, it: Deployed, name: str) -> dict[str, Any]:
        return it.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]

    def _endpoints(self, it: Deployed, spec: dict[str, Any]) -> None:
        """The VPC has an endpoint for all that the services need, and this stack made those that were not there."""
        settings = (spec.get("network") or {}).get("endpoints") or {}
        needed = {"ecr.api", "ecr.dkr", "s3", "logs"}
        for service in spec["services"].values():
            containers = [service, *(service.get("sidecars") or {}).values()]
            needed |= {"secretsmanager" for item in containers if item.get("secrets")}
            needed |= {"ssm" for item in containers if item.get("parameters")}
            needed |= {"ssmmessages"} if service.get("exec") else set()
            needed |= {"xray"} if service.get("tracing") else set()
            needed |= set(service.get("aws") or [])
        found = it.client("ec2").describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])
        prefix = f"com.amazonaws.{it.region}."
        there = {item["ServiceName"].removeprefix(prefix) for item in found["VpcEndpoints"]}
        it.same("spec: endpoints that are missing", set(), needed - there)
        own = set(self._of(it, "AWS::EC2::VPCEndpoint"))
        made = {
            item["ServiceName"].removeprefix(prefix) for item in found["VpcEndpoints"] if item["VpcEndpointId"] in own
        }
        wanted = needed - set(settings.get("existing") or []) if settings.get("create", True) else set()
        # Keys that decrypt bring `kms`; nothing else may be made that was not asked for.
        it.same("spec: endpoints of its own", wanted, made - {"kms"} - set(settings.get("existing") or []))

    def _services(self, it: Deployed, spec: dict[str, Any]) -> None:
        ecs = it.client("ecs")
        cluster = (spec.get("cluster") or {}).get("existing") or self._of(it, "AWS::ECS::Cluster")[0]
        arns = self._of(it, "AWS::ECS::Service")
        found = ecs.describe_services(cluster=cluster, services=arns)["services"]
        it.same("spec: number of services", len(spec["services"]), len(found))
        tasks = [
            ecs.describe_task_definition(taskDefinition=item["taskDefinition"])["taskDefinition"] for item in found
        ]
        by_name = {
            task["containerDefinitions"][0]["name"]: (item, task) for item, task in zip(found, tasks, strict=True)
        }
        for name, service in spec["services"].items():
            running, task = by_name[name]
            self._service(it, f"spec: services.{name}", service, running, task, spec)

    def _service(self, it: Deployed, at: str, service: dict[str, Any], running: Any, task: Any, spec: Any) -> None:
        scale = service.get("scale") or {}
        it.same(f"{at}.scale.min", scale.get("min", running["desiredCount"]), running["desiredCount"])
        it.same(f"{at} runs", running["desiredCount"], running["runningCount"])
        placed = running["networkConfiguration"]["awsvpcConfiguration"]
        it.same(f"{at} subnets", sorted(i["SubnetId"] for i in self._subnets(it, spec)), sorted(placed["subnets"]))
        it.same(f"{at} public address", "DISABLED", placed.get("assignPublicIp"))
        it.same(f"{at}.cpu", str(service.get("cpu", 256)), task["cpu"])
        it.same(f"{at}.memory", str(service.get("memory", 512)), task["memory"])
        architecture = {"x86_64": "X86_64", "arm64": "ARM64"}[service.get("architecture", "x86_64")]
        it.same(f"{at}.architecture", architecture, task["runtimePlatform"]["cpuArchitecture"])
        it.same(f"{at}.exec", service.get("exec", False), running["enableExecuteCommand"])
        given = {item["name"]: item for item in task["containerDefinitions"]}
        containers = {task["containerDefinitions"][0]["name"]: service, **(service.get("sidecars") or {})}
        it.same(f"{at} containers", sorted(containers), sorted(given))
        for name, wanted in containers.items():
            self._container(it, f"{at} {name}", wanted, given[name])
        logs, options = service.get("logs") or {}, given[next(iter(containers))]["logConfiguration"]["options"]
        group = self._log_group(it, options["awslogs-group"])
        it.same(f"{at}.logs.retentionDays", logs.get("retentionDays", 90), group.get("retentionInDays"))
        it.same(f"{at}.logs.kmsKey", logs.get("kmsKey"), group.get("kmsKeyId"))
        it.same(f"{at}.logs.mode", logs.get("mode", "non-blocking"), options["mode"])
        if "max" in scale:
            self._scaling(it, f"{at}.scale", scale, running)

    def _container(self, it: Deployed, at: str, wanted: dict[str, Any], found: dict[str, Any]) -> None:
        it.same(f"{at}.image", wanted["image"], found["image"])
        it.same(
            f"{at}.readOnlyRootFilesystem", wanted.get("readOnlyRootFilesystem", True), found["readonlyRootFilesystem"]
        )
        ports = [item["containerPort"] for item in found.get("portMappings", [])]
        it.same(f"{at}.port", [wanted["port"]] if "port" in wanted else [], ports[:1])
        known = pairs(found.get("environment", []), "name", "value")
        for key, value in (wanted.get("environment") or {}).items():
            it.same(f"{at}.environment.{key}", str(value), known.get(key))
        taken = pairs(found.get("secrets", []), "name", "valueFrom")
        asked = [*(wanted.get("secrets") or {}), *(wanted.get("parameters") or {})]
        it.same(f"{at} secrets and parameters", sorted(asked), sorted(taken))

    def _scaling(self, it: Deployed, at: str, scale: dict[str, Any], running: dict[str, Any]) -> None:
        autoscaling = it.client("application-autoscaling")
        resource = "service/" + running["serviceArn"].split(":service/")[1]
        found = autoscaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[resource])["ScalableTargets"]
        it.same(f"{at}.max", [scale["max"]], [item["MaxCapacity"] for item in found])
        answer = autoscaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=resource)
        targets = sorted(
            p["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] for p in answer["ScalingPolicies"]
        )
        it.same(f"{at} targets", sorted(float(scale[key]) for key in ("cpu", "memory") if key in scale), targets)

    def _front(self, it: Deployed, spec: dict[str, Any]) -> None:
        """The load balancer and its listeners."""
        balancers = self._of(it, "AWS::ElasticLoadBalancingV2::LoadBalancer")
        ported = [name for name, item in spec["services"].items() if "port" in item]
        default = [{"port": spec["services"][ported[0]]["port"], "to": ported[0]}] if len(ported) == 1 else []
        listeners = spec.get("listeners") or default
        it.same("spec: load balancers", int(bool(listeners)), len(balancers))
        if not listeners:
            return
        settings, elbv2 = spec.get("loadBalancer") or {}, it.client("elbv2")
        found = elbv2.describe_load_balancers(LoadBalancerArns=balancers)["LoadBalancers"][0]
        it.same("spec: the load balancer is internal", "internal", found["Scheme"])
        enforced = found.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "off")
        it.same("spec: loadBalancer.enforcePrivateLink", settings.get("enforcePrivateLink", False), enforced == "on")
        attributes = pairs(elbv2.describe_load_balancer_attributes(LoadBalancerArn=balancers[0])["Attributes"])
        for key, attribute, usual in (("deletionProtection", "deletion_protection.enabled", False),
                                      ("crossZone", "load_balancing.cross_zone.enabled", True)):  # fmt: skip
            it.same(f"spec: loadBalancer.{key}", str(settings.get(key, usual)).lower(), attributes[attribute])
        by_port = {i["Port"]: i for i in elbv2.describe_listeners(LoadBalancerArn=balancers[0])["Listeners"]}
        it.same("spec: ports", sorted(item["port"] for item in listeners), sorted(by_port))
        for item in listeners:
            self._listener(it, item, by_port[item["port"]], spec["services"][item["to"]])

    def _listener(self, it: Deployed, wanted: dict[str, Any], found: dict[str, Any], service: dict[str, Any]) -> None:
        at, tls = f"spec: listener {wanted['port']}", wanted.get("tls")
        usual = "tls" if tls else service.get("protocol", "tcp")
        it.same(f"{at} protocol", _PROTOCOLS[wanted.get("protocol", usual)], found["Protocol"])
        elbv2 = it.client("elbv2")
        group = found["DefaultActions"][0]["TargetGroupArn"]
        target = elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]
        it.same(f"{at} targetPort", wanted.get("targetPort", service["port"]), target["Port"])
        if tls:
            it.same(f"{at} policy", tls.get("policy", _SECURE), found["SslPolicy"])
            answer = elbv2.describe_listener_certificates(ListenerArn=found["ListenerArn"])["Certificates"]
            first = [item["CertificateArn"] for item in answer if item["IsDefault"]]
            others = sorted(item["CertificateArn"] for item in answer if not item["IsDefault"])
            it.same(f"{at} certificate", [tls["certificate"]], first)
            it.same(f"{at} further certificates", sorted(tls.get("additionalCertificates") or []), others)

    def _shared(self, it: Deployed, link: dict[str, Any], spec: dict[str, Any]) -> None:
        """The endpoint service: who may connect, and under which name."""
        ec2, service = it.client("ec2"), self._of(it, "AWS::EC2::VPCEndpointService")[0]
        answer = ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service])
        found = answer["ServiceConfigurations"][0]
        it.same("spec: acceptance", link.get("acceptance", "manual") == "manual", found["AcceptanceRequired"])
        principals = [item if isinstance(item, str) else item.get("account") or item["arn"] for item in link["allow"]]
        wanted = sorted(i if i.startswith("arn:") else f"arn:aws:iam::{i}:root" for i in map(str, principals))
        given = ec2.describe_vpc_endpoint_service_permissions(ServiceId=service)["AllowedPrincipals"]
        it.same("spec: who may connect", wanted, sorted(item["Principal"] for item in given))
        regions = {it.region, *(link.get("regions") or [])}
        it.same("spec: regions", regions, {item["Region"] for item in found["SupportedRegions"]})
        it.same("spec: ipTypes", link.get("ipTypes") or ["ipv4"], found["SupportedIpAddressTypes"])
        dns = link.get("privateDns")
        it.same("spec: private name", dns and dns["name"], found.get("PrivateDnsName"))
        if dns:
            self._private_name(it, dns, found)
        by_service = [{"Name": "service-id", "Values": [service]}]
        answer = ec2.describe_vpc_endpoint_connection_notifications(Filters=by_service)
        told = answer["ConnectionNotificationSet"]
        asked = link.get("notifications") or {}
        it.same("spec: notifications", int(asked.get("enabled", True)), len(told))
        if asked.get("topic"):
            it.same("spec: topic", [asked["topic"]], [item["ConnectionNotificationArn"] for item in told])
        if asked.get("emails"):
            topic = told[0]["ConnectionNotificationArn"]
            subscribed = it.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
            it.same("spec: emails", sorted(asked["emails"]), sorted(item["Endpoint"] for item in subscribed))

    def _private_name(self, it: Deployed, dns: dict[str, Any], found: dict[str, Any]) -> None:
        """The record that proves the name, in the public zone that is there already, and what the verification found."""
        proof = found["PrivateDnsNameConfiguration"]
        if "hostedZone" in dns:
            records = it.client("route53").list_resource_record_sets(HostedZoneId=dns["hostedZone"])
            name = f"{proof['Name']}.{dns['name'].removeprefix('*.')}."
            texts = [
                r["ResourceRecords"] for r in records["ResourceRecordSets"] if (r["Name"], r["Type"]) == (name, "TXT")
            ]
            it.same("spec: proof of the name", [[{"Value": f'"{proof["Value"]}"'}]], texts)
        if dns.get("verify"):
            it.same("spec: the name is verified", "verified", proof["State"])

    def consumer(self, it: Deployed, provider: Deployed) -> None:
        """Compare the stack of a consumer."""
        spec = self._spec(provider)
        wanted = [item for item in spec["consumers"].values() if str(item["account"]) == it.account
                  and item.get("region", provider.region) == it.region]  # fmt: skip
        ec2 = it.client("ec2")
        own = self._of(it, "AWS::EC2::VPCEndpoint")
        it.same("spec: the consumer's endpoint", 1, len(own))
        found = ec2.describe_vpc_endpoints(VpcEndpointIds=own)["VpcEndpoints"][0]
        service = self._of(provider, "AWS::EC2::VPCEndpointService")[0]
        name = f"com.amazonaws.vpce.{provider.region}.{service}"
        it.same("spec: the consumer connects to", name, found["ServiceName"])
        vpcs = [(item.get("vpc") or {}).get("id", found["VpcId"]) for item in wanted]
        it.same("spec: the consumer's VPC", True, found["VpcId"] in vpcs)
        dns = spec["privateLink"].get("privateDns") or {}
        it.same("spec: the consumer uses the name", dns.get("verified", False), found["PrivateDnsEnabled"])
        group = ec2.describe_security_groups(GroupIds=[item["GroupId"] for item in found["Groups"]])["SecurityGroups"][
            0
        ]
        opened = {(rule["IpProtocol"], rule["FromPort"]) for rule in group["IpPermissions"]}
        listeners = provider.client("elbv2").describe_listeners(
            LoadBalancerArn=self._of(provider, "AWS::ElasticLoadBalancingV2::LoadBalancer")[0]
        )["Listeners"]
        ports = {("udp" if item["Protocol"] == "UDP" else "tcp", item["Port"]) for item in listeners}
        ports |= {("udp", item["Port"]) for item in listeners if item["Protocol"] == "TCP_UDP"}
        it.same("spec: the consumer's ports", ports, opened)
