"""What a published `.proto` has promised, and whether a newer text still keeps it."""

import re
from collections.abc import Iterator

BLOCK = re.compile(r"^(?:message|service) (\w+) \{")
FIELD = re.compile(r"^  (.+) (\w+) = (\d+);$")
CALL = re.compile(r"^  rpc (\w+)\((\w+)\) returns \((\w+)\)")
OPTIONAL = "optional "
LENIENT = (OPTIONAL, "repeated ", "map<")
"""How a field begins that may be missing from an older message."""


def breaks(old: str, new: str) -> list[str]:
    """A sentence for each promise of `old` that `new` does not keep; both as `proto` prints them.

    A field may be added, when it may be missing; its number comes after all others. A field that
    had to be given may get a default. Nothing may go, move or change its type.
    """
    before, after = _promises(old), _promises(new)
    kept = {name.partition(".")[0] for name in before}
    return [
        *(broken for name, was in before.items() if (broken := _broken(name, was, after))),
        *(
            f"{name} is new and has no default"
            for name, (word, number) in after.items()
            if name not in before and number and name.partition(".")[0] in kept
            if not word.startswith(LENIENT)
        ),
    ]


def _broken(name: str, was: tuple[str, int], after: dict[str, tuple[str, int]]) -> str | None:
    if name not in after:
        return f"{name} is gone"
    (old_word, old_number), (word, number) = was, after[name]
    if number != old_number:
        return f"{name} was {old_number} and is {number} now; write new fields last"
    if old_word not in {word, word.removeprefix(OPTIONAL)}:
        return f"{name} was {old_word!r} and is {word!r} now"
    return None


def _promises(text: str) -> dict[str, tuple[str, int]]:
    """`MovieCard.year` to its type and number; a call's number is 0."""
    return dict(_told(text))


def _told(text: str) -> Iterator[tuple[str, tuple[str, int]]]:
    block = ""
    for line in text.splitlines():
        if found := BLOCK.match(line):
            block = found[1]
            yield block, ("", 0)
        elif found := FIELD.match(line):
            yield f"{block}.{found[2]}", (found[1], int(found[3]))
        elif found := CALL.match(line):
            yield f"{block}.{found[1]}", (f"{found[2]} -> {found[3]}", 0)
