"""Identifiers in the forms that AWS gives them."""

import secrets
import zlib

# Hosted zones of Network Load Balancer names, from the AWS General Reference (ELB endpoints).
NLB_ZONES = {
    "eu-central-1": "Z3F0SRJ5LGBH90",
    "eu-west-1": "Z2IFOLAFXWLO4F",
    "eu-west-2": "ZD4D7Y8KGAS4G",
    "us-east-1": "Z26RNL4JYFTOTI",
    "us-east-2": "ZLMOA37VPKANP",
    "us-west-2": "Z18D5FSROUN65G",
}
# Hosted zones of interface endpoint names; the value is stable per Region, which is all that matters.
ENDPOINT_ZONES = {"eu-central-1": "Z273ZU8SZ5RJPC", "eu-west-1": "Z38GZ743OKFT7T", "us-east-1": "Z7HUB22UULQXV"}


def hex_id(prefix: str) -> str:
    """An EC2 resource ID: the prefix and 17 hexadecimal digits."""
    return f"{prefix}-{secrets.token_hex(9)[:17]}"


def short_hex() -> str:
    """The 16 hexadecimal digits that end load balancer and target group ARNs."""
    return secrets.token_hex(8)


def checksum(text: str) -> str:
    """A short stable number for names."""
    return f"{zlib.crc32(text.encode()):08x}"
