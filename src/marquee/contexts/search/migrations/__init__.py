"""The history of the tables of search."""
