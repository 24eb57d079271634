"""Every benchmark, or those that are named: `python -m benchmarks requests columns search sizes services`.

What follows a name and begins with a dash is for that one: `python -m benchmarks sizes --movies 1000`.
"""

import sys

from benchmarks import columns, requests, search, services, sizes

ALL = {
    "requests": requests.main,
    "columns": columns.main,
    "search": search.main,
    "sizes": sizes.main,
    "services": services.main,
}


def main() -> None:
    options = next((at for at, word in enumerate(sys.argv) if word.startswith("--")), len(sys.argv))
    names, told = sys.argv[1:options], sys.argv[options:]
    for name in names or list(ALL):
        print(f"== {name}")
        sys.argv = [name, *told]
        ALL[name]()


if __name__ == "__main__":
    main()
