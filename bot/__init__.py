"""The edges and the wiring: Matrix, HTTP, the clock, and the house that joins them. No rules of the care."""
