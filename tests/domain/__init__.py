"""The rules, in pure Python: every transition, every step of the clock, every light."""
