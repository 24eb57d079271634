"""The dashboard as Grafana reads it."""

import itertools
import json
from pathlib import Path
from typing import Any

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana" / "marquee.json"
BOARD: dict[str, Any] = json.loads(DASHBOARD.read_text("utf-8"))
PANELS: list[dict[str, Any]] = BOARD["panels"]
WIDE = 24


def test_every_panel_has_a_place_of_its_own() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    taken = [_squares(panel["gridPos"]) for panel in PANELS]
    for one, other in itertools.combinations(taken, 2):
        assert not one & other


def _squares(place: dict[str, int]) -> set[tuple[int, int]]:
    assert place["x"] + place["w"] <= WIDE
    columns, lines = range(place["x"], place["x"] + place["w"]), range(place["h"])
    return {(x, place["y"] + y) for x in columns for y in lines}


def test_it_has_the_rows_that_are_promised() -> None:
    rows = [panel["title"] for panel in PANELS if panel["type"] == "row"]
    assert rows == ["Traffic", "Latency", "Events", "Services", "Process"]


def test_every_query_goes_to_the_chosen_prometheus_and_the_chosen_services() -> None:
    names = [variable["name"] for variable in BOARD["templating"]["list"]]
    assert names == ["datasource", "service", "instance"]
    for panel in PANELS:
        for target in panel.get("targets", []):
            assert target["datasource"]["uid"] == "${datasource}"
            selectors = target["expr"].count("{")
            assert selectors == target["expr"].count('serves=~"$service",instance=~"$instance"')
