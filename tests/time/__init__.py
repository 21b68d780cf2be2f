"""Time that misbehaves: nights of 23 and 25 hours, leap days, clocks that jump, a laptop that sleeps."""
