"""The page to ask, read, check and mend in a browser (`quotetrack serve`)."""
