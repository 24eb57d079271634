"""Every contract can cross a network, and every event can be read for ever."""

import dataclasses
from pathlib import Path
from types import ModuleType

import pytest

from marquee.app.remote import pins, published, schema, snapshots, wire
from marquee.kit.events import Event, kind_of

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
CONTRACTS = [
    contract
    for module in published.modules("contract").values()
    for contract in schema.protocols_of(module)
]
FACTS = [
    event
    for module in published.modules("events").values()
    for event in snapshots.events_of(module)
]


@pytest.mark.parametrize("contract", CONTRACTS, ids=schema.service_of)
def test_a_contract_can_cross_a_network(contract: type) -> None:
    assert wire.methods_of(contract)


@pytest.mark.parametrize("module", published.modules("contract").values(), ids=lambda m: m.__name__)
def test_a_contract_module_holds_only_protocols_and_frozen_dataclasses(module: ModuleType) -> None:
    for kind in vars(module).values():
        if isinstance(kind, type) and kind.__module__ == module.__name__:
            is_frozen = dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
            assert is_frozen or kind in schema.protocols_of(module), kind


@pytest.mark.parametrize("event", FACTS, ids=kind_of)
def test_an_event_is_frozen_and_its_key_is_one_of_its_texts(event: type[Event]) -> None:
    assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]
    kinds = {field.name: field.type for field in dataclasses.fields(event)}
    assert kinds.get(event.key_field) in {str, "str"}
    assert set(kinds) > {"id", "at"}, "it says what happened, beside when"


def test_published_protos_keep_their_promises() -> None:
    assert published.broken_in(REFERENCE / "proto", published.protos(), pins.breaks) == []


def test_published_event_schemas_keep_their_promises() -> None:
    assert published.broken_in(REFERENCE / "events", published.schemas(), snapshots.breaks) == []


def test_published_protos_are_what_the_contracts_say() -> None:
    written = {path.name: path.read_text("utf-8") for path in (REFERENCE / "proto").iterdir()}
    assert written == published.protos(), "run `marquee proto`"


def test_published_event_schemas_are_what_the_events_say() -> None:
    written = {path.name: path.read_text("utf-8") for path in (REFERENCE / "events").iterdir()}
    assert written == published.schemas(), "run `marquee events snapshot`"
