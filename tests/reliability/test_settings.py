"""O4: what is wrong with the settings is said at once, in a line, by name and not by value."""

import json
import socket
import stat
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability import figures
from tests.reliability.conftest import Open
from tests.reliability.site import PASSWORD, Site

AS_ANYBODY = """
import ctypes, os, sys
if os.geteuid() == 0:
    for may in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, may, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.executable, [sys.executable, "-m", "marquee", *sys.argv[1:]])
"""
"""Runs a command for which modes of folders count, also where it is root's."""
CANARY = "canary-4f1c"
"""Part of a value that must not be told."""


@dataclass(frozen=True)
class Wrong:
    """`names` is what the line must say; the value in `settings` it must not."""

    what: str
    settings: Mapping[str, str]
    names: str
    arguments: tuple[str, ...] = ("serve",)
    stdin: str = ""
    hides: tuple[str, ...] = field(default=(CANARY,))


AT_ONCE = (
    Wrong("an unknown setting", {"HOTS": CANARY}, "MARQUEE_HOTS"),
    Wrong("an unknown context", {"REVUES_URL": f"sqlite:///{CANARY}"}, "MARQUEE_REVUES_URL"),
    Wrong("a secret by the name of none", {"SECRET_KEY": CANARY}, "MARQUEE_SECRET_KEY"),
    Wrong("debugging", {"DEBUG": "1"}, "MARQUEE_DEBUG", hides=()),
    Wrong("a port that is no number", {"PORT": CANARY}, "MARQUEE_PORT"),
    Wrong("a port too high", {"PORT": "65536"}, "MARQUEE_PORT", hides=("65536",)),
    Wrong("a port below", {"PORT": "-1"}, "MARQUEE_PORT", hides=("-1",)),
    Wrong("a port of digits not ours", {"PORT": "\u0661\u0662\u0663\u0664"}, "MARQUEE_PORT"),
    Wrong("a port of many digits", {"PORT": "9" * 5000}, "MARQUEE_PORT", hides=("99999",)),
    Wrong("no port", {"PORT": ""}, "MARQUEE_PORT"),
    Wrong("no data folder", {"DATA": ""}, "MARQUEE_DATA"),
    Wrong("a starter of neither kind", {"STARTER": CANARY}, "MARQUEE_STARTER"),
    Wrong("a level of none", {"LOG_LEVEL": CANARY}, "MARQUEE_LOG_LEVEL"),
    Wrong("a proxy that is no address", {"TRUSTED_PROXIES": CANARY}, "MARQUEE_TRUSTED_PROXIES"),
    Wrong("everybody a proxy", {"TRUSTED_PROXIES": "*"}, "MARQUEE_TRUSTED_PROXIES", hides=()),
    Wrong("an address that is none", {"SEARCH_AT": CANARY}, "MARQUEE_SEARCH_AT"),
    Wrong("elsewhere what is served here", {"CATALOG_AT": "grpc://[::1]:1"}, "MARQUEE_CATALOG_AT"),
    Wrong("a site of another scheme", {"SITE_URL": f"ftp://{CANARY}"}, "MARQUEE_SITE_URL"),
)
LATER = (
    *(
        Wrong(
            f"an engine {context} does not know",
            {f"{context}_URL": f"nosql://someone:{CANARY}@127.0.0.1/films"},
            f"MARQUEE_{context}_URL",
        )
        for context in ("ACCOUNTS", "AUTH", "CATALOG", "REVIEWS", "SEARCH")
    ),
    Wrong(
        "a store in no folder",
        {"REVIEWS_URL": "sqlite:////dev/null/x.db"},
        "MARQUEE_REVIEWS_URL",
        hides=(),
    ),
    Wrong("a host that is none", {"HOST": "256.1.1.1"}, "MARQUEE_HOST", hides=()),
    Wrong("a context that is none", {}, "nothing-like-it", ("serve", "nothing-like-it")),
    Wrong(
        "another service at no address",
        {"CATALOG_AT": f"http://{CANARY}", "ACCOUNTS_AT": "grpc://127.0.0.1:1"},
        "MARQUEE_CATALOG_AT",
        ("serve", "reviews"),
    ),
    Wrong("a service alone", {}, "MARQUEE_CATALOG_AT", ("serve", "reviews")),
)


