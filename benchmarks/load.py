"""Ask a server many times over kept connections, and read what it cost in its own CPU time."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

Request = Callable[[int], bytes]


@dataclass(frozen=True)
class Cost:
    """`cpu_us` is the server's user and system time a request, in microseconds; `by_pid` whose."""

    requests: int
    seconds: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    failures: int
    by_pid: Mapping[int, float] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def get(path: str, port: int, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()


def post(path: str, port: int, body: bytes, headers: str = "") -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


async def cost(
    port: int, pids: Sequence[int], request: Request, *, requests: int, connections: int
) -> Cost:
    """Send `requests`, the same number over each connection, after a tenth as many to warm up."""
    await _send(port, request, max(connections, requests // 10), connections, start=-requests)
    before = _cpu(pids)
    began = time.perf_counter()
    times, failures = await _send(port, request, requests, connections, start=0)
    seconds = time.perf_counter() - began
    after = _cpu(pids)
    times.sort()
    count = len(times)
    by_pid = {pid: (after[pid] - before.get(pid, 0)) / count * 1e6 for pid in after}
    return Cost(
        requests=count,
        seconds=seconds,
        cpu_us=sum(by_pid.values()),
        p50_ms=times[count // 2] * 1000,
        p99_ms=times[int(count * 0.99)] * 1000,
        failures=failures,
        by_pid=by_pid,
    )


async def _send(
    port: int, request: Request, requests: int, connections: int, *, start: int
) -> tuple[list[float], int]:
    each = max(1, requests // connections)
    results = await asyncio.gather(
        *(_client(port, request, start + k * each, each) for k in range(connections))
    )
    times = [moment for part, _bad in results for moment in part]
    return times, sum(bad for _part, bad in results)


async def _client(port: int, request: Request, first: int, count: int) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times, bad = [], 0
    for number in range(first, first + count):
        began = time.perf_counter()
        writer.write(request(number))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if length:
            await reader.readexactly(length)
        times.append(time.perf_counter() - began)
        bad += head[9:10] not in {b"2", b"3"}
    writer.close()
    await writer.wait_closed()
    return times, bad


def _cpu(pids: Sequence[int]) -> dict[int, float]:
    found = {}
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            times = psutil.Process(pid).cpu_times()
            found[pid] = times.user + times.system
    return found
