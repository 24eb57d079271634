"""Brokers that carry events between services."""
