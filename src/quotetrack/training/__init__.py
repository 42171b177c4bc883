"""Fit the weights that `models/weights` ships. Needs the extra `[fit]` and the annotated articles."""
