# make site: the environment, newsgen and the sample site. make test: all tests, with what they need.
# make soak: the tests that look for what nobody thought of, for longer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

N ?= 10000
PEERS ?= hugo

.PHONY: site test check acceptance soak fuzz screens bench bench-serve lock dist clean

site: $(VENV)/.newsgen
	$(BIN)/newsgen build
	@echo "The site is in site/: open site/index.html through 'make serve', or deploy the folder to any static host."

.PHONY: serve
serve: $(VENV)/.newsgen
	$(BIN)/newsgen serve --search

# Their sites lie in memory where there is room for them: a quarter of the time of many a test is a disk's.
MEMORY = $(shell df --output=avail /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 > 2000000 { print "/dev/shm" }')

test: $(VENV)/.dev
	./tests/browser.sh
	PYTEST_DEBUG_TEMPROOT=$(MEMORY) $(BIN)/pytest -n auto

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

acceptance: $(VENV)/.dev
	NEWSGEN=$(CURDIR)/$(BIN)/newsgen PYTHON=$(CURDIR)/$(BIN)/python .ci/acceptance

# 1,000 edits at random, 500 under a server, each call of the system refused once, and 200 kills spread over a build;
# .ci/acceptance does 20.
soak: $(VENV)/.dev
	STEPS=1000 $(BIN)/pytest tests/build/test_incremental.py -k TestEditing
	SERVE_EDITS=500 $(BIN)/pytest -o faulthandler_timeout=0 tests/serve/test_truth.py
	FAULTS_STEP=1 $(BIN)/pytest -o faulthandler_timeout=0 tests/engine/test_system_faults.py
	PATH=$(CURDIR)/$(BIN):$$PATH ROUNDS=200 bash ../shared/acceptance/kill_loop.sh

# Looks for bytes that a target of tests/fuzz does not bear; what it finds belongs into tests/fuzz/found, and is mended.
TARGET ?= safe_html
SECONDS ?= 1200

fuzz: $(VENV)/.dev
	$(PIP) "atheris>=3.0,<4"
	mkdir -p tests/fuzz/corpus/$(TARGET) tests/fuzz/found
	$(BIN)/python -m tests.fuzz $(TARGET) tests/fuzz/corpus/$(TARGET) -max_total_time=$(SECONDS) -max_len=3000 \
		-artifact_prefix=tests/fuzz/found/$(TARGET)-

screens: $(VENV)/.dev
	$(BIN)/python docs/screens.py

bench: $(VENV)/.newsgen
	$(BIN)/python bench/bench.py --articles $(N) --peers $(PEERS)

bench-serve: $(VENV)/.newsgen
	$(BIN)/python bench/serve.py --articles $(N) --peers $(PEERS)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsgen needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

# Libraries are installed by the hashes of their files; what is built here, newsgen itself, by tools of the lock.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/.newsgen: $(VENV)/bin/python pyproject.toml requirements.lock
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.newsgen requirements-dev.lock
	$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

# Versions stay as they are unless pyproject.toml asks for others; UPGRADE=--upgrade takes the newest.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--custom-compile-command "make lock" $(UPGRADE) --group build

lock: $(VENV)/bin/python
	$(PIP) uv
	$(LOCK) --extra search-extended --output-file requirements.lock pyproject.toml
	$(LOCK) --all-extras --group dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	$(LOCK) --group release --constraint requirements.lock --output-file requirements-release.lock

# What a release consists of: packages of the same bytes whenever they are built, and the list of what they need.
dist: $(VENV)/.newsgen
	rm -rf dist
	$(PIP) --require-hashes --requirement requirements-release.lock
	$(BIN)/python -m build --no-isolation
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-file dist/newsgen.cdx.json requirements.lock

clean:
	rm -rf $(VENV) .newsgen dist
