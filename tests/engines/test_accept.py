"""Who would rather read a page than JSON."""

import pytest

from marquee.engines.web.accept import prefers_page


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        (b"text/html, application/json", True),
        (b"application/json, text/html", False),
        (b"application/json, text/html;q=0.5", False),
        (b"application/json;q=0.2, text/html;q=0.5", True),
        (b"TEXT/HTML", True),
        (b"text/html;q=0", False),
        (b"text/html;q=much", True),
        (b"application/json", False),
        (b"*/*", False),
        (b"", False),
    ],
)
def test_html_is_for_who_wants_it_no_less_than_json(accept: bytes, page: bool) -> None:  # noqa: FBT001 - a column of the table
    assert prefers_page(accept) is page
