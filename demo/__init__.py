"""A real homeserver on this machine and a day in a region. Nothing that a running bot needs."""
