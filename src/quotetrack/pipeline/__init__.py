"""The jobs: the order of the steps, and their transactions."""
