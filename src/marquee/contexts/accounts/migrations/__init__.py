"""The history of the tables of accounts."""

TABLES = ("accounts", "places")
