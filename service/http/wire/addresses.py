"""Addresses as they are compared: whose a connection is, and the host that a request means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

_AUTHORITY = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+?)\.?)(?::\d{0,5})?")


def unmapped(host: str) -> str:
    """An address as its owner writes it: an IPv4 address that came written as one of IPv6 is IPv4 again.

    >>> unmapped("::ffff:192.0.2.1"), unmapped("::ffff:c000:201"), unmapped("2001:db8::1"), unmapped("a name")
    ('192.0.2.1', '192.0.2.1', '2001:db8::1', 'a name')
    """
    return str(address) if isinstance(address := _read(host), IPv4Address) else host


def network_of(host: str) -> str:
    """Whose an address is: an IPv4 address, or a /64 network of IPv6, of which one customer has all addresses.

    >>> network_of("2001:db8:1:2:3::4"), network_of("::ffff:192.0.2.1")
    ('2001:db8:1:2::/64', '192.0.2.1')
    """
    address = _read(host)
    if address is None:
        return host[:64]
    return str(IPv6Network((int(address), 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def _read(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def host_of(authority: str) -> str | None:
    """The host in `host:port` as hosts are compared, or None where there is none.

    >>> host_of("FIQRA.example.:8000"), host_of("[0:0::1]"), host_of("user@fiqra.example")
    ('fiqra.example', '[::1]', None)
    """
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        return None
    if (six := found["six"]) is None:
        return found["name"].lower()
    try:
        return f"[{IPv6Address(six)}]"
    except ValueError:
        return None


def named_host(entry: str) -> str | None:
    """A host that an operator lists, in the form of `host_of`; None where it is none, or more than a name.

    >>> named_host("Fiqra.Example"), named_host("::1"), named_host("بصمة.example"), named_host("fiqra.example:8000")
    ('fiqra.example', '[::1]', 'xn--ngbc9azd.example', None)
    """
    bare = entry.removeprefix("[").removesuffix("]")
    if ":" in bare:
        return host_of(f"[{bare}]")
    try:
        return host_of(entry.encode("idna").decode())
    except UnicodeError:
        return None


def caller_of(scope: Mapping[str, Any]) -> str:
    """Whose a request is; behind a proxy that is listed in `FORWARDED_ALLOW_IPS`, what the proxy says.

    >>> caller_of({"client": ("2001:db8:1:2:3::4", 5)})
    '2001:db8:1:2::/64'
    """
    return network_of((scope.get("client") or ("unknown",))[0])
