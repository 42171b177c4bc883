"""The differences between database systems, one file each."""
