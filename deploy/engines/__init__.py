"""Real engines for the tests, on a bare machine: `python3 -m deploy.engines start`."""
