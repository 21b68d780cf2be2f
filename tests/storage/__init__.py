"""What survives, on a real SQLite file."""
