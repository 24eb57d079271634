"""What `marquee import` says of where the films went."""

from pathlib import Path

from marquee.app.importing import place
from marquee.app.settings import read

SECRET = "sesame42"


def test_the_catalog_is_named_by_where_it_is_and_never_by_its_password() -> None:
    here = {"MARQUEE_DATA": "films"}
    far = {**here, "MARQUEE_CATALOG_URL": f"postgresql://ada:{SECRET}@127.0.0.1/catalog"}
    asked = {**far, "MARQUEE_CATALOG_AT": "grpc://127.0.0.1:9003"}
    assert place(read(("catalog",), here)) == f"in {Path('films').absolute()}"
    assert place(read(("catalog",), far)) == "that MARQUEE_CATALOG_URL names"
    assert place(read(("catalog",), asked)) == "at grpc://127.0.0.1:9003"
