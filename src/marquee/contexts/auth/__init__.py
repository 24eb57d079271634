"""Signing in, and what it grants until when."""
