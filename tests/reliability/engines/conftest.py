"""The same caches as those whose promises are tested one by one."""

from tests.engines.conftest import cache, url

__all__ = ["cache", "url"]
