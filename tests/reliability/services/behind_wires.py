"""`marquee up` whose services may be reached by wires, and may fail where a test wants them to.

They answer gRPC at other ports than those they are asked at, and are started again at once.
"""

import json
import os
from dataclasses import replace

from marquee.app import cli
from marquee.app.settings import Settings
from marquee.app.up import child, plan

FAILING = "tests.reliability.services.failing"
ANSWERS_AT = "MARQUEE_TEST_ANSWERS_AT"
"""Ports by the ports that others ask, as JSON."""

_stages = plan.stages


def stages(settings: Settings) -> list[list[plan.Service]]:
    return [[_moved(one) for one in stage] for stage in _stages(settings)]


def _moved(service: plan.Service) -> plan.Service:
    python, _, _, *words = service.command
    service = replace(service, command=(python, "-m", FAILING, *words))
    if "GRPC" not in service.settings:
        return service
    host, _, asked = service.settings["GRPC"].rpartition(":")
    port = json.loads(os.environ[ANSWERS_AT])[asked]
    *http, _grpc = service.places
    told = {**service.settings, "GRPC": f"{host}:{port}"}
    return replace(service, settings=told, places=[*http, (host, port)])


if __name__ == "__main__":
    plan.stages = stages
    child.LONGEST_PAUSE = child.FIRST_PAUSE
    cli.main()
