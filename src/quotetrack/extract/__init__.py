"""From an article to its quotations. The only room that imports spaCy."""
