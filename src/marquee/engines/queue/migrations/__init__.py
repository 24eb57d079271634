"""The history of the tables of the embedded queue."""

TABLES = ("tasks",)
