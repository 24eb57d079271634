"""Knock at each broker by itself: the driver tells only that none of them has let us in."""

import ssl
from collections.abc import Mapping
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from marquee.engines.address import Address
from marquee.kit.errors import Invalid, Unavailable

REFUSED = (AuthenticationFailedError, SaslAuthenticationFailed)
ANOTHER_WAY = (
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    UnsupportedSaslMechanismError,
)
PRODUCE, OLDEST_PRODUCE = 0, 7
"""What Kafka 2.1 was the first to take: it is the oldest that newer ones still know how to meet."""


async def knock(address: Address, how: Mapping[str, Any]) -> None:
    """Invalid when one answers that what we are told to say there will never do, or is too old.

    Unavailable when none answers. That they want a user, or TLS, where none is told, looks so too.
    """
    failure: Exception | None = None
    given = {name: value for name, value in how.items() if name != "bootstrap_servers"}
    for host, port in address.hosts:
        try:
            connection = await create_conn(host, port, **given)
        except REFUSED:
            raise Invalid(f"{address} refuses the user or the password.") from None
        except ANOTHER_WAY:
            raise Invalid(f"{address} lets nobody in by SASL PLAIN.") from None
        except ssl.SSLCertVerificationError:
            detail = f"{address} shows a certificate that is not trusted: name its authority by ca."
            raise Invalid(detail) from None
        except (KafkaError, OSError, TimeoutError) as error:
            failure = error
            continue
        newest = connection._versions.get(PRODUCE, (0, 0))[1]  # noqa: SLF001 - it tells nobody else
        connection.close()
        if newest < OLDEST_PRODUCE:
            raise Invalid(f"{address} is too old: Kafka 2.1 is the oldest that will do.")
        return
    reason = type(failure).__name__
    raise Unavailable(f"{address} does not answer: {reason}.", retry_after=2) from failure
