"""Readers of the file formats: plain text, article JSONL, sightings JSONL and WARC."""
