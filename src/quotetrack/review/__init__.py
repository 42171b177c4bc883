"""Use cases of human decisions: record a decision, then run the step that applies it."""
