"""OpenSearch: a cluster of it, and a shelf of indexes there, one of which is in use."""

from marquee.engines.opensearch.cluster import Cluster, Elsewhere, address, prefix
from marquee.engines.opensearch.shelf import Shelf

__all__ = ["Cluster", "Elsewhere", "Shelf", "address", "prefix"]
