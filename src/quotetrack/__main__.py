"""`python -m quotetrack`: the command line."""

from quotetrack.cli import main

main()
