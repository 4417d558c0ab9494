# Doors of the project. Needs Python 3.11 or newer and make; everything else is set up on first use.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] < (3,15))' 2>/dev/null && { command -v $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: demo test check soak bench set-up lock clean
.DEFAULT_GOAL := demo
# Where a machine forbids it, each of the many processes of the suite and of the demo would compile everything anew.
export PYTHONDONTWRITEBYTECODE :=

demo: $(VENV)/.runtime static/vendor/.ready
	@exec $(BIN)/python manage.py demo

test: $(VENV)/.dev static/vendor/.ready
	@$(BIN)/python -m pytest -n auto --dist loadscope --no-loadscope-reorder $(ARGS)

check: $(VENV)/.dev static/vendor/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	DJANGO_ENV=check $(BIN)/python -W error manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

# The tests that kill, race and try at random, in full: about half an hour, on SQLite and on PostgreSQL (Debian's package).
soak: $(VENV)/.dev
	@$(BIN)/python -m tests.soak $(ARGS)

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.bench

set-up: $(VENV)/.dev static/vendor/.ready

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Klaviyo Admin needs Python 3.11 to 3.14, and none is on the PATH."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "This Python has no venv module. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Setting up Python packages (once) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Setting up test packages (once) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

# The front end comes from npm by its lock file; a machine without Node gets npm from the Python package index.
static/vendor/.ready: package-lock.json klaviyo_admin/management/commands/assets.py | $(VENV)/.runtime
	@echo "Setting up front-end packages (once) ..."
	@command -v npm >/dev/null 2>&1 || $(PIP) -r requirements-node.txt
	@$(BIN)/python manage.py assets

# After a change of the dependencies in pyproject.toml or package.json.
lock:
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group dev -o requirements-dev.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --group node -o requirements-node.txt
	npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts

clean:
	rm -rf $(VENV) node_modules static/vendor staticfiles var
