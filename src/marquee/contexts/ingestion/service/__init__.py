"""Bring movies in from files, and make the starter catalog."""