def tried(site: Site, wrong: Wrong) -> str | None:
    """What is wrong with how it was refused, if anything is."""
    ended = site.run(*wrong.arguments, stdin=wrong.stdin, **dict(wrong.settings))
    lines = ended.stderr.strip().splitlines()
    if ended.returncode == 0:
        return f"{wrong.what}: it served"
    if len(lines) != 1 or ended.stdout:
        return f"{wrong.what}: {len(lines)} lines: {ended.stderr[:600]}"
    if wrong.names not in lines[0]:
        return f"{wrong.what}: {wrong.names} is not named: {lines[0]}"
    told = [part for part in wrong.hides if part in ended.stderr]
    return f"{wrong.what}: it tells {told}: {lines[0]}" if told else None


def refused(cases: Sequence[tuple[Site, Wrong]]) -> list[str]:
    with ThreadPoolExecutor(4) as pool:
        return [found for found in pool.map(lambda case: tried(*case), cases) if found]


def test_a_wrong_setting_is_told_by_its_name(a_site: Open) -> None:
    chosen = AT_ONCE if figures.FULL else AT_ONCE[::2]
    later = LATER if figures.FULL else LATER[3::3]
    site = a_site()
    cases = [(site, one) for one in chosen] + [(a_site(), one) for one in later]
    assert refused(cases) == []
    figures.keep("O4", wrong_settings=len(chosen) + len(later), values_told=0)


def test_what_cannot_be_served_costs_one_line(a_site: Open, tmp_path: Path) -> None:
    a_file = tmp_path / "a_file"
    a_file.write_text("not a folder")
    site = a_site()
    weak = site.folder / "auth" / "keys.json"
    weak.write_text(json.dumps({"keys": [{"kty": "oct", "kid": "secret", "k": "c2VjcmV0"}]}))
    weak.chmod(0o600)
    spoiled = a_site()
    (spoiled.folder / "reviews.db").write_bytes(b"this is no database" * 500)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        fine = a_site()
        cases = (
            (fine, Wrong("a taken port", {"PORT": port}, "MARQUEE_PORT", hides=())),
            (fine, Wrong("a file for a folder", {"DATA": str(a_file)}, "MARQUEE_DATA", hides=())),
            (site, Wrong("a weak key", {}, "keys.json", hides=("c2VjcmV0",))),
            (spoiled, Wrong("a file that is no database", {}, "reviews.db", hides=())),
        )
        assert refused(cases) == []
    figures.keep("O4", cannot_be_served=len(cases))
    assert stat.S_IMODE(weak.stat().st_mode) == 0o600


def test_a_folder_in_use_is_not_taken(site: Site) -> None:
    taken = Wrong("a folder in use", {"PORT": "0"}, "in use", hides=())
    assert tried(site, taken) is None
    assert site.process is not None
    assert site.process.poll() is None


def test_a_folder_that_may_not_be_written_is_told(a_site: Open) -> None:
    site = a_site()
    site.command = ("-c", AS_ANYBODY)
    site.folder.chmod(0o500)
    try:
        found = tried(site, Wrong("a folder not ours", {}, "MARQUEE_DATA", hides=()))
    finally:
        site.folder.chmod(0o700)
    assert found is None


def test_an_admin_is_made_by_a_line_of_input(site: Site) -> None:
    """Through the running server; a wrong word costs one line, and the password is never told."""
    made = site.run("admin", "create", "chief", "chief@films.example", stdin=f"{PASSWORD}\n")
    assert (made.returncode, made.stderr) == (0, "")
    assert "chief" in made.stdout
    with site.client("chief") as chief:
        assert chief.get("/api/v1/me").json()["role"] == "admin"
    cases = (
        Wrong(
            "a name that is taken",
            {},
            "name",
            ("admin", "create", "chief", "other@films.example"),
            f"{CANARY} is long enough\n",
        ),
        Wrong(
            "a password too short",
            {},
            "assword",
            ("admin", "create", "second", "second@films.example"),
            "short\n",
            ("short\n",),
        ),
        Wrong("no password", {}, "assword", ("admin", "create", "third", "third@films.example")),
    )
    for wrong in cases:
        assert tried(site, wrong) is None
