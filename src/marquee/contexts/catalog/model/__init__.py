"""The words and rules of the catalog; pure: they raise, and never fetch."""
