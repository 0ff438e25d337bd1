"""Benchmarks: what Civic costs, as a fraction of what the stack can do at best."""
