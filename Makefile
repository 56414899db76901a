# `make serve` and `make test` do all set-up on a fresh machine; everything they make lies in .venv and var.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := bin/pip --quiet --disable-pip-version-check install
# An environment in the folder $(1), its pip pinned like the rest.
environment = $(PYTHON) -m venv $(1) && $(1)/$(INSTALL) --require-hashes --requirement requirements-pip.lock
# What the lock file $(2) pins, into it: files with these hashes, and nothing that is built here.
install = $(1)/$(INSTALL) --require-hashes --only-binary :all: --requirement $(2)
# PyTorch for processors alone, before a lock file that has it: else it is PyPI's, on Linux with gigabytes of CUDA.
torch = $(1)/$(INSTALL) --require-hashes --no-deps --requirement requirements-cpu.lock || \
	echo "PyTorch's build for processors alone is not found here; PyPI's is taken."
# And fiqra itself, from this folder.
editable = $(1)/$(INSTALL) --no-deps --no-build-isolation --editable .
export FIQRA_DATA_DIR ?= var
# Nothing is fetched from a model hub, at any time.
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1

.PHONY: runtime serving setup serve test lint check audit eval bench bench-quick profile bench-peers stress tune train-reader pictures docs openapi code-map lock \
	clean test-llm llm eval-llm image-test

# What serving needs: pinned packages, the exported model, the index. Quick when nothing changed.
runtime: .venv/.runtime
	@$(BIN)/fiqra build

# The same without torch, transformers and sentence-transformers: they are for other models than the default one, and
# to compare that one's export with its original.
serving: .venv-serve/.serving
	@.venv-serve/bin/fiqra build

.venv-serve/.serving: requirements-serve.lock pyproject.toml
	$(call environment,.venv-serve)
	$(call install,.venv-serve,requirements-serve.lock)
	$(call editable,.venv-serve)
	@touch $@

# What working on fiqra needs besides.
setup: .venv/.dev runtime

.venv/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(None if sys.version_info >= (3, 11) else 'fiqra needs Python 3.11 or newer')"
	$(call environment,.venv)
	$(call torch,.venv)
	$(call install,.venv,requirements.lock)
	$(call editable,.venv)
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	$(call install,.venv,requirements-dev.lock)
	@touch $@

serve: runtime
	@$(BIN)/fiqra serve

# A file a worker at a time: half the time of one on two cores. WORKERS=0 runs all in one process, which bounds on
# seconds like best.
WORKERS ?= 2
test: setup
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile

# A real small language model behind a real OpenAI-compatible server. Its runtime is compiled once, for about ten minutes.
test-llm: setup var/llm/.ready
	LLM_PYTHON=var/llm/bin/python $(BIN)/pytest tests/language_model/test_real_llm.py

var/llm/.ready: requirements-llm.lock
	$(call environment,var/llm)
	$(call install,var/llm,requirements-llm.lock) --no-binary llama-cpp-python --build-constraint requirements-llm.lock
	@touch $@

# The service beside a small instruct model (1.1 GB, fetched once; needs Node.js): the demo of the mode with a model.
llm: runtime
	@$(BIN)/python -m scripts.llm $(BIN)/fiqra serve

# What that model's statements add to the answers in quotations; SPLIT=test to report.
SPLIT ?= dev
eval-llm: setup
	@$(BIN)/python -m scripts.llm $(BIN)/python -m eval.measure.language_model $(SPLIT)

# Style and types, without a test.
lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint audit test

# Known vulnerabilities of what is pinned, where PyPI's list of them can be reached.
audit: var/tools/.ready
	var/tools/bin/python -m scripts.audit

var/tools/.ready: requirements-tools.lock
	$(call environment,var/tools)
	$(call install,var/tools,requirements-tools.lock)
	@touch $@

# Builds the Dockerfile and runs what it makes; without a registry, as root, where Debian's buildah is installed.
image-test:
	$(PYTHON) -m scripts.image

eval: setup
	$(BIN)/fiqra eval

bench: setup
	$(BIN)/python -m eval.measure.bench

# What an answer costs, in half a minute of a core; `make test` holds it to what is kept in docs/bench.
bench-quick: setup
	$(BIN)/python -m eval.measure.bench --quick

# Where the time of an answer goes, by stage, and a flame graph → var/profile.
profile: setup var/tools/.ready
	$(BIN)/python -m eval.measure.profile var/tools/bin/py-spy

# LangChain, LlamaIndex and txtai on the same model, in an environment of their own, which takes 2 GB.
bench-peers: setup var/peers/.ready
	$(BIN)/python -m eval.measure.peers var/peers/bin/python

var/peers/.ready: requirements-peers.lock
	$(call environment,var/peers)
	$(call torch,var/peers)
	$(call install,var/peers,requirements-peers.lock)
	@touch $@

# Draws the pictures of the README and the manual anew; it needs a Chromium.
pictures: setup
	$(BIN)/python -m scripts.pictures docs/pictures

# Load, swaps, faults and a soak of half an hour → var/stress/report.html; PARTS="load soak" runs some.
stress: setup
	$(BIN)/python -m tests.stress $(PARTS)

# Fits ranking and confidence on the development questions; SQUAD="--squad a.json --squad b.json" widens them.
tune: setup
	$(BIN)/python -m eval.tune $(SQUAD)

# A reader out of the encoder's own layers → var/reader; hours on two cores. ARGUMENTS="--resume --steps 2000".
train-reader: setup
	$(BIN)/python -m eval.reader.train $(ARGUMENTS)

# The pages of docs/ as a site, in var/docs/site; its own environment, since nothing else needs it.
docs: var/docs/.ready
	var/docs/venv/bin/mkdocs build --strict

var/docs/.ready: requirements-docs.lock
	$(call environment,var/docs/venv)
	$(call install,var/docs/venv,requirements-docs.lock)
	@touch $@

# The reviewed copy of the OpenAPI document; a test compares it with the service's.
openapi: setup
	$(BIN)/python -m service.http.routes.openapi

# Every module with its first line; a test compares it with the code.
code-map:
	$(PYTHON) -m scripts.code_map

# Pins what pyproject.toml asks for, with hashes; versions stay as long as they fit. UPGRADE=--upgrade takes the newest.
lock: var/tools/.ready
	var/tools/bin/python -m scripts.locks $(UPGRADE)

clean:
	rm -rf var .mypy_cache .ruff_cache .pytest_cache .hypothesis
