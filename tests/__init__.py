"""Stories first, on a real database and a real homeserver with movable time; then the units."""
