"""How often a password may be tried, and by whom."""

import hashlib
import ipaddress

FIVE_MINUTES = 300
HOUR = 3_600
MOST_TRIES = 10
MOST_OF_ALL = 1_000
NETWORK_OF_ONE = 64
MOST_LETTERS = 64

Quota = tuple[str, int, int]
"""What is counted, how often it may happen, and in how many seconds."""


def place_of(address: str) -> str:
    """Whom an address stands for: an IPv6 network of 64 bits is one customer, not 2^64."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:MOST_LETTERS]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, NETWORK_OF_ONE), strict=False))


def mark_of(account_id: str, place: str) -> str:
    """A place somebody signed in from, kept so that it can be recognized but not read."""
    return hashlib.blake2b(
        f"{account_id} {place}".encode(errors="replace"), digest_size=16
    ).hexdigest()


def strangers_quotas(typed: str, place: str) -> tuple[Quota, ...]:
    """Ten failures in five minutes, for one name and for one address; a thousand for all.

    By what was typed, whether or not there is such an account. Ten in five minutes are 120 in an
    hour, from however many addresses they come.
    """
    return (
        (f"typed {typed}", MOST_TRIES, FIVE_MINUTES),
        (f"place {place}", MOST_TRIES, FIVE_MINUTES),
        ("all", MOST_OF_ALL, FIVE_MINUTES),
    )


def account_quota(account_id: str) -> Quota:
    """The same for the account itself, by whichever of its names it is called."""
    return (f"account {account_id}", MOST_TRIES, FIVE_MINUTES)


def familiar_quotas(account_id: str, place: str) -> tuple[Quota, ...]:
    """From where the account has signed in before: strangers' failures do not lock it out."""
    return (
        (f"familiar {account_id} {place}", MOST_TRIES, FIVE_MINUTES),
        (f"place {place}", MOST_TRIES, FIVE_MINUTES),
    )


def own_quotas(account_id: str) -> tuple[Quota, ...]:
    """With a session of the account: whoever holds it may guess ten times, too."""
    return ((f"own {account_id}", MOST_TRIES, FIVE_MINUTES),)


def registration_quotas(place: str, most: int) -> tuple[Quota, ...]:
    return ((f"register {place}", most, HOUR),)
