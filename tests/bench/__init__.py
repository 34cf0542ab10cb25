"""`python -m tests.bench`: the ratios of docs/performance.md, both sides measured here in one run. Asserts nothing."""
