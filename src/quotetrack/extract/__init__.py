"""Extract the quotations of an article. Apart from `models`, the only room that imports spaCy."""
