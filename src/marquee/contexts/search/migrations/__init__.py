"""The history of the tables of search."""

TABLES = ()
"""What it has heard is all there is."""
