"""Reading moto's EC2 network: VPCs, subnets, security groups, routes and network interfaces."""

import ipaddress
from typing import Any

from moto.ec2.models import ec2_backends

from ..faults import Fault


def backend(account: str, region: str) -> Any:
    """moto's EC2 of an account in a Region."""
    return ec2_backends[account][region]


def vpc(account: str, region: str, vpc_id: str) -> Any:
    """A VPC, or the fault of one that does not exist."""
    found = backend(account, region).vpcs.get(vpc_id)
    if found is None:
        raise Fault("InvalidVpcID.NotFound", f"The vpc ID '{vpc_id}' does not exist")
    return found


def subnet(account: str, region: str, subnet_id: str, code: str = "InvalidSubnetID.NotFound") -> Any:
    """A subnet, or the fault of one that does not exist."""
    for subnets in backend(account, region).subnets.values():
        if subnet_id in subnets:
            return subnets[subnet_id]
    raise Fault(code, f"The subnet ID '{subnet_id}' does not exist")


def security_group(account: str, region: str, group_id: str, code: str = "InvalidGroup.NotFound") -> Any:
    """A security group, or the fault of one that does not exist."""
    found = backend(account, region).get_security_group_from_id(group_id)
    if found is None:
        raise Fault(code, f"The security group '{group_id}' does not exist")
    return found


def route_table_of(account: str, region: str, subnet_id: str, vpc_id: str) -> Any | None:
    """The route table that a subnet uses: its own association, or the VPC's main one."""
    main = None
    for table in backend(account, region).route_tables.values():
        if subnet_id in table._associations.values():
            return table
        if table.vpc_id == vpc_id and table.main_association_id:
            main = table
    return main


def has_internet_gateway(account: str, region: str, vpc_id: str) -> bool:
    """Whether an internet gateway is attached to the VPC."""
    gateways = backend(account, region).internet_gateways.values()
    return any(gateway.vpc is not None and gateway.vpc.id == vpc_id for gateway in gateways)


def has_default_route(table: Any) -> bool:
    """Whether the table sends 0.0.0.0/0 anywhere."""
    return any(str(route.destination_cidr_block) == "0.0.0.0/0" for route in table.routes)


def free_address(account: str, region: str, found: Any) -> str:
    """The next private address of a subnet that no network interface has."""
    taken = {eni.private_ip_address for eni in backend(account, region).enis.values()}
    hosts = list(ipaddress.ip_network(found.cidr_block).hosts())
    for host in hosts[3:]:
        if str(host) not in taken:
            return str(host)
    raise Fault(
        "InsufficientFreeAddressesInSubnet",
        f"The subnet '{found.id}' does not have enough free addresses.",
    )


def add_interface(account: str, region: str, subnet_id: str, groups: list[str], text: str) -> Any:
    """A network interface of a service in a subnet."""
    found = subnet(account, region, subnet_id)
    address = free_address(account, region, found)
    return backend(account, region).create_network_interface(found, address, group_ids=list(groups), description=text)


def remove_interfaces(account: str, region: str, ids: list[str]) -> None:
    """Take away network interfaces that a service made."""
    for eni_id in ids:
        backend(account, region).enis.pop(eni_id, None)


def one_per_zone(subnets: list[Any]) -> str | None:
    """The first Availability Zone that two of the subnets share."""
    seen: set[str] = set()
    for found in subnets:
        if found.availability_zone in seen:
            return found.availability_zone
        seen.add(found.availability_zone)
    return None
