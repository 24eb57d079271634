"""Every benchmark, or those that are named: `python -m benchmarks requests columns search`."""

import sys

from benchmarks import columns, requests, search

ALL = {"requests": requests.main, "columns": columns.main, "search": search.main}


def main() -> None:
    for name in sys.argv[1:] or list(ALL):
        print(f"== {name}")
        ALL[name]()


if __name__ == "__main__":
    main()
