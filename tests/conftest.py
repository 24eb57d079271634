"""What all tests have in common."""

import pytest

ENGINE = " is not running: make engines"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was left out because an engine is not running."""
    missing: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple | list) else ""
        engine, found, _ = reason.removeprefix("Skipped: ").partition(ENGINE)
        if found:
            missing[engine] = missing.get(engine, 0) + 1
    if missing:
        told = ", ".join(f"{engine} ({count})" for engine, count in sorted(missing.items()))
        terminalreporter.write_line(f"Left out, since these engines are not running: {told}.")
