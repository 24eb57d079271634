"""The catalog's tables, and how they came to be."""

TABLES = ("counters", "marks", "movies", "people", "platforms")
SERVED_TABLES = ("lookups",)
"""Only on a server."""
