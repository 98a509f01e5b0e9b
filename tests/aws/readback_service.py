"""Reading back: load balancers, ECS, scaling, observability, identity and the rest."""

from __future__ import annotations

import json
from typing import Any

from emulator.resources import camel
from emulator.resources.ecs import MAPS
from readback import Deployed, pairs, reads
from readback_network import _one


def _contains(it: Deployed, what: str, wanted: Any, found: Any) -> None:
    """Everything that the template says is there; the service may add defaults."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            _contains(it, f"{what}.{key}", value, (found or {}).get(key))
    elif isinstance(wanted, list) and wanted and isinstance(wanted[0], dict):
        it.same(f"{what} length", len(wanted), len(found or []))
        for index, (left, right) in enumerate(zip(wanted, found or [], strict=False)):
            _contains(it, f"{what}[{index}]", left, right)
    else:
        it.same(what, wanted, found)


def _attributes(it: Deployed, name: str, props: dict[str, Any], key: str, found: list[dict[str, str]]) -> None:
    known = pairs(found)
    for item in props.get(key) or []:
        it.same(f"{name} {item['Key']}", str(item["Value"]), known.get(item["Key"]))


@reads("AWS::CDK::Metadata")
def cdk_metadata(it: Deployed, name: str, props: dict[str, Any]) -> None:
    listed = it.client("cloudformation").describe_stack_resource(StackName=it.stack, LogicalResourceId=name)
    status = listed["StackResourceDetail"]["ResourceStatus"]
    it.same(f"{name} is made", True, status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"))


@reads("AWS::ElasticLoadBalancingV2::LoadBalancer")
def load_balancer(it: Deployed, name: str, props: dict[str, Any]) -> None:
    elbv2, arn = it.client("elbv2"), it.physical[name]
    found = _one(elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"])
    it.same(f"{name}.Type", "network", found["Type"])
    it.same(f"{name}.Scheme", "internal", found["Scheme"])
    it.same(f"{name} state", "active", found["State"]["Code"])
    it.same(f"{name}.SecurityGroups", sorted(props["SecurityGroups"]), sorted(found["SecurityGroups"]))
    wanted = props.get("Subnets") or [item["SubnetId"] for item in props["SubnetMappings"]]
    it.same(f"{name}.Subnets", sorted(wanted), sorted(zone["SubnetId"] for zone in found["AvailabilityZones"]))
    it.members(name, props, found, "IpAddressType", "EnablePrefixForIpv6SourceNat",
               "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")  # fmt: skip
    answer = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    _attributes(it, name, props, "LoadBalancerAttributes", answer)
    tags = _one(elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"])["Tags"]
    it.tagged(name, props, pairs(tags))


@reads("AWS::ElasticLoadBalancingV2::TargetGroup")
def target_group(it: Deployed, name: str, props: dict[str, Any]) -> None:
    elbv2, arn = it.client("elbv2"), it.physical[name]
    found = _one(elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"])
    it.members(name, props, found, "Protocol", "Port", "VpcId", "TargetType", "IpAddressType",
               "HealthCheckProtocol", "HealthCheckPort", "HealthCheckPath", "HealthCheckIntervalSeconds",
               "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher")  # fmt: skip
    it.same(f"{name} load balancers", 1, len(found["LoadBalancerArns"]))
    answer = elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    _attributes(it, name, props, "TargetGroupAttributes", answer)
    health = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    states = {item["TargetHealth"]["State"] for item in health}
    it.same(f"{name} health", True, states <= {"healthy"})


@reads("AWS::ElasticLoadBalancingV2::Listener")
def listener(it: Deployed, name: str, props: dict[str, Any]) -> None:
    elbv2, arn = it.client("elbv2"), it.physical[name]
    found = _one(elbv2.describe_listeners(ListenerArns=[arn])["Listeners"])
    it.members(name, props, found, "LoadBalancerArn", "Port", "Protocol", "SslPolicy", "Certificates", "AlpnPolicy")
    _contains(it, f"{name}.DefaultActions", props["DefaultActions"], found["DefaultActions"])
    answer = elbv2.describe_listener_attributes(ListenerArn=arn)["Attributes"]
    _attributes(it, name, props, "ListenerAttributes", answer)


@reads("AWS::ElasticLoadBalancingV2::ListenerCertificate")
def listener_certificate(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("elbv2").describe_listener_certificates(ListenerArn=props["ListenerArn"])
    found = {item["CertificateArn"] for item in answer["Certificates"] if not item["IsDefault"]}
    wanted = {item["CertificateArn"] for item in props["Certificates"]}
    it.same(f"{name}.Certificates", True, wanted <= found)


@reads("AWS::ECS::Cluster")
def cluster(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = _one(it.client("ecs").describe_clusters(clusters=[it.physical[name]])["clusters"])
    it.same(f"{name} status", "ACTIVE", found["status"])
    if "ClusterSettings" in props:
        it.same(f"{name}.ClusterSettings", camel(props["ClusterSettings"]), found["settings"])
    if "CapacityProviders" in props:
        it.same(f"{name}.CapacityProviders", props["CapacityProviders"], found["capacityProviders"])
    if "Configuration" in props:
        _contains(it, f"{name}.Configuration", camel(props["Configuration"], MAPS), found.get("configuration"))
    it.tagged(name, props, pairs(found.get("tags", []), "key", "value"))


@reads("AWS::ECS::ClusterCapacityProviderAssociations")
def providers(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = _one(it.client("ecs").describe_clusters(clusters=[props["Cluster"]])["clusters"])
    it.same(f"{name}.CapacityProviders", sorted(props["CapacityProviders"]), sorted(found["capacityProviders"]))
    wanted = camel(props["DefaultCapacityProviderStrategy"])
    _contains(it, f"{name} strategy", wanted, found["defaultCapacityProviderStrategy"])


@reads("AWS::ECS::TaskDefinition")
def task_definition(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("ecs").describe_task_definition(taskDefinition=it.physical[name])
    found = answer["taskDefinition"]
    wanted = {key: value for key, value in props.items() if key not in ("Family", "Tags")}
    _contains(it, name, camel(wanted, MAPS), found)
    it.same(f"{name} status", "ACTIVE", found["status"])


@reads("AWS::ECS::Service")
def service(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("ecs").describe_services(
        services=[it.physical[name]], cluster=props["Cluster"], include=["TAGS"]
    )
    found = _one(answer["services"])
    it.same(f"{name} status", "ACTIVE", found["status"])
    members = ("TaskDefinition", "DesiredCount", "LaunchType", "CapacityProviderStrategy", "PlatformVersion",
               "DeploymentConfiguration", "NetworkConfiguration", "LoadBalancers", "EnableExecuteCommand",
               "HealthCheckGracePeriodSeconds", "AvailabilityZoneRebalancing", "PropagateTags",
               "EnableECSManagedTags")  # fmt: skip
    _contains(it, name, camel({key: props[key] for key in members if key in props}), found)
    it.same(f"{name} running", found["desiredCount"], found["runningCount"])
    it.same(f"{name} rollout", "COMPLETED", found["deployments"][0]["rolloutState"])
    placement = found["networkConfiguration"]["awsvpcConfiguration"]
    it.same(f"{name} public address", True, placement.get("assignPublicIp", "DISABLED") == "DISABLED")
    for item in props.get("LoadBalancers") or []:
        health = it.client("elbv2").describe_target_health(TargetGroupArn=item["TargetGroupArn"])
        it.same(f"{name} targets", found["desiredCount"], len(health["TargetHealthDescriptions"]))
    it.tagged(name, props, pairs(found.get("tags", []), "key", "value"))


@reads("AWS::ApplicationAutoScaling::ScalableTarget")
def scalable_target(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace=props["ServiceNamespace"], ResourceIds=[props["ResourceId"]]
    )
    it.members(name, props, _one(answer["ScalableTargets"]), "MinCapacity", "MaxCapacity", "ScalableDimension")
    actions = it.client("application-autoscaling").describe_scheduled_actions(
        ServiceNamespace=props["ServiceNamespace"], ResourceId=props["ResourceId"]
    )["ScheduledActions"]
    known = {item["ScheduledActionName"]: item for item in actions}
    wanted = {item["ScheduledActionName"]: item for item in props.get("ScheduledActions") or []}
    it.same(f"{name} scheduled actions", sorted(wanted), sorted(known))
    for key, item in wanted.items():
        it.members(f"{name} {key}", item, known[key], "Schedule", "ScalableTargetAction")


@reads("AWS::ApplicationAutoScaling::ScalingPolicy")
def scaling_policy(it: Deployed, name: str, props: dict[str, Any]) -> None:
    namespace = props.get("ServiceNamespace", "ecs")
    answer = it.client("application-autoscaling").describe_scaling_policies(
        ServiceNamespace=namespace, PolicyNames=[props["PolicyName"]]
    )
    found = [item for item in answer["ScalingPolicies"] if item["PolicyARN"] == it.physical[name]]
    key = "TargetTrackingScalingPolicyConfiguration"
    it.same(f"{name}.PolicyType", props["PolicyType"], _one(found)["PolicyType"])
    if key in props:
        _contains(it, f"{name}.{key}", props[key], found[0][key])


@reads("AWS::Logs::LogGroup")
def log_group(it: Deployed, name: str, props: dict[str, Any]) -> None:
    groups = it.client("logs").describe_log_groups(logGroupNamePrefix=it.physical[name])["logGroups"]
    found = _one([item for item in groups if item["logGroupName"] == it.physical[name]])
    it.same(f"{name}.RetentionInDays", props.get("RetentionInDays"), found.get("retentionInDays"))
    it.same(f"{name}.KmsKeyId", props.get("KmsKeyId"), found.get("kmsKeyId"))


@reads("AWS::Logs::QueryDefinition")
def query(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("logs").describe_query_definitions()["queryDefinitions"]
    one = _one([item for item in found if item["queryDefinitionId"] == it.physical[name]])
    it.same(f"{name}.Name", props["Name"], one["name"])
    it.same(f"{name}.QueryString", props["QueryString"], one["queryString"])
    it.same(f"{name}.LogGroupNames", props.get("LogGroupNames") or [], one.get("logGroupNames", []))


@reads("AWS::Logs::MetricFilter")
def metric_filter(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("logs").describe_metric_filters(logGroupName=props["LogGroupName"])
    found = _one([item for item in answer["metricFilters"] if item["filterName"] == it.physical[name]])
    it.same(f"{name}.FilterPattern", props["FilterPattern"], found["filterPattern"])


@reads("AWS::Logs::ResourcePolicy")
def logs_policy(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("logs").describe_resource_policies()["resourcePolicies"]
    one = _one([item for item in found if item["policyName"] == it.physical[name]])
    it.policy(f"{name}.PolicyDocument", props["PolicyDocument"], one["policyDocument"])


@reads("AWS::CloudWatch::Alarm")
def alarm(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("cloudwatch").describe_alarms(AlarmNames=[it.physical[name]])
    found = _one(answer["MetricAlarms"])
    it.members(name, props, found, "Namespace", "MetricName", "Threshold", "ComparisonOperator", "Statistic",
               "EvaluationPeriods", "Period", "TreatMissingData", "DatapointsToAlarm", "AlarmActions",
               "AlarmDescription")  # fmt: skip
    wanted = {item["Name"]: item["Value"] for item in props.get("Dimensions") or []}
    it.same(f"{name}.Dimensions", wanted, pairs(found.get("Dimensions", []), "Name", "Value"))
    if "Metrics" in props:
        _contains(it, f"{name}.Metrics", [{"Id": i["Id"]} for i in props["Metrics"]], found["Metrics"])


@reads("AWS::CloudWatch::CompositeAlarm")
def composite(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("cloudwatch").describe_alarms(AlarmNames=[it.physical[name]], AlarmTypes=["CompositeAlarm"])
    it.members(name, props, _one(answer["CompositeAlarms"]), "AlarmRule", "AlarmActions")


@reads("AWS::CloudWatch::Dashboard")
def dashboard(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("cloudwatch").get_dashboard(DashboardName=it.physical[name])
    it.same(f"{name}.DashboardBody", json.loads(props["DashboardBody"]), json.loads(found["DashboardBody"]))


@reads("AWS::IAM::Role")
def role(it: Deployed, name: str, props: dict[str, Any]) -> None:
    iam, physical = it.client("iam"), it.physical[name]
    found = iam.get_role(RoleName=physical)["Role"]
    it.policy(f"{name} trust", props["AssumeRolePolicyDocument"], found["AssumeRolePolicyDocument"])
    for item in props.get("Policies") or []:
        answer = iam.get_role_policy(RoleName=physical, PolicyName=item["PolicyName"])
        it.policy(f"{name} {item['PolicyName']}", item["PolicyDocument"], answer["PolicyDocument"])
    attached = iam.list_attached_role_policies(RoleName=physical)["AttachedPolicies"]
    known = {item["PolicyArn"] for item in attached}
    it.same(f"{name} managed policies", True, set(props.get("ManagedPolicyArns") or []) <= known)
    it.tagged(name, props, pairs(found.get("Tags", [])))


@reads("AWS::IAM::Policy")
def inline_policy(it: Deployed, name: str, props: dict[str, Any]) -> None:
    for owner in props["Roles"]:
        answer = it.client("iam").get_role_policy(RoleName=owner, PolicyName=props["PolicyName"])
        it.policy(f"{name} of {owner}", props["PolicyDocument"], answer["PolicyDocument"])


@reads("AWS::IAM::ManagedPolicy")
def managed_policy(it: Deployed, name: str, props: dict[str, Any]) -> None:
    iam, arn = it.client("iam"), it.physical[name]
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    answer = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    it.policy(f"{name}.PolicyDocument", props["PolicyDocument"], answer["Document"])


@reads("AWS::KMS::Key")
def key(it: Deployed, name: str, props: dict[str, Any]) -> None:
    kms, physical = it.client("kms"), it.physical[name]
    answer = kms.get_key_rotation_status(KeyId=physical)["KeyRotationEnabled"]
    it.same(f"{name}.EnableKeyRotation", bool(props.get("EnableKeyRotation")), answer)
    if "KeyPolicy" in props:
        found = kms.get_key_policy(KeyId=physical, PolicyName="default")["Policy"]
        it.policy(f"{name}.KeyPolicy", props["KeyPolicy"], found)


@reads("AWS::KMS::Alias")
def alias(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("kms").describe_key(KeyId=it.physical[name])["KeyMetadata"]
    it.same(f"{name} target", True, props["TargetKeyId"] in (found["KeyId"], found["Arn"]))


@reads("AWS::SecretsManager::Secret")
def secret(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("secretsmanager").describe_secret(SecretId=it.physical[name])
    it.same(f"{name} ARN", it.physical[name], found["ARN"])
    it.members(name, props, found, "Name", "Description", "KmsKeyId")


@reads("AWS::SecretsManager::RotationSchedule")
def rotation(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("secretsmanager").describe_secret(SecretId=props["SecretId"])
    it.same(f"{name} enabled", True, found.get("RotationEnabled"))
    it.members(name, props, found, "RotationRules", "RotationLambdaARN")


@reads("AWS::SecretsManager::ResourcePolicy")
def secret_policy(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("secretsmanager").get_resource_policy(SecretId=props["SecretId"])
    it.policy(f"{name}.ResourcePolicy", props["ResourcePolicy"], found["ResourcePolicy"])


@reads("AWS::SSM::Parameter")
def parameter(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("ssm").get_parameter(Name=it.physical[name])["Parameter"]
    it.members(name, props, found, "Type", "Value")


@reads("AWS::SNS::Topic")
def topic(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("sns").get_topic_attributes(TopicArn=it.physical[name])["Attributes"]
    it.same(f"{name} ARN", it.physical[name], found["TopicArn"])
    it.members(name, props, found, "DisplayName", "KmsMasterKeyId")


@reads("AWS::SNS::TopicPolicy")
def topic_policy(it: Deployed, name: str, props: dict[str, Any]) -> None:
    for arn in props["Topics"]:
        found = it.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
        it.policy(f"{name} of {arn}", props["PolicyDocument"], found["Policy"])


@reads("AWS::SNS::Subscription")
def subscription(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("sns").get_subscription_attributes(SubscriptionArn=it.physical[name])["Attributes"]
    it.members(name, props, found, "TopicArn", "Protocol", "Endpoint")


@reads("AWS::SQS::Queue", "AWS::SQS::QueuePolicy")
def queue(it: Deployed, name: str, props: dict[str, Any]) -> None:
    urls = props.get("Queues") or [it.physical[name]]
    for url in urls:
        found = it.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        it.same(f"{name} ARN", True, found["QueueArn"].endswith(url.rsplit("/", 1)[1]))
        if "PolicyDocument" in props:
            it.policy(f"{name} policy", props["PolicyDocument"], found["Policy"])


@reads("AWS::S3::Bucket")
def bucket(it: Deployed, name: str, props: dict[str, Any]) -> None:
    s3, physical = it.client("s3"), it.physical[name]
    key = "PublicAccessBlockConfiguration"
    found = s3.get_public_access_block(Bucket=physical)[key]
    it.same(f"{name}.{key}", props[key], found)
    if "BucketEncryption" in props:
        rules = s3.get_bucket_encryption(Bucket=physical)["ServerSideEncryptionConfiguration"]["Rules"]
        wanted = props["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        it.same(f"{name} encryption", [item["ServerSideEncryptionByDefault"] for item in wanted],
                [item["ApplyServerSideEncryptionByDefault"] for item in rules])  # fmt: skip


@reads("AWS::S3::BucketPolicy")
def bucket_policy(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("s3").get_bucket_policy(Bucket=props["Bucket"])["Policy"]
    it.policy(f"{name}.PolicyDocument", props["PolicyDocument"], found)


@reads("AWS::Route53::HostedZone")
def hosted_zone(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("route53").get_hosted_zone(Id=it.physical[name])
    it.same(f"{name}.Name", props["Name"].rstrip(".") + ".", found["HostedZone"]["Name"])
    wanted = sorted(item["VPCId"] for item in props.get("VPCs") or [])
    it.same(f"{name}.VPCs", wanted, sorted(item["VPCId"] for item in found.get("VPCs", [])))


@reads("AWS::Route53::RecordSet")
def record_set(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("route53").list_resource_record_sets(HostedZoneId=props["HostedZoneId"])
    wanted = props["Name"].rstrip(".") + "."
    found = [item for item in answer["ResourceRecordSets"] if item["Name"] == wanted and item["Type"] == props["Type"]]
    one = _one(found)
    if "ResourceRecords" in props:
        it.same(f"{name} records", props["ResourceRecords"], [item["Value"] for item in one["ResourceRecords"]])
    if "AliasTarget" in props:
        it.same(f"{name} alias", props["AliasTarget"]["DNSName"].rstrip("."), one["AliasTarget"]["DNSName"].rstrip("."))


@reads("AWS::Lambda::Function")
def function(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("lambda").get_function(FunctionName=it.physical[name])["Configuration"]
    it.members(name, props, found, "Handler", "Runtime", "Role", "Timeout")


@reads("AWS::Lambda::Permission")
def permission(it: Deployed, name: str, props: dict[str, Any]) -> None:
    text = it.client("lambda").get_policy(FunctionName=props["FunctionName"])["Policy"]
    it.same(f"{name} principal", True, props["Principal"] in text)


@reads("AWS::Events::Rule")
def rule(it: Deployed, name: str, props: dict[str, Any]) -> None:
    events = it.client("events")
    found = events.describe_rule(Name=it.physical[name])
    it.members(name, props, found, "ScheduleExpression", "State")
    if "EventPattern" in props:
        it.policy(f"{name}.EventPattern", props["EventPattern"], found["EventPattern"])
    targets = events.list_targets_by_rule(Rule=it.physical[name])["Targets"]
    it.same(f"{name} targets", sorted(i["Arn"] for i in props.get("Targets") or []), sorted(i["Arn"] for i in targets))


@reads("AWS::ECR::Repository")
def repository(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = it.client("ecr").describe_repositories(repositoryNames=[it.physical[name]])["repositories"]
    it.same(f"{name} name", it.physical[name], _one(found)["repositoryName"])


@reads("Custom")
def custom(it: Deployed, name: str, props: dict[str, Any]) -> None:
    it.same(f"{name} answered", True, bool(it.physical[name]))
