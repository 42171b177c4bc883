"""From an HTML page to an article."""
