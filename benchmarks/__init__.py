"""How fast, and how much memory: `python -m benchmarks`. docs/benchmarks.md says how to read the table."""
