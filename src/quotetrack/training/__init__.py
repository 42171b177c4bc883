"""Fits the small weights that extract/ and link.py ship. Needs the extra `[fit]` and the annotated articles."""
