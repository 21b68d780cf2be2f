"""Many at once on a real homeserver: everybody hears, nothing is lost. How fast it goes is for benchmarks/."""
