"""The command `marquee`."""

import errno
import gc
import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import cyclopts
from cyclopts import App, Parameter

from marquee import __version__
from marquee.app.command import asking, log_as_set, run
from marquee.app.doctor.commands import doctor
from marquee.app.keys import keys
from marquee.app.moving.commands import move
from marquee.app.parked.commands import parked
from marquee.kit.errors import Conflict, Invalid, MarqueeError, Unavailable

CONTEXTS = ("accounts", "auth", "catalog", "ingestion", "reviews", "search")
FAILED, MISUSED = 1, 2

app = App(name="marquee", version=__version__, help="A movie platform of your own.")
admin = App(name="admin", help="The people who run this site.")
search = App(name="search", help="The search index.")
starter = App(name="starter", help="The catalog a new instance opens with.")
reference = App(name="reference", help="Documents derived from the code.")
edge = App(name="edge", help="What stands in front of services.")
for group in (admin, search, starter, reference, edge, parked, keys):
    app.command(group)
app.command(move)
app.command(doctor)


@app.command
def serve(*contexts: str, config: Path | None = None) -> None:
    """Serve Marquee, or only the named contexts of it, until told to stop.

    `web` is the site and the API's documents, where the contexts are served elsewhere.
    """
    known = (*CONTEXTS, "web")
    unknown = [name for name in contexts if name not in known]
    if unknown:
        raise Invalid(f"There is no context {unknown[0]!r}. There are {', '.join(known)}.")
    gc.disable()  # until all is built: looking for waste in what stays is a tenth of a start
    from marquee.app.settings import read

    settings = read(
        CONTEXTS, config=config
    )  # first, for what is wrong with it should be said at once
    from marquee.app import serving

    log_as_set(settings)
    if run(lambda: serving.serve(settings, contexts)):
        # The same process with fresh memory: filling a catalog takes more than serving it.
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves


@app.command
def up(*, config: Path | None = None) -> None:
    """Start every service of this machine, and the edge before them, and keep them running."""
    from marquee.app.settings import read

    settings = read(CONTEXTS, config=config)
    environment = dict(os.environ)
    if config is not None:
        environment["MARQUEE_CONFIG"] = str(config.absolute())
    from marquee.app.up import up as keep_up

    if not run(lambda: keep_up(settings, environment)):
        raise Unavailable("Something did not end in time and was killed.")


@app.command(name="import")
def import_files(*files: Path) -> None:
    """Add to the catalog what FILES say: the starter's JSON lines, IMDb's and TMDB's tables."""
    if not files:
        raise Invalid("Name at least one file.")
    from marquee.app import importing

    run(lambda: importing.import_files(files))


@admin.command
def create(username: str, email: str) -> None:
    """Make an admin. The password is asked for, or read from the first line of standard input."""
    password = _password()
    from marquee.contexts.accounts.contract import Accounts

    async def work() -> None:
        async with asking(Accounts) as accounts:
            made = await accounts.create_admin(username=username, email=email, password=password)
        print(f"{made.username} is an admin now.")  # noqa: T201 - what the command answers

    run(work)


@search.command
def rebuild() -> None:
    """Build the search index anew from the catalog, beside the one in use."""
    from marquee.contexts.search.contract import Search

    async def work() -> None:
        async with asking(Search) as index:
            report = await index.rebuild()
        print(f"{report.movies:,} films and {report.people:,} people can be found.")  # noqa: T201

    run(work)


@starter.command
def build(
    raw: Path, *, out: Path, report: Annotated[Path | None, Parameter(name="--report")] = None
) -> None:
    """Clean the facts in RAW into the starter catalog OUT, and say in a report what was done."""
    from marquee.app import importing

    importing.build_starter(raw, out, report)


@edge.command
def nginx(*, out: Path | None = None, config: Path | None = None) -> None:
    """Write the configuration of an nginx in front of the services of the settings; it holds a secret."""
    from marquee.app import edge_config
    from marquee.app.settings import read

    text = edge_config.nginx(read(CONTEXTS, config=config))
    if out is None:
        print(text, end="")  # noqa: T201 - what the command answers
    else:
        try:
            out.touch(mode=0o600)
            out.chmod(0o600)
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise Unavailable(f"{out} cannot be written: {error.strerror}.") from None


@reference.command
def write(folder: Path = Path("docs/reference")) -> None:
    """Write what is derived: .proto files, event snapshots, the OpenAPI document, the settings."""
    from marquee.app import references

    references.write(folder)


@reference.command
def check(folder: Path = Path("docs/reference")) -> None:
    """Fail when a derived document is not what would be written now."""
    from marquee.app import references

    stale = references.stale(folder)
    if stale:
        raise Conflict(f"stale: {', '.join(map(str, stale))}. Run make reference.")


def _password() -> str:
    if sys.stdin.isatty():
        first = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != first:
            raise Invalid("The two passwords differ.")
        return first
    line = sys.stdin.readline()
    if not line.rstrip("\r\n"):
        raise Invalid("Give the password as the first line of standard input.")
    return line.rstrip("\r\n")


def main() -> None:
    """Whatever goes wrong is one line and an exit code that is not zero."""
    try:
        app(result_action="return_value", exit_on_error=False, print_error=False)
    except MarqueeError as error:
        _fail(_named(error))
    except cyclopts.CycloptsError as error:
        _fail(" ".join(str(error).split()), MISUSED)
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _fail("The disk is full. Make room and do it again: what was kept before is there.")
        if os.environ.get("MARQUEE_LOG_LEVEL") == "debug":
            raise
        text = str(error).strip().splitlines()
        _fail(f"{type(error).__name__}: {text[0] if text else 'no reason given'}")


def _named(error: MarqueeError) -> str:
    """Its detail, and before it the setting at fault, if the detail does not say it."""
    field = error.field or ""
    is_setting = field.startswith("MARQUEE_") and field not in error.detail
    return f"{field}: {error.detail}" if is_setting else error.detail


def _fail(reason: str, code: int = FAILED) -> None:
    print(f"marquee: {reason}", file=sys.stderr)  # noqa: T201 - what the command answers
    raise SystemExit(code)


if __name__ == "__main__":
    main()
