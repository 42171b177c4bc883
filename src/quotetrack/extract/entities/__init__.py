"""Find people and organisations, and resolve mentions to names."""
