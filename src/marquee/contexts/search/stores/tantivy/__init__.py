"""The index on tantivy."""
