"""Every verb that changes something, whoever speaks it: one verb, one file. No Matrix, no Dutch sentences."""
