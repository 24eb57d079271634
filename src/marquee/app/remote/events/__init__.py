"""Outboxes read from afar, so that services hear each other while there is no broker."""
