"""Who is asking, as every context sees them."""

from dataclasses import dataclass

from marquee.kit.errors import Forbidden, Unauthenticated

ROLES = ("regular", "moderator", "admin")


@dataclass(frozen=True)
class Actor:
    """A signed-in person. `session_id` is empty when the operator's own command is asking."""

    id: str
    username: str
    display_name: str
    role: str
    session_id: str = ""

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    @property
    def is_moderator(self) -> bool:
        """Moderators and admins may both moderate."""
        return self.role in {"moderator", "admin"}


def signed_in(actor: Actor | None) -> Actor:
    if actor is None:
        raise Unauthenticated("This needs an account. Sign in, or send a bearer token.")
    return actor


def an_admin(actor: Actor | None) -> Actor:
    if not signed_in(actor).is_admin:
        raise Forbidden("Only an admin may do this.")
    return signed_in(actor)


def a_moderator(actor: Actor | None) -> Actor:
    if not signed_in(actor).is_moderator:
        raise Forbidden("Only a moderator or an admin may do this.")
    return signed_in(actor)
