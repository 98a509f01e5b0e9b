"""CloudWatch Logs: retention values, encryption, saved queries."""

import uuid
from typing import Any

from moto.logs.models import logs_backends

from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import encryption, policies

RETENTION = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)  # fmt: skip
ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey")


def _check_key(call: Call, arn: str, group: str) -> None:
    """The key policy must let the Region's logs service use the key (encrypt log data with KMS)."""
    refuse_if(not arn.startswith("arn:"), "InvalidParameterException", f"KmsKeyId '{arn}' must be a key ARN")
    policy = encryption.key_policy(call.account, call.region, arn)
    service = f"logs.{call.region}.amazonaws.com"
    lacking = [action for action in ACTIONS if not policies.lets_service(policy, service, action)]
    refuse_if(
        lacking,
        "InvalidParameterException",
        f"The specified KMS key does not exist or is not allowed to be used with LogGroup"
        f" 'arn:aws:logs:{call.region}:{call.account}:log-group:{group}'",
    )


@operation("logs", "CreateLogGroup")
def create(call: Call) -> dict[str, Any]:
    if call.params.get("kmsKeyId"):
        _check_key(call, call.params["kmsKeyId"], call.params["logGroupName"])
    return call.proceed()


@operation("logs", "PutRetentionPolicy")
def put_retention(call: Call) -> dict[str, Any]:
    days = call.params["retentionInDays"]
    refuse_if(
        days not in RETENTION,
        "InvalidParameterException",
        f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy"
        f" constraint: Member must satisfy enum value set: {list(RETENTION)}",
    )
    return call.proceed()


def _group(call: Call, name: str) -> Any:
    found = logs_backends[call.account][call.region].groups.get(name)
    if found is None:
        raise Fault("ResourceNotFoundException", "The specified log group does not exist.")
    return found


@operation("logs", "AssociateKmsKey")
def associate_key(call: Call) -> dict[str, Any]:
    group = _group(call, call.params["logGroupName"])
    _check_key(call, call.params["kmsKeyId"], call.params["logGroupName"])
    group.kms_key_id = call.params["kmsKeyId"]
    return {}


@operation("logs", "DisassociateKmsKey")
def disassociate_key(call: Call) -> dict[str, Any]:
    _group(call, call.params["logGroupName"]).kms_key_id = None
    return {}


@operation("logs", "PutQueryDefinition")
def put_query(call: Call) -> dict[str, Any]:
    wanted = call.params.get("queryDefinitionId") or str(uuid.uuid4())
    known = call.store.queries
    refuse_if(
        call.params.get("queryDefinitionId") and wanted not in known,
        "ResourceNotFoundException",
        f"The query definition {wanted} does not exist",
    )
    known[wanted] = {
        "queryDefinitionId": wanted,
        "name": call.params["name"],
        "queryString": call.params["queryString"],
        "logGroupNames": call.params.get("logGroupNames") or [],
        "queryLanguage": call.params.get("queryLanguage", "CWLI"),
    }
    return {"queryDefinitionId": wanted}


@operation("logs", "DescribeQueryDefinitions")
def describe_queries(call: Call) -> dict[str, Any]:
    prefix = call.params.get("queryDefinitionNamePrefix") or ""
    found = [item for item in call.store.queries.values() if item["name"].startswith(prefix)]
    return {"queryDefinitions": found}


@operation("logs", "DeleteQueryDefinition")
def delete_query(call: Call) -> dict[str, Any]:
    gone = call.store.queries.pop(call.params["queryDefinitionId"], None)
    refuse_if(gone is None, "ResourceNotFoundException", "The query definition does not exist")
    return {"success": True}
