"""The HTTP door: through ASGI and through a real server, always on a real database."""
