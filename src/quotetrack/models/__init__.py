"""Fitted models at run time, and their weights."""
