"""English: word lists, and modules of word classes and patterns."""
