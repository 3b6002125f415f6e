"""Which addresses may be fetched from: public ones, and those that the operator lists. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

__all__ = ["ForbiddenAddress", "Network", "judge"]

Network = IPv4Network | IPv6Network

# ``is_global`` answers True for the first three and for multicast on the Pythons that we support; the rest reach
# IPv4 addresses inside IPv6 ones, are long deprecated, or are private only in later Pythons' tables.
NEVER: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "::/96",
            "2002::/16",
            "2001::/32",
            "fec0::/10",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "100.64.0.0/10",
        ),
    )
)


class ForbiddenAddress(ValueError):
    """The address is neither public nor on the operator's list."""


def judge(literal: str, allowed: Sequence[Network] = ()) -> str:
    """Return the address to connect to, or refuse it. What a resolver gives is judged, never a name.

    Raises:
        ForbiddenAddress: it is private, loopback, link-local (cloud metadata too), reserved or multicast.
    """
    address = _unwrapped(ip_address(literal.partition("%")[0]))
    if any(address.version == network.version and address in network for network in allowed):
        return str(address)
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        raise ForbiddenAddress(f"{address} is not a public address")
    if any(address.version == network.version and address in network for network in NEVER):
        raise ForbiddenAddress(f"{address} leads to other addresses")
    return str(address)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that ``::ffff:a.b.c.d`` is another spelling of."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
