"""The catalog's tables, and how they came to be."""
