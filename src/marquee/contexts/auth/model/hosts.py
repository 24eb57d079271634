"""Which host names are at home, where a password may cross the wire unencrypted."""

import ipaddress

AT_HOME = (
    ".localhost", ".local", ".lan", ".home", ".home.arpa", ".internal", ".intranet", ".private",
    ".test",
)  # fmt: skip
SHARED = ipaddress.ip_network("100.64.0.0/10")
"""Carriers' and VPNs' own addresses: not public, though not private by the book."""


def is_at_home(host: str) -> bool:
    """Loopback, a private address, or a name that no public server can have."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return "." not in name or name.endswith(AT_HOME)
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return (
        address.is_loopback
        or address.is_link_local
        or (address.is_private and not address.is_unspecified)
        or (address.version == SHARED.version and address in SHARED)
    )
