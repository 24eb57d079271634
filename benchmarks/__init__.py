"""What Marquee costs, beside its limit and its peers: `python -m benchmarks`."""
