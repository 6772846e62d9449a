# Common Ground. `make help` lists what there is.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
READY := $(VENV)/.installed
# Tests share two cores with the servers they use.
TEST_PROCESSES ?= auto
export PORT

.DEFAULT_GOAL := help
.PHONY: help install run test check permissions format translations bench privacy shots chaos lock

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(READY) ## Create .venv from the hash-pinned lock

# The environment is made without pip (some systems lack ensurepip); uv, pinned
# by hash in the same lock, then installs the rest in seconds. Where uv does not
# run, plain pip does the same, slower.
$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	  || { echo "make: $(PYTHON) is not Python 3.11, 3.12 or 3.13; say which one to use: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 \
	  || { echo "make: $(PYTHON) has no pip; install it (Debian: python3-pip) or name another: make PYTHON=python3.12" >&2; exit 2; }
	@echo "Installing into $(VENV) ..."
	@$(PYTHON) -m venv --without-pip $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	@{ $(PYTHON) -m pip --python $(PY) install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock \
	    && $(PY) -m uv pip install --quiet --python $(PY) --require-hashes -r requirements.lock; } \
	  || { echo "uv cannot install here; trying plain pip, which takes a minute ..."; \
    $(PYTHON) -m pip --python $(PY) install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; }
	@touch $@

run: $(READY) ## Start the portal; PORT=8001 picks the port, Ctrl-C stops it
	@$(PY) manage.py serve --prepare

# Without a browser the journeys cannot run: said loudly, and a fault in CI.
test: $(READY) ## Run every test; finds or installs a browser for the journeys
	@$(PY) -m portal.translations compile
	@if $(PY) -m tests.browser; then \
	  $(BIN)/pytest -n $(TEST_PROCESSES) --dist worksteal -q; \
	elif [ "$(CI)" = "true" ]; then \
	  echo "make: no browser, so the journeys did not run; CI needs one." >&2; exit 1; \
	else \
	  $(BIN)/pytest -n $(TEST_PROCESSES) --dist worksteal -q -m "not journey" || exit $$?; \
	  echo "make: THESE JOURNEYS DID NOT RUN, for want of a browser (see above):" >&2; \
	  $(BIN)/pytest --collect-only -q -m journey >&2; \
	fi

check: $(READY) ## Lint, types, layers, migrations, templates, translations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(PY) manage.py check --fail-level WARNING
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py check_templates
	@$(PY) -m portal.translations check
	@$(PY) manage.py permissions check

permissions: $(READY) ## Write docs/permissions.md anew from the code
	@$(PY) manage.py permissions write

format: $(READY) ## Put code into the house format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

translations: $(READY) ## Bring the catalogs up to the code and list what lacks a translation
	@$(PY) -m portal.translations update
	@$(PY) -m portal.translations check

bench: $(READY) ## Measure the pages against the yardsticks (minutes; never in CI)
	@$(PY) -m tests.bench

privacy: $(READY) ## Run only the tests of what the portal keeps to itself
	@$(BIN)/pytest -n $(TEST_PROCESSES) -q -m privacy

shots: $(READY) ## Write the screenshots of README.md
	@$(PY) -m tests.browser
	@$(PY) -m tests.journeys.shots

chaos: $(READY) ## Kill servers and processes in turn and see all come back
	@CHAOS_ROUNDS=5 $(BIN)/pytest -n 0 -q -m chaos

lock: $(READY) ## Renew requirements.lock from pyproject.toml
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --group dev pyproject.toml -o requirements.lock
