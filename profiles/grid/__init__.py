"""Grid models: files that describe networks, read into canonical networks."""
