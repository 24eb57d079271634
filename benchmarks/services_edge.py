"""The edge of a deployment for measuring: its own configuration, but nothing is kept and no limit met.

The peer and a static answer, which is the floor, stand behind the same nginx.
"""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from tests.journeys.services import Deployment

from benchmarks.servers import free_port
from marquee.app import edge_config
from marquee.app.contexts import CONTEXTS
from marquee.app.settings import Settings, read
from marquee.app.up.plan import edge as as_up_would

OTHERS = """
    upstream peer {{ server 127.0.0.1:{peer}; keepalive 64; }}
    server {{
        listen 127.0.0.1:{to_peer};
        location / {{
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_pass http://peer;
        }}
    }}
    server {{
        listen 127.0.0.1:{floor};
        keepalive_requests 100000;
        default_type application/json;
        root {folder};
    }}
}}
"""


@dataclass(frozen=True)
class Edge:
    """One nginx: ports of Marquee without kept reads, of the peer, and of the static answers."""

    marquee: int
    peer: int
    floor: int
    pid: int

    @property
    def pids(self) -> list[int]:
        return [self.pid, *(one.pid for one in psutil.Process(self.pid).children())]


def settings_of(deployment: Deployment) -> Settings:
    return read(tuple(CONTEXTS), {}, deployment.config)


@contextmanager
def edge(deployment: Deployment, folder: Path, peer: int) -> Iterator[Edge]:
    """`folder` has the static answers."""
    ports = [free_port() for _ in range(3)]
    own = settings_of(deployment)
    key = own.service_key_file or own.data / "service.key"  # by which a service knows the edge
    settings = replace(own, port=ports[0], data=folder, service_key_file=key)
    service = as_up_would(settings)
    assert service is not None
    text = _unbound(edge_config.nginx(settings))
    others = OTHERS.format(peer=peer, to_peer=ports[1], floor=ports[2], folder=folder)
    config = folder / "edge/nginx.conf"
    config.write_text(text.rstrip().removesuffix("}") + others, encoding="utf-8")
    process = subprocess.Popen(service.command)
    try:
        time.sleep(1)
        assert process.poll() is None
        yield Edge(*ports, process.pid)
    finally:
        process.terminate()
        process.wait(40)


def _unbound(text: str) -> str:
    text, kept = re.subn(r"proxy_cache \$reads;", "proxy_cache off;", text)
    text, limited = re.subn(r"rate=\d+r/s", "rate=1000000r/s", text)
    assert kept
    assert limited
    return text
