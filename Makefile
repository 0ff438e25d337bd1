# Everything a contributor needs, by name. `make help` reads the ## comments below.
#
# Needs Python >= 3.11, git and make; no root, no Docker, no Node.

SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

# One sentence instead of make's "command not found"; the rest is checked by tools/bootstrap.py.
BOOTSTRAP = @command -v $(PYTHON) >/dev/null 2>&1 || { \
	echo "Civic needs Python 3.11 or newer, and no '$(PYTHON)' was found: install it from https://www.python.org/downloads/ or your system's packages, then run make again." >&2; \
	exit 1; }; \
	$(PYTHON) tools/bootstrap.py

# Containers often set this. Python is started some hundred times by the suite, and would compile
# everything anew each time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: run test lint format types contracts migrate migration-check i18n docs wheel wheel-check \
	bench screenshots ci-extras clean help

run: ## Start Civic with its demonstration on http://127.0.0.1:8000 (PORT=... for another)
	$(BOOTSTRAP)
	@exec $(BIN)/civic demo --folder instance --port $(PORT)

test: ## Run the whole test suite (T="tests/test_x.py -k name" for a part of it)
	$(BOOTSTRAP) --dev
	@exec $(BIN)/python -m pytest -n 2 --dist loadgroup $(T)

lint: ## Check style, spelling and templates
	$(BOOTSTRAP) --dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates examples plugins
	$(BIN)/codespell

format: ## Rewrite the code in the house style, with the safe fixes
	$(BOOTSTRAP) --dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: ## Check types, strictly
	$(BOOTSTRAP) --dev
	$(BIN)/mypy

contracts: ## Check that imports only go down the layers
	$(BOOTSTRAP) --dev
	$(BIN)/lint-imports

migrate: ## Write a migration for changed models: make migrate m="what changes"
	$(BOOTSTRAP) --dev
	@test -n "$(m)" || { echo 'Say what changes: make migrate m="add a phone to bodies"' >&2; exit 1; }
	$(BIN)/civic db revision -m "$(m)"

migration-check: ## Check that the migrations build exactly the models
	$(BOOTSTRAP) --dev
	$(BIN)/civic db check

i18n: ## Gather texts into the catalogues and compile them
	$(BOOTSTRAP) --dev
	$(BIN)/python -m tools.catalogues update

docs: ## Write the pages about hooks, civic.api and the checklist from the code
	$(BOOTSTRAP) --dev
	$(BIN)/python -m tools.hooks

wheel: ## Build the wheel into dist/
	$(BOOTSTRAP) --dev
	$(BIN)/python -m tools.wheel dist

wheel-check: ## Install the wheel in a fresh environment and run the demonstration from it
	$(BOOTSTRAP) --dev
	$(BIN)/python -m tools.check_wheel

bench: ## Measure against the baselines
	$(BOOTSTRAP) --dev
	$(BIN)/python -m benchmarks

screenshots: ## Take the pictures in docs/screenshots
	$(BOOTSTRAP) --dev
	$(BIN)/python -m tools.screenshots

ci-extras: lint types contracts migration-check wheel-check ## Run what CI checks besides the tests

clean: ## Remove what was built; keeps .venv and the data in instance/
	rm -rf build dist civic.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find civic plugins examples tests tools benchmarks migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
