"""Signing keys kept in a file, and the one kind of signed token they make and accept."""

from marquee.engines.keyring.file import KeyFile
from marquee.engines.keyring.ring import KeyRing

__all__ = ["KeyFile", "KeyRing"]
