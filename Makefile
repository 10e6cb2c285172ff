# The commands of this repository. `make demo` and `make test` install what is missing.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export STILLHOUSE_STATE ?= $(CURDIR)/.stillhouse
.DEFAULT_GOAL := help
.PHONY: help install demo up browser test crash crash-short drills images unit check docs helm format web openapi screenshots secrets bench clean

help: ## Show the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Stillhouse needs Python 3.11 or newer, $(PYTHON) is older: make PYTHON=python3.11 ..."; rm -rf $(VENV); exit 1; }
	@$(BIN)/python -c 'import uv' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@echo "installing Stillhouse and its packages into $(VENV), and building the dashboard"
	@node_package="$$($(BIN)/python hatch_build.py node-package)"; test -z "$$node_package" || $(BIN)/python -m uv pip install --quiet --python $(BIN)/python "$$node_package"
	@$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[dev]'
	@# the first start of Ray and MLflow would spend most of its time compiling them
	@$(BIN)/python -m compileall -q -j 0 $$($(BIN)/python -c 'import importlib.util as u; print(*(u.find_spec(n).submodule_search_locations[0] for n in ("mlflow", "ray")))') >/dev/null || echo "some files of Ray or MLflow did not compile; they are not needed"
	@touch $@

install: $(VENV)/.installed ## Install into .venv (all other commands do this by themselves)

demo: install ## Run the main job: distil digits on the embedded stack, end with a table
	@$(BIN)/stillhouse demo

up: install ## Start the embedded stack and the dashboard
	@$(BIN)/stillhouse up

browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "installing Chromium for the browser tests" && apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends chromium >/dev/null; } || echo "no Chromium here, and no right to install it: the browser tests will fail (apt-get install chromium)"

helm: install
	@test -x $(BIN)/helm || { echo "fetching Helm for the tests of the chart"; $(BIN)/python -m tests.helm $(BIN) >/dev/null || echo "it cannot be had here: the tests that need it are left out"; }

test: install browser helm ## Run every test but the slow ones, drills in their short forms, the service on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -n 2 -m "not slow" --database sqlite,postgresql

crash-short: install ## Kill a few processes of the stack under load and check that no job suffers (some minutes)
	@$(BIN)/python -m pytest -m crash tests/crash

crash: install ## Kill every process of the stack 100 times under load and check that no job suffers (about an hour)
	@$(BIN)/python -m tests.crash --kills 100 --report benchmarks/results/crash.md

drills: install ## Break what is around the service and measure, with a soak (about an hour; DRILL=database: one of them)
	@$(BIN)/python -m tests.drills $(DRILL) --reports benchmarks/results

images: install ## Build the images, run the compose file on them, send a job (as root, ten minutes or more; FOLDER=where to keep them)
	@$(BIN)/python -m tests.images $(if $(FOLDER),--folder $(FOLDER))

unit: install ## Run the unit tests, on SQLite alone (about five minutes on two cores)
	@$(BIN)/python -m pytest -n auto tests/unit tests/architecture

check: install ## Lint, types, import contracts, web lint and types, OpenAPI freshness, the documentation's site
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m service.openapi --check && $(BIN)/python -m service.spec_reference --check && $(BIN)/python -m service.cli.reference --check && $(BIN)/python -m service.access.table --check
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	@$(BIN)/python hatch_build.py check

docs: install ## Build the documentation as a site into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict

format: install ## Format the Python code
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

web: install ## Build the dashboard
	@$(BIN)/python hatch_build.py

openapi: install ## Write openapi.json, docs/spec.md, docs/cli.md and the web's types from the code
	@$(BIN)/python -m service.openapi && $(BIN)/python -m service.spec_reference && $(BIN)/python -m service.cli.reference && $(BIN)/python -m service.access.table
	@$(BIN)/python hatch_build.py types

screenshots: install browser web ## Take the pictures of docs/images anew, of a seeded instance
	@PYTHONPATH=. $(BIN)/python web/dev/gallery.py docs/images

secrets: ## Write the passwords and tokens that docker-compose.yml asks for into .env, where they are missing
	@$(PYTHON) docker/secrets.py

bench: install ## Run the benchmarks (about an hour)
	@$(BIN)/python -m benchmarks.step_time
	@$(BIN)/python -m benchmarks.accuracy

clean: ## Remove what was built, except the state folder
	rm -rf $(VENV) web/node_modules web/dist service/web_dist
