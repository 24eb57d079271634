"""Reads and writes through the edge, in one process and of the usual way, each beside its floor."""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.load import Cost, Request, cost, get, post
from benchmarks.requests import LIST, member
from benchmarks.table import table

MOVIES, CONNECTIONS, ROUNDS = 5_000, 32, 3
READS, FEWER, FEWEST, WRITES = 3_200, 960, 320, 1_600
HEAD = ["requests/s", "p50", "p99", "p50 of the floor", "CPU ms"]
WORDS = ("knight", "love", "star", "night", "man", "war", "girl", "dead", "house", "blue")
LEAST = 0.005
"""Milliseconds a request below which a process is not named."""
Pids = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Asked:
    """`pids` are asked for once all that will work is at work."""

    name: str
    port: int
    request: Request
    pids: Callable[[], Pids]
    count: int = READS


def detail(port: int, token: str = "") -> Request:
    headers = f"Authorization: Bearer {token}\r\n" if token else ""
    return lambda n: get(f"/api/v1/movies/{1 + n % MOVIES}", port, headers)


def filtered(port: int) -> Request:
    """Never the same twice, so that nobody has it ready."""
    asked = iter(range(90_000))
    return lambda _n: get(f"{LIST}&rating_min={next(asked) / 100_000:.5f}", port)


def search(port: int) -> Request:
    asked = iter(range(1_000_000))

    def one(_n: int) -> bytes:
        number = next(asked)
        first, second = WORDS[number % 10], WORDS[number // 10 % 10]
        return get(f"/api/v1/search?q={first}+{second}&limit={1 + number // 100 % 100}", port)

    return one


async def reads(title: str, asked: Sequence[Asked]) -> dict[str, float]:
    """In turn, over and over: the round in the middle counts. The first of them is the floor.

    Requests a second, by name.
    """
    rounds: dict[str, list[tuple[Cost, str]]] = {one.name: [] for one in asked}
    for _round in range(ROUNDS):
        for one in asked:
            rounds[one.name].append(await _measured(one))
    picked = {name: _middle(found) for name, found in rounds.items()}
    floor = picked[asked[0].name][0]
    print(table([title, *HEAD], [_row(name, got, floor) for name, (got, _) in picked.items()]))
    for name, (_got, by) in picked.items():
        print(f"  {name}: {by}")
    return {name: got.per_second for name, (got, _by) in picked.items()}


async def _measured(one: Asked) -> tuple[Cost, str]:
    await cost(one.port, [], one.request, requests=CONNECTIONS * 5, connections=CONNECTIONS)
    groups = one.pids()
    pids = [pid for group in groups.values() for pid in group]
    got = await cost(one.port, pids, one.request, requests=one.count, connections=CONNECTIONS)
    return got, _shares(got, groups)


def _middle(found: Sequence[tuple[Cost, str]]) -> tuple[Cost, str]:
    middle = statistics.median_low(got.per_second for got, _by in found)
    return next(one for one in found if one[0].per_second == middle)


def _row(name: str, got: Cost, floor: Cost) -> list[str]:
    if got.failures:
        name = f"{name} ({got.failures} FAILED)"
    return [
        name,
        f"{got.per_second:,.0f}",
        f"{got.p50_ms:.1f} ms",
        f"{got.p99_ms:.1f} ms",
        f"{got.p50_ms / floor.p50_ms:.1f}x",
        f"{got.cpu_us / 1000:.2f}",
    ]


async def writes(title: str, port: int, tokens: Sequence[str], pids: Pids) -> None:
    """Reviews of 32 members, each durable before it is answered."""

    def review(number: int) -> bytes:
        # Warming up counts from below: each request is another person's or another movie's.
        place = number if number >= 0 else 2 * WRITES + number
        who, movie = place % len(tokens), 1 + place // len(tokens)
        body = json.dumps({"movie_id": str(movie), "rating": 1 + place % 10}).encode()
        return post("/api/v1/reviews", port, body, f"Authorization: Bearer {tokens[who]}\r\n")

    each = [pid for group in pids.values() for pid in group]
    got = await cost(port, each, review, requests=WRITES, connections=CONNECTIONS)
    head = [title, *(name for name in HEAD if "floor" not in name)]
    cells = [cell for cell in _row("a review", got, got) if cell != "1.0x"]
    print(table(head, [cells]))
    print(f"  of which: {_shares(got, pids)}")


def _shares(got: Cost, pids: Pids) -> str:
    by = {name: sum(got.by_pid.get(pid, 0) for pid in each) / 1000 for name, each in pids.items()}
    shown = sorted(((ms, name) for name, ms in by.items() if ms >= LEAST), reverse=True)
    return ", ".join(f"{name} {ms:.2f}" for ms, name in shown)


def members(port: int) -> list[str]:
    return [member(port, f"writer{n}") for n in range(CONNECTIONS)]
