"""`python -m quotetrack`: the command line."""

from quotetrack.cli.app import main

main()
