"""Find the day on which each quotation was said."""
