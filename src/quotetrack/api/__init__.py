"""The Python interface: an object on an open database, and results that show themselves."""
