"""The history of the tables of reviews."""

TABLES = ("authors", "reviews")
