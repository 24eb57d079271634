"""What becomes of the text of a review."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marquee.contexts.reviews.model import clean_text, html_of
from marquee.kit.errors import Invalid

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "![x](javascript:alert(1))",
    '![x](https://e.example/"onerror="alert(1))',
    "<javascript:alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<iframe src=//evil.example></iframe>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<math><mtext></table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=1&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><button formaction=javascript:alert(1)>X",
    "<details open ontoggle=alert(1)>",
    '<base href="javascript:/a/+alert(1)//">',
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example>",
    "`<script>alert(1)</script>`",
    "```\n</code><script>alert(1)</script>\n```",
    "> <script>alert(1)</script>",
    "* <img src=x onerror=alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    '[x](https://ok.example "onmouseover=alert(1)")',
    "<ScRiPt>alert(1)</sCrIpT>",
    "<<script>script>alert(1)<</script>/script>",
    "<img src='x' style='xss:expression(alert(1))'>",
    "\x00<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<x onclick=alert(1)>click",
    "<a href=' javascript:alert(1)'>x</a>",
    "[x]( javascript:alert(1) )",
]
WRAPS = ("{}", "**{}**", "1. {}", "> {}")


def dangers(html: str) -> list[str]:
    """Whatever in this HTML could run or lead somewhere it should not."""
    found = []
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    for node in tree.iter():
        if node.tag in {"script", "style", "iframe", "svg", "img", "form", "object", "math"}:
            found.append(f"<{node.tag}>")
        for name, value in node.attrib.items():
            scheme = value.strip().lower().partition(":")[0]
            if name.startswith("on") or name in {"style", "srcdoc"}:
                found.append(name)
            if name in {"href", "src"} and scheme in {"javascript", "data", "vbscript"}:
                found.append(value)
    return found


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("number", range(len(ATTACKS)))
def test_no_text_becomes_a_program(number: int, wrap: str) -> None:
    attack = wrap.format(ATTACKS[number])
    assert dangers(html_of(clean_text(attack)) or "") == []


@given(st.text(max_size=300))
def test_whatever_is_written_is_harmless_or_refused(text: str) -> None:
    try:
        kept = clean_text(text)
    except Invalid:
        assert any("\ud800" <= letter <= "\udfff" for letter in text)
        return
    assert dangers(html_of(kept) or "") == []
    assert clean_text(kept) == kept


def test_plain_markdown_reads_as_meant() -> None:
    html = html_of("A *slow* film.\n\n- water\n- mirrors\n\n[more](https://example.org/x)")
    assert html is not None
    assert "<em>slow</em>" in html
    assert "<li>water</li>" in html
    assert 'href="https://example.org/x"' in html
    assert "nofollow" in html


def test_nothing_is_left_of_a_blank_text() -> None:
    assert clean_text(" \n\t\x00 ") is None
    assert clean_text(None) is None
    assert html_of(None) is None


def test_a_very_long_text_is_refused_and_a_nested_one_ends() -> None:
    with pytest.raises(Invalid):
        clean_text("x" * 20_001)
    assert html_of(">" * 20_000) is not None
    assert html_of("[" * 10_000) is not None
