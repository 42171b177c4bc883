"""Domain types and pure helpers that every room stands on. No input or output."""
