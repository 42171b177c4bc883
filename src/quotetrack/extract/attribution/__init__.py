"""Find the mention of each quotation's speaker."""
