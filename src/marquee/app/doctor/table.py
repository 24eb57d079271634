"""A report for people, narrow enough for any terminal, and for machines."""

from typing import Any

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from marquee.app.doctor.report import Part, Report
from marquee.kit.findings import Finding, State

COLORS = {"ok": "green", "warning": "yellow", "wrong": "bold red"}
WHAT, STATE = 18, 7
SAID = {
    "ok": "Nothing is wrong.",
    "warning": "Nothing is wrong, but look at the warnings.",
    "wrong": "Something is wrong.",
}


def show(report: Report, console: Console) -> None:
    for part in report.parts:
        if part.findings:
            console.print(Text.assemble((part.name, "bold"), "  ", (part.where, "dim")))
            console.print(Padding(_table(part), (0, 0, 0, 2)))
            console.print()
    console.print(Text(SAID[report.state], style=COLORS[report.state]))


def _table(part: Part) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=WHAT, overflow="fold")
    table.add_column(width=STATE)
    table.add_column(overflow="fold")
    for finding in part.findings:
        table.add_row(
            Text(finding.what), Text(finding.state, COLORS[finding.state]), Text(finding.detail)
        )
        if finding.advice:
            table.add_row("", "", Text(f"→ {finding.advice}", "italic"))
    return table


def as_json(report: Report) -> str:
    """`state`, and `parts` with `name`, `where` and `findings`."""
    told: dict[str, Any] = {"state": report.state, "parts": [_part(one) for one in report.parts]}
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def _part(part: Part) -> dict[str, Any]:
    return {"name": part.name, "where": part.where, "findings": [*map(_finding, part.findings)]}


def _finding(finding: Finding) -> dict[str, str | State]:
    return {
        "what": finding.what,
        "state": finding.state,
        "detail": finding.detail,
        "advice": finding.advice,
    }
