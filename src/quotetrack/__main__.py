"""Run the command line with `python -m quotetrack`."""

from quotetrack.cli.main import main

main()
