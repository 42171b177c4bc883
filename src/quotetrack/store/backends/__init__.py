"""What differs between database systems."""
