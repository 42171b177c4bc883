"""Answer questions, and find remembered words, from a store."""
