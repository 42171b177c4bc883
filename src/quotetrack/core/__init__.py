"""The types and pure functions that every room may use."""
