"""A real Prometheus watches real services by the rules and the dashboard that we ship."""

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.fleet import Prometheus, Service
from tests.ports import free_port
from tests.real import real
from tests.reliability.site import wait_for

pytestmark = pytest.mark.engine
DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "rules.yml"
CONFIG = DEPLOY / "prometheus" / "prometheus.yml"
DASHBOARD = DEPLOY / "grafana" / "marquee.json"
PEOPLE, REST = ("accounts", "auth"), ("catalog", "reviews", "search", "ingestion")
NAMES = re.compile(r"\b(?:(?:marquee|process)_\w+|up\b)")
FOR = re.compile(r"for: \d+m")
SHORT = [(FOR, "for: 0s"), (re.compile(r"\[1m\]"), "[5s]")]
PASSWORD = "a long walk by the water"


@dataclass
class Fleet:
    whole: Service
    people: Service
    rest: Service
    prometheus: Prometheus


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """One process with everything, and two services that call each other."""
    binary = real("prometheus")
    folder = tmp_path_factory.mktemp("fleet")
    key = folder / "service.key"
    key.write_text("a shared secret that only these services in this test know")
    addresses = {PEOPLE: f"127.0.0.1:{free_port()}", REST: f"127.0.0.1:{free_port()}"}

    def service(names: tuple[str, ...], others: tuple[str, ...]) -> Service:
        elsewhere = {f"{name}_at": f"grpc://{addresses[others]}" for name in others}
        settings = {"grpc": addresses[names], "service_key_file": str(key), **elsewhere}
        return Service(folder, names, settings)

    found = Fleet(
        Service(folder),
        service(PEOPLE, REST),
        service(REST, PEOPLE),
        Prometheus(binary, folder),
    )
    services = [found.whole, found.people, found.rest]
    with contextlib.ExitStack() as stack:
        for started in ([found.whole, found.people], [found.rest]):  # it hears of those before
            for one in started:
                stack.callback(one.stop)
                one.spawn()
            for one in started:
                one.wait_until_ready()
        stack.callback(found.prometheus.stop)
        found.prometheus.start(services, _soon(RULES.read_text("utf-8")))
        _some_traffic(found)
        yield found


def _soon(rules: str) -> str:
    """The same rules, but what they see they tell at once."""
    for pattern, short in SHORT:
        rules = pattern.sub(short, rules)
    return rules


def _some_traffic(fleet: Fleet) -> None:
    new = {"username": "ada", "email": "ada@films.example", "password": PASSWORD}
    for face in (fleet.whole, fleet.people):
        with face.client() as client:
            assert client.post("/api/v1/accounts", json=new).status_code == 201
            login = {"login": "ada", "password": PASSWORD}
            token = client.post("/api/v1/auth/login", json=login).json()["access_token"]
    with fleet.rest.client() as client:
        bearer = {"authorization": f"Bearer {token}"}
        review = {"movie_id": "1", "stars": 9, "text": "There is no such film."}
        answer = client.post("/api/v1/reviews", json=review, headers=bearer)
        assert answer.status_code in {404, 422}, answer.text
        assert client.get("/api/v1/movies").status_code == 200


def _panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return [panel for panel in found if panel["type"] != "row"]


def _dashboard() -> list[str]:
    """Its expressions with its variables as Grafana would fill them in."""
    return [
        re.sub(r"\$(service|instance)", ".*", target["expr"]).replace("$__rate_interval", "1m")
        for panel in _panels()
        for target in panel["targets"]
    ]


def _settled(fleet: Fleet, wanted: set[str]) -> set[str]:
    """The wanted names that are missing once Prometheus has looked everywhere."""
    with contextlib.suppress(AssertionError):
        wait_for(lambda: wanted <= fleet.prometheus.names(), within=60, every=0.5)
    return wanted - fleet.prometheus.names()


def test_every_figure_of_the_rules_is_there(fleet: Fleet) -> None:
    queries = [rule["query"] for rule in fleet.prometheus.rules()]
    wanted = {name for query in queries for name in NAMES.findall(query)}
    assert len(wanted) > 10
    assert _settled(fleet, wanted) == set()


def test_every_figure_of_the_dashboard_is_there(fleet: Fleet) -> None:
    wanted = {name for query in _dashboard() for name in NAMES.findall(query)}
    assert len(wanted) > 15
    assert _settled(fleet, wanted) == set()


def test_every_panel_has_a_query_that_prometheus_understands(fleet: Fleet) -> None:
    for query in _dashboard():
        fleet.prometheus.ask("query", query=query)


def test_every_variable_of_the_dashboard_has_values(fleet: Fleet) -> None:
    build = "marquee_build_info"
    wait_for(lambda: len(fleet.prometheus.ask("series", **{"match[]": build})) == 3, within=60)
    found = fleet.prometheus.ask("label/serves/values", **{"match[]": build})
    assert found == sorted(one.serves for one in (fleet.whole, fleet.people, fleet.rest))


def test_every_rule_says_what_it_saw_and_what_to_do(fleet: Fleet) -> None:
    rules = fleet.prometheus.rules()
    assert len(rules) == RULES.read_text("utf-8").count("alert:")
    assert RULES.read_text("utf-8").count("for:") == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"].keys() == {"summary", "description"}
        wait_for(lambda name=rule["name"]: _health(fleet, name) == "ok", within=60)


def _health(fleet: Fleet, name: str) -> str:
    return next(str(rule["health"]) for rule in fleet.prometheus.rules() if rule["name"] == name)


@pytest.mark.parametrize("file", [["rules", RULES], ["config", CONFIG]], ids=["rules", "config"])
def test_promtool_finds_no_fault(file: list[Any]) -> None:
    promtool = shutil.which("promtool", path=str(Path(real("prometheus")).parent))
    assert promtool is not None, "prometheus brings promtool"
    checked = subprocess.run(  # noqa: S603 - our own arguments
        [promtool, "check", *map(str, file)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_service_that_is_gone_is_told_and_so_is_its_return(fleet: Fleet) -> None:
    people, rest = fleet.people.serves, fleet.rest.serves
    gone = ("MarqueeDown", people)
    wait_for(lambda: fleet.prometheus.ask("query", query="sum(up) == 3")["result"], within=60)
    wait_for(lambda: gone not in fleet.prometheus.firing(), within=60)
    fleet.people.stop()
    expected = {gone, ("MarqueeBreakerOpen", rest)}

    def is_told() -> bool:
        with fleet.rest.client() as client:  # somebody whose token only auth can judge
            client.get("/api/v1/me/reviews", headers={"authorization": "Bearer nonsense"})
        return expected <= fleet.prometheus.firing()

    wait_for(is_told, within=60, every=0.5)
    assert ("MarqueeDown", rest) not in fleet.prometheus.firing()
    fleet.people.spawn()
    fleet.people.wait_until_ready()
    wait_for(lambda: not expected & fleet.prometheus.firing(), within=60, every=0.5)
