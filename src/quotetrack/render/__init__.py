"""Domain types as text, JSON, HTML and Prometheus metrics."""
