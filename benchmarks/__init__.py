"""Measures Schakelbot beside a bare nio bot and beside the homeserver alone: `python -m benchmarks`."""
