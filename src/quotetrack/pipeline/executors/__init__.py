"""Ways to run extraction in several processes."""
