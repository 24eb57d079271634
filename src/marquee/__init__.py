"""Marquee: a self-hosted movie platform that runs as one process or as many."""

import os

__version__ = "0.1.0"

# numpy reads this when it is first imported: its own threads cost memory and gain nothing here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
