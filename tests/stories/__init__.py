"""Stories: what happens to a nurse, told on a real homeserver, with a real database and movable time."""
