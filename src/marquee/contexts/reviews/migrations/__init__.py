"""The history of the tables of reviews."""
