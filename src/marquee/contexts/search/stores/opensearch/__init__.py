"""The index, and how far it has heard, on OpenSearch."""
