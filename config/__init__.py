"""Settings, the area file and the logs. Nothing connects and nothing is stored here."""
