# `make serve` and `make test` do all set-up on a fresh machine; everything they make lies in .venv and var.

PYTHON ?= python3
BIN := .venv/bin
export FIQRA_DATA_DIR ?= var
# Nothing is fetched from a model hub, at any time.
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1

.PHONY: setup serve test check eval bench clean

setup: .venv/.installed
	@$(BIN)/fiqra build

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(None if sys.version_info >= (3, 11) else 'fiqra needs Python 3.11 or newer')"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

serve: setup
	$(BIN)/fiqra serve

test: setup
	$(BIN)/pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

eval: setup
	$(BIN)/fiqra eval

clean:
	rm -rf var .mypy_cache .ruff_cache .pytest_cache .hypothesis
