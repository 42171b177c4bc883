"""Measure extraction against annotated articles."""
