"""Fetch listings and pages from the web, politely."""
