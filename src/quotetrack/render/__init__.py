"""From domain types to text, JSON, HTML and Prometheus metrics."""
