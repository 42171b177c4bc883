"""Run the command line with `python -m quotetrack`."""

from quotetrack.cli.app import main

main()
