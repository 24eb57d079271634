"""Lists held in memory as bitmaps and permutations: filtered, sorted, paged and counted, knowing nothing of movies."""

from marquee.engines.columns.shape import Found, Many, Row, Spec, Unreadable, Where
from marquee.engines.columns.table import Columns

__all__ = ["Columns", "Found", "Many", "Row", "Spec", "Unreadable", "Where"]
