"""What AWS documents for its services and moto lacks or answers otherwise."""

import importlib

MODULES = (
    "autoscaling", "cloudwatch", "ec2_connections", "ec2_endpoints", "ec2_flow_logs", "ec2_network",
    "ec2_services", "ecs_definitions", "ecs_services", "elbv2_listeners",
    "elbv2_load_balancers", "elbv2_target_groups", "encryption", "iam", "lambda_", "logs", "s3", "secrets",
)  # fmt: skip


def load() -> None:
    """Import every module, which registers its operations."""
    for module in MODULES:
        importlib.import_module(f"{__name__}.{module}")
