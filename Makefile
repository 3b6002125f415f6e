# Every path is relative and quoted where a shell sees it: the tree may lie in a folder with spaces in its name.
VENV ?= .venv
PYTHON ?=
PYTEST_ARGS ?=

python = "$(VENV)/bin/python"
sources = $(wildcard services shared tools tests benchmarks)

.DEFAULT_GOAL := help
.PHONY: help setup run test check types format lock bench eval demo-latency clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.ready ## Make the virtual environment (the others do it by themselves)

$(VENV)/.ready: requirements.lock deploy/uv.txt deploy/models.txt deploy/models-full.txt deploy/models-eval.txt tools/setup
	@VENV="$(VENV)" PYTHON="$(PYTHON)" sh tools/setup

run: setup ## Run the whole newsroom here, with sample copy; Ctrl-C stops it
	@exec $(python) -m tools.run_local

test: setup ## Run the tests, on a real Redis and real processes
	$(python) -m pytest -q -n 3 --dist loadgroup --no-loadscope-reorder -m "not heavy" $(PYTEST_ARGS)

check: setup ## Lint, formatting, types, boundaries between services, generated files
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	@$(MAKE) --no-print-directory types
	"$(VENV)/bin/lint-imports"
	$(python) -m tools.generate --check

types: setup
	$(python) -m mypy $(sources)

format: setup ## Format the code and mend what the linter can
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

lock: setup ## Pin the dependencies anew, after a change to pyproject.toml
	$(python) -m uv pip compile pyproject.toml --universal --all-extras --group dev --group local \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' -o requirements.lock

bench: setup ## Measure against peers and baselines (a quarter of an hour); writes docs/performance.md
	$(python) -m benchmarks --write

eval: setup ## Measure the enrichers on the held-out articles (a minute); writes docs/tagging.md
	OPENBLAS_NUM_THREADS=1 $(python) -m tools.evaluate --write

demo-latency: setup ## Measure the time from a push to the home page, on a stack of its own
	$(python) -m tools.demo_latency

clean: ## Remove the virtual environment and caches; ./var, which holds stories, stays
	rm -rf "$(VENV)" .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
