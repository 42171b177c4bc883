"""English: word lists (`.txt`), and modules of constants and patterns."""
