# Common Ground. `make help` lists what there is.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.installed
export PORT

.DEFAULT_GOAL := help
.PHONY: help install lock run

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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
	@rm -f $@
	@$(PYTHON) -m venv --clear --without-pip $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	@{ $(PYTHON) -m pip --python $(PY) install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock \
	  && $(PY) -m uv pip install --quiet --python $(PY) --require-hashes -r requirements.lock; } \
	  || $(PYTHON) -m pip --python $(PY) install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

run: $(READY) ## Start the portal; PORT=8001 picks the port
	@$(PY) manage.py serve --prepare

lock: ## Renew requirements.lock from pyproject.toml
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --group dev pyproject.toml -o requirements.lock
