"""Find reported statements: cues, what they report, who says it."""
