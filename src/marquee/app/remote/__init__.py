"""The far side of contracts: one context asks another over gRPC as if it were next door."""
