"""One file for a whole deployment."""

from pathlib import Path

import pytest

from marquee.app.contexts import CONTEXTS
from marquee.app.settings import Settings, read
from marquee.kit.errors import Invalid

NAMES = tuple(CONTEXTS)
WHOLE = """
port = 8080
edge = "nginx"
starter = false
trusted_proxies = ["10.0.0.0/8", "127.0.0.1"]

[catalog]
at = ["grpc://127.0.0.1:9001", "grpc://127.0.0.1:9011"]
http = ["http://127.0.0.1:9101", "http://127.0.0.1:9201"]

[web]
http = "http://127.0.0.1:9100"
"""


def said(folder: Path, text: str, **environment: str) -> Settings:
    path = folder / "marquee.toml"
    path.write_text(text, encoding="utf-8")
    return read(NAMES, {"MARQUEE_CONFIG": str(path), **environment})


def test_a_file_says_what_the_environment_would(tmp_path: Path) -> None:
    settings = said(tmp_path, WHOLE)
    assert (settings.port, settings.edge, settings.starter) == (8080, "nginx", False)
    assert settings.trusted_proxies == ("10.0.0.0/8", "127.0.0.1")
    assert settings.addresses("catalog") == ("grpc://127.0.0.1:9001", "grpc://127.0.0.1:9011")
    assert settings.addresses("search") == ()
    assert settings.http("catalog") == ("http://127.0.0.1:9101", "http://127.0.0.1:9201")
    assert settings.http("web") == ("http://127.0.0.1:9100",)
    assert settings.http("search") == ()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = said(tmp_path, WHOLE, MARQUEE_PORT="9", MARQUEE_CATALOG_HTTP="http://[::1]:1")
    assert settings.port == 9
    assert settings.http("catalog") == ("http://[::1]:1",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('prot = "canary"', "prot"),
        ('[catalog]\nurll = "canary"', "catalog.urll"),
        ('[catalogue]\nat = "canary"', "catalogue.at"),
        ('config = "canary"', "config"),
        ('PORT = "canary"', "PORT"),
        ('port = "canary"', "MARQUEE_PORT"),
        ('edge = "canary"', "MARQUEE_EDGE"),
        ('behind_edge = "canary"', "MARQUEE_BEHIND_EDGE"),
        ('[catalog]\nhttp = ["http://canary"]', "MARQUEE_CATALOG_HTTP"),
        ('[catalog]\nhttp = "http://a:canary@127.0.0.1:1"', "MARQUEE_CATALOG_HTTP"),
        ('[web]\nhttp = [["canary"]]', "web.http"),
        ("canary", "TOML"),
    ],
)
def test_what_is_wrong_is_named_and_not_told(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Invalid) as refused:
        said(tmp_path, text)
    assert named in refused.value.detail
    assert "canary" not in refused.value.detail


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"marquee\.toml cannot be read"):
        read(NAMES, {}, tmp_path / "marquee.toml")
