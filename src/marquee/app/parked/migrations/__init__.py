"""The history of the table of parked messages."""

TABLES = ("parked",)
