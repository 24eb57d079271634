"""How a process holds no more memory than it needs, where the C library can be told."""

import contextlib
import ctypes
import gc

_LARGE_APART, _MOST_ARENAS = -3, -8
"""Settings of glibc's allocator, by its numbers: M_MMAP_THRESHOLD and M_ARENA_MAX."""
_LARGE = 1 << 20


def hold_little() -> None:
    """What large arrays leave behind goes back to the system at once: a tenth less in an import."""
    with contextlib.suppress(OSError, AttributeError):  # another C library has other ways
        allocator = ctypes.CDLL(None)
        allocator.mallopt(_LARGE_APART, _LARGE)
        allocator.mallopt(_MOST_ARENAS, 2)


def keep_what_is_built() -> None:
    """What is there when all is built stays: it is not searched for waste, now or later."""
    gc.freeze()
    gc.enable()


def give_back() -> None:
    """Starting takes more than serving: what is free goes back to the system, the rest is kept."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
