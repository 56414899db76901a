# `make serve` and `make test` do all set-up on a fresh machine; everything they make lies in .venv and var.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check install
export FIQRA_DATA_DIR ?= var
# Nothing is fetched from a model hub, at any time.
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1

.PHONY: runtime serving setup serve test check eval bench bench-peers stress tune pictures docs openapi lock clean test-llm

# What serving needs: pinned packages, the unpacked model, the index. Quick when nothing changed.
runtime: .venv/.runtime
	@$(BIN)/fiqra build

# What answers alone: no torch, transformers or sentence-transformers. It serves what `make runtime` has built.
serving: .venv-serve/.serving

.venv-serve/.serving: requirements-serve.lock pyproject.toml
	$(PYTHON) -m venv .venv-serve
	.venv-serve/bin/pip --quiet --disable-pip-version-check install --requirement requirements-serve.lock
	.venv-serve/bin/pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --editable .
	@touch $@

# What working on fiqra needs besides.
setup: .venv/.dev runtime

.venv/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(None if sys.version_info >= (3, 11) else 'fiqra needs Python 3.11 or newer')"
	$(PYTHON) -m venv .venv
	$(PIP) --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	$(PIP) --requirement requirements-dev.lock
	@touch $@

serve: runtime
	@$(BIN)/fiqra serve

test: setup
	$(BIN)/pytest

# A real small language model behind a real OpenAI-compatible server. Its runtime is compiled once, for about ten minutes.
test-llm: setup var/llm/.ready
	LLM_PYTHON=var/llm/bin/python $(BIN)/pytest tests/test_real_llm.py

var/llm/.ready: requirements-llm.lock
	$(PYTHON) -m venv var/llm
	var/llm/bin/pip --quiet --disable-pip-version-check install --requirement requirements-llm.lock
	@touch $@

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

eval: setup
	$(BIN)/fiqra eval

bench: setup
	$(BIN)/python -m eval.bench

# LangChain, LlamaIndex and txtai on the same model, in an environment of their own, which takes 2 GB.
bench-peers: setup var/peers/.ready
	$(BIN)/python -m eval.peers var/peers/bin/python

var/peers/.ready: requirements-peers.lock
	$(PYTHON) -m venv var/peers
	var/peers/bin/pip --quiet install --requirement requirements-peers.lock
	@touch $@

# Draws the pictures of the README and the manual anew; it needs a Chromium.
pictures: setup
	$(BIN)/python -m tests.pictures docs/pictures

# Load, swaps, faults and a soak of half an hour → var/stress/report.html; PARTS="load soak" runs some.
stress: setup
	$(BIN)/python -m tests.stress $(PARTS)

# Fits ranking and confidence on the development questions; SQUAD="--squad a.json --squad b.json" widens them.
tune: setup
	$(BIN)/python -m eval.tune $(SQUAD)

# The pages of docs/ as a site, in var/docs/site; its own environment, since nothing else needs it.
docs: var/docs/.ready
	var/docs/venv/bin/mkdocs build --strict

var/docs/.ready: requirements-docs.lock
	$(PYTHON) -m venv var/docs/venv
	var/docs/venv/bin/pip --quiet --disable-pip-version-check install --requirement requirements-docs.lock
	@touch $@

# The reviewed copy of the OpenAPI document; a test compares it with the service's.
openapi: setup
	$(BIN)/python -m service.openapi

# Pins what pyproject.toml asks for, from a fresh environment.
lock:
	rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/pip --quiet install --upgrade pip
	var/lock/bin/pip --quiet install torch==2.13.0
	var/lock/bin/pip --quiet install . hatchling==1.33.0 editables==0.6
	var/lock/bin/pip freeze --exclude fiqra | sed 's/+cpu$$//' > requirements.lock
	var/lock/bin/pip --quiet install --group dev
	var/lock/bin/pip freeze --exclude fiqra | sed 's/+cpu$$//' | grep -vxFf requirements.lock > requirements-dev.lock
	var/lock/bin/python -m tests.locks > requirements-serve.lock
	rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/pip --quiet install --upgrade pip
	var/lock/bin/pip --quiet install --group docs
	var/lock/bin/pip freeze > requirements-docs.lock
	rm -rf var/lock

clean:
	rm -rf var .mypy_cache .ruff_cache .pytest_cache .hypothesis
