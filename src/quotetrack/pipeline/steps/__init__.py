"""The steps of a run. Each drains its own work list."""
