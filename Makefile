# Every target sets itself up: on a fresh machine with make and Python 3.11 nothing has to be installed by hand.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PACKAGES := gateway profiles adapters security conformance
READY := .venv/.stamp
# -P: the current folder is not put first on the module path, so that no stray folder hides a package.
RUN := .venv/bin/python -P -m
PYTEST := $(RUN) pytest
FAST := $(PYTEST) -m "not slow" -n 2 --dist loadgroup
SOURCES := $(shell find $(PACKAGES) tests docs examples -name '*.py' -not -path '*/_build/*' 2>/dev/null)

.PHONY: help venv demo test test-slow browser nft check lint types imports house budgets docs bench mutation oracles markets lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(READY)  ## make .venv from the locks and install the project into it

$(READY): pyproject.toml requirements.lock requirements-dev.lock requirements-build.lock .ci/venv
	@PYTHON='$(PYTHON)' bash .ci/venv
	@touch $@

demo: $(READY)  ## run the worked example
	@PATH="$(CURDIR)/.venv/bin:$$PATH" bash examples/demo.sh

test: $(READY)  ## run the fast tests
	@mkdir -p build
	@$(FAST) --junitxml=build/test.xml

test-slow: browser nft  ## run the slow tests, and those by hypothesis with more examples
	@mkdir -p build
	@GATEWAY_AXE="$${GATEWAY_AXE:-$(CURDIR)/.venv/axe.min.js}" $(PYTEST) -m slow -n 2 --dist loadgroup --junitxml=build/test-slow.xml
	@HYPOTHESIS_PROFILE=long $(PYTEST) -m "hypothesis and not slow" -n 2 --dist loadgroup

nft:  ## make ready what the test of the packet filter needs
	@bash .ci/nft

browser: $(READY)  ## make ready what the browser tests need
	@bash .ci/browser

check: lint types imports house docs budgets  ## style, types, imports, house rules, documentation, budgets

lint: $(READY)
	@$(RUN) ruff check
	@$(RUN) ruff format --check

types: $(READY)
	@$(RUN) mypy

imports: $(READY)
	@.venv/bin/lint-imports --no-logo

house: $(READY)
	@$(PYTEST) --quiet tests/test_house.py tests/test_purity.py tests/test_docs.py -m "not slow"

budgets: $(READY) .coverage
	@.venv/bin/python -P tests/budgets.py

# The fast tests under the measurement of coverage, which takes them twice the time; again when a source is younger.
.coverage: $(SOURCES) | $(READY)
	@$(FAST) --quiet --cov --cov-report=

docs: $(READY)  ## build the documentation into docs/_build/html; a warning is an error
	@$(RUN) sphinx --fail-on-warning --keep-going --fresh-env --write-all --quiet -b html docs docs/_build/html
	@echo "documentation: docs/_build/html/index.html"

bench: $(READY)  ## run the benchmarks and hold them against their budgets
	@for script in benchmarks/*.py; do echo "== $$script"; .venv/bin/python "$$script"; done

# Cosmic-ray gets an environment of its own. MUTATION names modules and options, as in
# make mutation MUTATION="--quota 5 profiles/bids.py"
mutation: $(READY)  ## break the code of profiles and show that its tests see it (an hour)
	@[[ -x build/mutation/bin/cosmic-ray ]] || { .venv/bin/python -m venv build/mutation && \
		build/mutation/bin/pip install --quiet --require-hashes -r requirements-mutation.lock; }
	@CI=true OPENBLAS_NUM_THREADS=1 build/mutation/bin/python -m tests.mutation $(MUTATION)

# Other programs for the same task get an environment of their own. PyPSA, pypowsybl and nempy are large.
oracles: $(READY)  ## ask other programs for a second opinion on flows, volumes and prices
	@[[ -x build/oracles/bin/pytest ]] || { .venv/bin/python -m venv build/oracles && \
		build/oracles/bin/pip install --quiet --require-hashes -r requirements-oracles.lock; }
	@CI=true OPENBLAS_NUM_THREADS=1 build/oracles/bin/python -m pytest tests/oracles

# MARKETS names options, as in  make markets MARKETS="--count 500 --first 10000"
markets: $(READY)  ## try 10,000 random markets with all features mixed (an hour)
	@OPENBLAS_NUM_THREADS=1 .venv/bin/python -m tests.markets $(MARKETS)

# Run after a change of the dependencies in pyproject.toml. The locks hold for Linux with Python 3.11 to 3.13 and name
# neither a host nor a path. The development lock takes the versions of the runtime lock.
COMPILE := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --upgrade
lock: $(READY)  ## resolve the dependencies anew and write the locks
	@rm -rf build/lock && .venv/bin/python -m venv build/lock && build/lock/bin/pip install --quiet uv
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --extra dask --extra dev --extra docs -c requirements.lock -o requirements-dev.lock
	@$(COMPILE) pyproject.toml --extra ui-test -c requirements-dev.lock -o requirements-ui.lock
	@$(COMPILE) pyproject.toml --extra dev --group mutation -c requirements-dev.lock -o requirements-mutation.lock
	@$(COMPILE) pyproject.toml --extra dev --group oracles -c requirements-dev.lock -o requirements-oracles.lock
	@$(COMPILE) --group build -o requirements-build.lock

clean:  ## remove everything that was made
	rm -rf .venv build dist docs/_build docs/reference/generated *.egg-info
	rm -rf .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find $(PACKAGES) tests docs -name __pycache__ -prune -exec rm -rf {} +
