"""A supervisor that is told to stop while it waits for services that do not come up."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.ports import free_port
from tests.reliability.site import END_WITHIN, environment, wait_for

AWAY = "postgresql://me:hush-hush@127.0.0.1:{port}/films"


def test_told_to_stop_while_services_fail_it_ends_without_a_traceback(tmp_path: Path) -> None:
    config, log = tmp_path / "marquee.toml", tmp_path / "log"
    config.write_text(f"""
data = "{tmp_path}/data"
[accounts]
url = "{AWAY.format(port=free_port())}"
http = ["http://127.0.0.1:{free_port()}", "http://127.0.0.1:{free_port()}"]
at = "grpc://127.0.0.1:{free_port()}"
""")
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "marquee", "up"],
            env=environment(config=str(config)),
            stdout=said,
            stderr=said,
        )
    try:
        wait_for(lambda: "starts again in" in log.read_text("utf-8"), within=60)
        process.send_signal(signal.SIGTERM)
        process.wait(END_WITHIN)
    finally:
        process.kill()
        process.wait()
    text = log.read_text("utf-8")
    assert "MARQUEE_ACCOUNTS_URL" in text
    assert "hush-hush" not in text
    assert "Traceback" not in text
    assert "never retrieved" not in text
