"""Whole corpora: articles in many files, extracted in parallel to Parquet, linked in bulk, and loaded into a store."""
