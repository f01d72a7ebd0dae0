# make site: the environment, newsgen and the sample site. make test: all tests, with what they need.
# make soak: the tests that look for what nobody thought of, for longer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

N ?= 10000
PEERS ?= hugo

.PHONY: site test check acceptance soak screens bench bench-serve clean

site: $(VENV)/.newsgen
	$(BIN)/newsgen build
	@echo "The site is in site/: open site/index.html through 'make serve', or deploy the folder to any static host."

.PHONY: serve
serve: $(VENV)/.newsgen
	$(BIN)/newsgen serve --search

test: $(VENV)/.dev
	./tests/browser.sh
	$(BIN)/pytest -n auto

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

acceptance: $(VENV)/.dev
	NEWSGEN=$(CURDIR)/$(BIN)/newsgen PYTHON=$(CURDIR)/$(BIN)/python .ci/acceptance

# 1,000 edits at random, 500 under a server, and 200 kills spread over a build; .ci/acceptance does 20.
soak: $(VENV)/.dev
	STEPS=1000 $(BIN)/pytest tests/build/test_incremental.py -k TestEditing
	SERVE_EDITS=500 $(BIN)/pytest -o faulthandler_timeout=0 tests/serve/test_truth.py
	PATH=$(CURDIR)/$(BIN):$$PATH ROUNDS=200 bash ../shared/acceptance/kill_loop.sh

screens: $(VENV)/.dev
	$(BIN)/python docs/screens.py

bench: $(VENV)/.newsgen
	$(BIN)/python bench/bench.py --articles $(N) --peers $(PEERS)

bench-serve: $(VENV)/.newsgen
	$(BIN)/python bench/serve.py --articles $(N) --peers $(PEERS)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsgen needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.newsgen: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[search-extended]' --constraint requirements.lock
	@touch $@

$(VENV)/.dev: $(VENV)/.newsgen requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@touch $@

clean:
	rm -rf $(VENV) .newsgen dist
