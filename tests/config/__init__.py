"""Settings, the area file and the logs."""
