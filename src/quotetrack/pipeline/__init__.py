"""The jobs: what runs, in which order, in which transaction."""
