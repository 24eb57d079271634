"""What keeps events from going, said once for all ways that wait for the same."""

from dataclasses import dataclass, field

import structlog

from marquee.kit.errors import MarqueeError, Unavailable

log = structlog.get_logger()
WAIT, REFUSED, GO_ON = "events wait", "events cannot go", "events go on"


@dataclass
class Trouble:
    """By the name of each way that has some, why."""

    _why: dict[str, MarqueeError] = field(default_factory=dict)

    def met(self, way: str, error: MarqueeError) -> None:
        """Unavailable passes by itself; of any other it waits until an operator has done something."""
        told = {(type(one), one.detail) for one in self._why.values()}
        before = self._why.get(way)
        is_passing = isinstance(error, Unavailable)
        is_known = isinstance(before, Unavailable) and is_passing
        self._why[way] = error
        if is_known or (type(error), error.detail) in told:
            return
        if is_passing:
            log.warning(WAIT, way=way, reason=error.detail)
        else:
            log.error(REFUSED, way=way, reason=error.detail, setting=error.field)

    def over(self, way: str) -> None:
        if self._why.pop(way, None) is not None and not self._why:
            log.info(GO_ON, way=way)

    def tell(self) -> None:
        """Raise what will not pass by itself, if there is such."""
        for error in self._why.values():
            if not isinstance(error, Unavailable):
                raise error
