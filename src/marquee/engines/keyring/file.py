"""The file that signing keys are kept in: made, read with care, and changed by an operator."""

import base64
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from marquee.kit.errors import Conflict, Invalid, NotFound, Unauthenticated
from marquee.kit.ids import new_id

ALGORITHM = "EdDSA"
SECRET_BYTES = 32
FEWEST_BYTES_APART = 12
OWNER_ONLY = 0o600

Stamp = tuple[int, int, int]


class OnlyEdDSA(JWSRegistry):
    """Offers one algorithm, whatever a token's header asks for."""

    def get_alg(self, name: str) -> Any:
        if name != ALGORITHM:
            raise Unauthenticated("This token is not signed as ours are.")
        return self.algorithms[ALGORITHM]


@dataclass(frozen=True)
class Signer:
    kid: str
    key: OKPKey


@dataclass(frozen=True)
class Keys:
    """The last one signs, all of them verify; `secret` is for what only we verify."""

    signers: tuple[Signer, ...]
    secret: bytes


class KeyFile:
    """A JWK set of Ed25519 keys with one further, symmetric key.

    Invalid, in one line that names the file, when it cannot be read or a key in it is weak.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def make(self) -> None:
        """Make it (mode 0600) where there is none; take it from others where there is."""
        with self._told():
            if not self._path.exists():
                self._path.parent.mkdir(parents=True, exist_ok=True)
                secret = {
                    "kty": "oct",
                    "kid": "secret",
                    "k": b64(secrets.token_bytes(SECRET_BYTES)),
                }
                _write(self._path, [secret, _drawn()])
            _keep_private(self._path)

    def stamp(self) -> Stamp:
        """Another one whenever something else is in it."""
        with self._told():
            found = self._path.stat()
        return found.st_mtime_ns, found.st_ino, found.st_size

    def read(self) -> Keys:
        with self._told():
            text = self._path.read_text("utf-8")
        return _read(self._path, text)

    def kids(self) -> list[str]:
        """Of the keys in their order: the last one signs."""
        return [signer.kid for signer in self.read().signers]

    def rotate(self) -> str:
        """Add a key, which signs from now on; its kid. NotFound where there is no file."""
        with self._changing() as entries:
            entries.append(_drawn())
        return str(entries[-1]["kid"])

    def drop(self, kids: Collection[str]) -> list[str]:
        """Remove these, all but the one that signs where none is named; those removed.

        NotFound for a kid that is not there, Conflict for that of the key that signs.
        """
        with self._changing() as entries:
            *old, signing = [entry["kid"] for entry in entries if entry["kty"] != "oct"]
            if signing in kids:
                raise Conflict(f"{signing} signs: rotate first.")
            for kid in kids:
                if kid not in old:
                    raise NotFound(f"There is no key {kid!r}.")
            gone = [kid for kid in old if not kids or kid in kids]
            entries[:] = [entry for entry in entries if entry.get("kid") not in gone]
        return gone

    @contextmanager
    def _changing(self) -> Iterator[list[dict[str, Any]]]:
        """The entries, written back whole; of two who change them the second waits."""
        with self._told():
            if not self._path.is_file():
                raise NotFound(f"There is no key file {self._path} yet: serve makes it.")
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                self.read()
                entries = json.loads(self._path.read_text("utf-8"))["keys"]
                yield entries
                _write(self._path, entries)
            finally:
                os.close(folder)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, UnicodeError) as error:
            raise _refused(self._path, str(error)) from error


def _drawn() -> dict[str, Any]:
    key = OKPKey.generate_key("Ed25519")
    return {**key.as_dict(private=True), "kid": new_id()}


def _write(path: Path, entries: list[dict[str, Any]]) -> None:
    text = json.dumps({"keys": entries}, indent=1)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _keep_private(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~OWNER_ONLY:
        path.chmod(mode & OWNER_ONLY)


def _read(path: Path, text: str) -> Keys:
    signers: list[Signer] = []
    secret: bytes | None = None
    try:
        for entry in json.loads(text)["keys"]:
            if entry["kty"] == "oct":
                secret = _strong(path, entry["k"])
            else:
                signers.append(_signer(path, entry))
    except (JoseError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise _refused(path, "it is not a JWK set of ours") from error
    if secret is None or not signers:
        raise _refused(path, "it needs one oct key and at least one Ed25519 key")
    if len({signer.kid for signer in signers}) < len(signers):
        raise _refused(path, "two of its keys have one kid")
    return Keys(tuple(signers), secret)


def _signer(path: Path, entry: dict[str, Any]) -> Signer:
    if entry["kty"] != "OKP" or entry["crv"] != "Ed25519":
        raise _refused(path, "its signing keys must be Ed25519")
    _strong(path, entry["d"])
    private = OKPKey.import_key({name: entry[name] for name in ("kty", "crv", "x", "d")})
    public = OKPKey.import_key({name: entry[name] for name in ("kty", "crv", "x")})
    signer = Signer(entry["kid"], private)
    registry = OnlyEdDSA()
    try:
        token = jws.serialize_compact({"alg": ALGORITHM}, b"{}", private, registry=registry)
        jws.deserialize_compact(token, public, registry=registry)
    except JoseError as error:
        raise _refused(path, "the halves of one of its keys do not fit together") from error
    if not isinstance(signer.kid, str) or not signer.kid:
        raise _refused(path, "one of its keys has no kid")
    return signer


def _strong(path: Path, text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(raw) < SECRET_BYTES or len(set(raw)) < FEWEST_BYTES_APART:
        raise _refused(path, "one of its keys is too weak to have been drawn at random")
    return raw


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _refused(path: Path, reason: str) -> Invalid:
    line = " ".join(reason.split())
    return Invalid(
        f"The key file {path} cannot be used: {line}. Restore it from a backup, or move it away "
        "to have a new one made, which signs everybody out.",
        field="auth_key_file",
    )
