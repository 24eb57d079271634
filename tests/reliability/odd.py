"""Odd values: numbers and texts that break what was not made for them."""

import json
import random

from tests.reliability import figures

MARKS = "a" + "\u0301" * 10_000
NUMBERS = (
    *(str(number) for power in (31, 32, 53, 63, 64, 70) for number in (2**power, -(2**power) - 1)),
    "9" * 5_000,
    "-" + "9" * 5_000,
    "1e400",
    "1e-400",
    "1.5",
    "0",
    "-0",
    "-1",
    "1e2",
    "NaN",
    "Infinity",
    "-Infinity",
)
WORDS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202eevil\u202c",
    "\U0001f3ac",
    "\U0010ffff",
    "\ufeffbom",
    "\u2028line\u2029",
    MARKS,
    "x" * 100_000,
    "Jos\u00e9",
    "Jose\u0301",
    "\u0130stanbul",
    "\ufdfa" * 500,
    "..",
    "../../etc/passwd",
    "a/b",
    "a\r\nSet-Cookie: x=1",
    "9" * 5_000,
    str(2**63),
    str(2**70),
    "-1",
    "nan",
    "inf",
    "null",
    "true",
    "1e400",
    "\u0661\u0662",
    "%",
    "{}",
)
SURROGATES = (r'"\ud800"', r'"\udfff"', r'"a\ud83d"', r'"\ude00\ud83d"')
LITERALS = (
    *NUMBERS,
    *(json.dumps(word) for word in WORDS),
    *SURROGATES,
    "null",
    "true",
    "false",
    "[]",
    "{}",
    "[[]]",
    '[""]',
    '{"a": 1}',
    "[1, null, {}]",
)
"""As they stand in a body; some are no JSON."""
BYTES = ("%ff", "%c3%28", "%ed%a0%80", "%f8%88%80%80%80", "%00", "%0d%0a", "%", "%zz", "+", "%2b")
"""As they stand in an address; most are no UTF-8."""
TEXTS = (
    "\u202eright to left\u202c",
    "four bytes \U0001f3ac\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "one \u00e9, two e\u0301",
    "z" + "\u0335" * 200,
    "\ufdfa \u0130 \u00df \ufb01",
    "\U0010fffd\U000e0041",
    "line\nline",
    "<b>&amp; \\ \" ' ` $ {} %s %00",
    "\u05e9\u05dc\u05d5\u05dd \u4f60\u597d \u0928\u092e\u0938\u094d\u0924\u0947",
)
"""What people may mean: kept byte by byte, or refused."""
CONTROLS = ("a\x00b", "a\x07b", "a\x1bb", "a\x7fb", "a\x85b")
EVIL = tuple(
    text
    for size in (5_000, 30_000)
    for text in (
        "a" * size + "!",
        "a " * (size // 2) + "!",
        "(" * size,
        "(a+)+" * (size // 5),
        "[" * size,
        '"' * size,
        "\\" * size,
        "*" * size,
        "a" * size + "\n",
        "0" * size + "x",
        "-" * size,
        "\t" * size + "x",
        "<" * size,
        "&#" * (size // 2),
        ":" * size,
        "~" * size,
        "^" * size,
        "a:b " * (size // 4),
        "AND " * (size // 4),
        "a~2 " * (size // 4),
        "\u0301" * size,
        "@" * size,
        "a." * (size // 2),
        "%" * size,
        "[](" * (size // 3),
        "**a*" * (size // 4),
    )
)
"""For patterns that backtrack, parsers that recurse and queries that expand."""
INJECTIONS = (
    "' OR '1'='1",
    "' OR 1=1 --",
    "'; DROP TABLE movies; --",
    '" OR ""="',
    "') UNION SELECT password_hash FROM accounts --",
    "1; SELECT randomblob(1000000000)",
    "\\' OR 1=1 --",
    "%' OR '%'='",
    "%",
    "_",
    "%%%",
    "____",
    "*",
    "?",
    "a*",
    "*a",
    '{"$ne": null}',
    '{"$gt": ""}',
    "[$ne]=1",
    "' || '1'=='1",
    "MATCH (n) DETACH DELETE n",
    "}) RETURN n //",
    "title:*",
    "title:[* TO *]",
    "_exists_:title",
    "/.*/",
    "/.{0,99}/",
    "+title:a -title:b",
    "a AND NOT b",
    "a OR b",
    '"',
    '"a" ~2',
    "a^9999",
    "a~99",
    "\r\nFLUSHALL\r\n",
    "*1\r\n$8\r\nFLUSHALL\r\n",
    "a\r\nX-Evil: 1",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{% raw %}",
    "%(asctime)s %n%s%x",
    "${jndi:ldap://127.0.0.1/a}",
    "$(id)",
    "`id`",
    "| id",
    "; id",
    "*)(uid=*))(|(uid=*",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "<script>alert(1)</script>",
)


def some(values: tuple[str, ...], place: str) -> list[str]:
    """All of them in full; on every commit a few, others in each place."""
    few = figures.sized(8, len(values))
    return random.Random(place).sample(values, min(few, len(values)))
