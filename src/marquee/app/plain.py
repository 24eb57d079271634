"""Litestar without the plugins it finds by what happens to be installed."""

from litestar import Litestar
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin


class Plain(Litestar):
    """No type of ours is of pydantic or attrs; to load those is a tenth of the memory of a start."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]
