# Two commands do everything on a fresh machine; each makes its own environment in .venv:
#
#     make chat    the chat at http://localhost:8080/ (another port: make chat PORT=9000)
#     make test    all tests, as CI runs them

PORT ?= 8080

# The first Python on PATH that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo $$python && break; done)

VENV = .venv
BIN = $(VENV)/bin
METADATA = setup.cfg pyproject.toml
# What the wheel for the other interpreters is made of.
SOURCES = $(shell find athenalite chatthing twisted -type f ! -name "*.pyc" ! -name dropin.cache)

.PHONY: chat test lint types docs pytest trial node interpreters format clean

chat: $(VENV)/.installed
	$(BIN)/twistd -n --pidfile= athena-widget --element=chatthing.chatterbox.chat --port=$(PORT)

# The shortest first; pytest last, for its summary is the one to read.
test: lint types docs node trial interpreters pytest

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "athenalite needs Python 3.11 or newer: none was found on PATH (or give PYTHON=...)."; exit 1; }
	@$(PYTHON) tools/environment.py $(VENV)
	@touch $@

# Editable, so that a change to a template or a script is seen at the next reload of the page; and by a plain path, because
# Twisted looks for plugins in twisted/plugins of each directory on sys.path, and not through import hooks.
$(VENV)/.installed: $(VENV)/.made $(METADATA)
	$(BIN)/python -m pip install -q --config-settings editable_mode=compat -e .
	@touch $@

$(VENV)/.tools: $(VENV)/.installed
	$(BIN)/python -m pip install -q --config-settings editable_mode=compat -e ".[dev,tls]"
	@touch $@

$(VENV)/.programs: $(VENV)/.tools tools/programs.py
	$(BIN)/python -m tools.programs node chromium firefox nginx tsc
	@touch $@

lint: $(VENV)/.tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.tools
	$(BIN)/mypy

# All documents and the API reference as HTML, from build/docs/index.html on; a warning is an error. With links to the
# documents of Python and Twisted, for which their inventories are fetched: make docs ONLINE=1
docs: $(VENV)/.tools
	rm -rf build/docs build/doctrees
	$(BIN)/python -m sphinx -q -W -b html -d build/doctrees $(if $(ONLINE),-t online) docs build/docs
	rm -rf build/docs/api.sphinx_files

pytest: $(VENV)/.programs
	$(BIN)/pytest --cov --cov-report=term

trial: $(VENV)/.programs
	$(BIN)/python -W error -m twisted.trial tests

node: $(VENV)/.programs
	$(BIN)/python -m tools.nodetests

# Without build/lib: setuptools would take along what it finds there, though it is gone from the tree.
$(VENV)/dist: $(VENV)/.tools $(METADATA) $(SOURCES)
	rm -rf build/lib build/bdist.* $@
	$(BIN)/python -m build -q --wheel --no-isolation --outdir $@
	rm -rf build/lib build/bdist.*

interpreters: $(VENV)/dist
	$(BIN)/python -m tools.interpreters $(VENV)/dist/*.whl

format: $(VENV)/.tools
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

clean:
	rm -rf $(VENV) .venvs build *.egg-info _trial_temp* tests.test_* .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
