"""Use cases of human decisions: record them, then run the step that honours them."""
