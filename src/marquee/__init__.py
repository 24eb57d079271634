"""Marquee: a self-hosted movie platform that runs as one process or as many."""

__version__ = "0.1.0"
