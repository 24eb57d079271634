"""The versions of the catalog's tables, in order."""
