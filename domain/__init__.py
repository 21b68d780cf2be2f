"""The rules. No await, no I/O, no clock: time and people are arguments."""
