"""Reader of HTML pages: main text, metadata and quality flags."""
