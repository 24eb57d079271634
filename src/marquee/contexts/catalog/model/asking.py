"""What an admin asks for, before it is known who and what is meant."""

from msgspec import Struct


class CastAsked(Struct, frozen=True, kw_only=True):
    """Somebody by id, or by name: then whoever of that name it can be, or somebody new."""

    person_id: str | None = None
    name: str | None = None
    character: str | None = None


class CrewAsked(Struct, frozen=True, kw_only=True):
    person_id: str | None = None
    name: str | None = None
    job: str
    department: str


class CarrierAsked(Struct, frozen=True, kw_only=True):
    """A platform by id; `url` leads to the movie there."""

    id: str
    url: str | None = None
