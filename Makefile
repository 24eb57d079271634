# Marquee: `make run` serves it, `make test` tests it, `make check` reads it over.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SITE := src/marquee/app/bff/site/index.html
WEB := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
WORKERS ?= 2

.PHONY: run test check check-python check-web web wheel reliability bench format lock reference clean \
	engines engines-stop test-all

run: $(VENV)/.run $(SITE)
	$(BIN)/marquee serve

test: $(VENV)/.dev $(SITE)
	$(BIN)/pytest -n $(WORKERS) --dist loadscope --max-worker-restart 2
	cd web && npm test --silent

check: check-python check-web

check-python: $(VENV)/.dev
	$(BIN)/ruff check src tests benchmarks deploy
	$(BIN)/ruff format --check src tests benchmarks deploy
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/marquee reference check

check-web: web/node_modules/.stamp
	cd web && npm run --silent lint && npm run --silent typecheck

web: $(SITE)

$(SITE): $(WEB) web/node_modules/.stamp
	cd web && npm run --silent build
	rm -rf $(dir $(SITE)) && cp -R web/dist $(dir $(SITE)) && touch $(SITE)

web/node_modules/.stamp: web/package-lock.json web/package.json
	@command -v npm >/dev/null || { echo "Marquee's front end is built with Node 20 or newer: install it, or install the wheel, which holds it built." >&2; exit 1; }
	cd web && npm ci --silent --no-fund --no-audit && touch node_modules/.stamp

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Marquee needs Python 3.11 or newer; set PYTHON=python3.11." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

wheel: $(VENV)/.dev $(SITE)
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

# The promises in their full size; only="F5 D6" names some.
reliability: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.proving $(only)

# Every suite on every engine.
test-all: engines test

# Real engines for the tests; only="kafka redis" names some.
engines:
	$(PYTHON) -m deploy.engines start $(only)

engines-stop:
	$(PYTHON) -m deploy.engines stop $(only)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

format: $(VENV)/.dev
	$(BIN)/ruff format src tests benchmarks deploy
	$(BIN)/ruff check --fix src tests benchmarks deploy

reference: $(VENV)/.dev
	$(BIN)/marquee reference write
	cd web && npm run --silent generate

lock: $(VENV)/.dev
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml --group build -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml --all-extras --group build --group dev -o requirements/dev.txt

clean:
	rm -rf $(VENV) web/node_modules web/dist $(dir $(SITE)) dist
