"""E-mail addresses: what is sane, and which are the same."""

import re
import unicodedata

from marquee.kit.errors import Invalid

FIELD = "email"
MOST = 254
MOST_LOCAL = 64
LOCAL = re.compile(r"[^\s@,;:<>()\[\]\\\"]+")
LABEL = re.compile(r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?")


def checked_email(email: str) -> str:
    """The address, unchanged; Invalid when no mail could reach it."""
    local, at, domain = email.rpartition("@")
    labels = domain.split(".")
    fits = (
        at
        and len(email) <= MOST
        and len(local.encode(errors="replace")) <= MOST_LOCAL
        and LOCAL.fullmatch(local)
        and not (local[0] == "." or local[-1] == "." or ".." in local)
        and len(labels) > 1
        and all(LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
        and not any(unicodedata.category(letter)[0] in "CZ" for letter in email)
    )
    if not fits:
        raise Invalid("This is not an e-mail address.", field=FIELD)
    return email


def folded_email(email: str) -> str:
    """One key for all the spellings that we take for one mailbox."""
    email = email.encode(errors="replace").decode()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email).casefold())
