"""What one can do with accounts."""

from marquee.contexts.accounts.service.accounts import AccountService
from marquee.contexts.accounts.service.door import Door
from marquee.contexts.accounts.service.edits import MemberEdit, ProfileEdit

__all__ = ["AccountService", "Door", "MemberEdit", "ProfileEdit"]
