# What a newcomer types. Needs python3 (3.11 or newer, with venv) and make; nothing else.
# Another Python: make run PYTHON=python3.12. Another port: make run PORT=8001.

PYTHON ?= python3
ENVIRONMENT = $(PYTHON) clinic/running/environment.py
IN = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run story setup dev test check chaos bench format lock clean python

help:  ## Say what can be typed here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name one: make run PYTHON=python3.12" >&2; exit 1; }

run: python  ## Start a clinic with demo people on http://127.0.0.1:8000 (PORT=… chooses another port)
	@exec $(ENVIRONMENT) run

setup: python  ## Make .venv, and nothing else
	@$(ENVIRONMENT) setup

dev: python
	@$(ENVIRONMENT) setup --dev

story: setup  ## Play a fortnight in virtual time and print it from its rows
	@DEMO=1 $(IN)/python manage.py story

test: dev  ## Run the tests (ARGS="tests/journal -x"; DATABASE_URL and REDIS_URL are used when set)
	@$(IN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: dev  ## Lint, types, templates, arrows between slices, migrations, settings
	$(IN)/ruff check .
	$(IN)/ruff format --check .
	$(IN)/lint-imports --no-cache
	DEMO=1 $(IN)/mypy
	$(IN)/djlint --quiet --lint templates
	DEMO=1 $(IN)/python manage.py makemigrations --check --dry-run
	DEMO=1 $(IN)/python manage.py check --fail-level WARNING

chaos: dev  ## Kill, stop, fill and empty what the engine stands on, into docs/reliability.md (ARGS="--quick"; DATABASE_URL is used when set)
	@$(IN)/python -W ignore -m tests.chaos $(ARGS)

bench: dev  ## Measure every goal of speed beside a plain control, into benchmarks/RESULTS.md (ARGS="--quick --scale 100000")
	@$(IN)/python -m benchmarks $(ARGS)

format: dev  ## Put the code into its one shape
	$(IN)/ruff check --fix .
	$(IN)/ruff format .

UV = UV_SYSTEM_CERTS=1 $(IN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: dev  ## Write both lock files anew from pyproject.toml
	$(UV) pyproject.toml -o requirements.lock
	$(UV) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock

clean:  ## Remove .venv, var/ (the demo's database with it) and what the tools left
	rm -rf .venv var staticfiles .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage
	find clinic accounts plans benchmarks tests -name __pycache__ -type d -prune -exec rm -rf {} +
