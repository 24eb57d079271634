"""Which contexts listen to others, wherever they are served, known without loading them."""

from collections.abc import Mapping, Sequence

LISTENERS: Mapping[str, Sequence[str]] = {
    "accounts": ("auth", "reviews"),
    "catalog": ("reviews", "search"),
    "reviews": ("catalog",),
}
"""By whom they hear."""
