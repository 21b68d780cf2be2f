"""Nothing lost, nothing said twice: the real bot, killed with -9 at every point that it crosses. `make torture`."""
