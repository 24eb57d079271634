"""`python -m marquee`."""

from marquee.app.cli import main

main()
