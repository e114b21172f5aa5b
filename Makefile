# `make` prints the targets. On a fresh machine `make run` and `make test` do everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench format lock chromium

help: ## Print the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

$(VENV)/run.stamp: requirements.txt constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: $(VENV)/run.stamp ## Make .venv with all that the product needs

run: setup ## Start the app at http://localhost:8501, with an embedded PostgreSQL and a worker
	@$(BIN)/python -m streamlit run app.py

chromium:
	@.ci/install-chromium

test: $(VENV)/dev.stamp chromium ## Run all tests, the browser journeys included
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/journeys
	@$(BIN)/python -m pytest tests/journeys

check: $(VENV)/dev.stamp ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

$(VENV)/bench.stamp: benchmarks/requirements.txt $(VENV)/dev.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@touch $@

bench: $(VENV)/bench.stamp ## Measure an import against bare COPY, and against what people would use instead
	@$(BIN)/python -m benchmarks.imports
	@$(BIN)/python -m benchmarks.others

lock: $(VENV)/bench.stamp ## Note the versions of all that is installed in constraints.txt, after a pin has changed
	@$(BIN)/python -m pip freeze --disable-pip-version-check > constraints.txt

format: $(VENV)/dev.stamp ## Put the code in the form that check wants
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
