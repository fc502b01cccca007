# Two commands are enough on a fresh machine; each makes its environment in .venv:
#
#     make chat    the chat at http://localhost:8080/ (another port: make chat PORT=9000)
#     make test    every check that a developer needs before a commit
#
# make help lists the other targets.

PORT ?= 8080

# The first Python on PATH that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo $$python && break; done)

VENV = .venv
BIN = $(VENV)/bin
METADATA = setup.cfg pyproject.toml
# The sources of the wheel for the other interpreters.
SOURCES = $(shell find athenalite chatthing twisted -type f ! -name "*.pyc" ! -name dropin.cache)

# Two processes more than there are cores, because tests of servers and browsers mostly wait.
WORKERS ?= $(shell echo $$(($$(nproc 2>/dev/null || echo 2) + 2)))
# Linux alone has it.
SYSTEMD = $(if $(filter Linux,$(shell uname)),systemd)
# The least coverage allowed, in percent. Raise it when the coverage rises.
COVERAGE = 97

.PHONY: help chat test lint types docs pytest load trial node interpreters format clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "    make %-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

chat: $(VENV)/.installed ## serve the chat at http://localhost:8080/
	$(BIN)/twistd -n --pidfile= athena-widget --element=chatthing.chatterbox.chat --port=$(PORT)

# pytest has the terminal; the output of the other stages is in build/stages, and shown if they fail.
test: $(VENV)/.programs ## everything in one pass: lint, types, docs, and pytest with browsers, node and coverage
	@$(BIN)/python -m tools.stages lint types docs pytest

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "athenalite needs Python 3.11 or newer: none was found on PATH (or give PYTHON=...)."; exit 1; }
	@$(PYTHON) tools/environment.py $(VENV)
	@touch $@

# Editable, so that a changed template or script is used at the next reload of the page.
$(VENV)/.installed: $(VENV)/.made $(METADATA)
	@$(BIN)/python tools/environment.py install -e .
	@touch $@

$(VENV)/.tools: $(VENV)/.installed
	@$(BIN)/python tools/environment.py install -e ".[dev,tls]"
	@touch $@

$(VENV)/.programs: $(VENV)/.tools tools/programs.py
	$(BIN)/python -m tools.programs node chromium firefox apache caddy haproxy nginx promtool redis tsc $(SYSTEMD)
	@touch $@

lint: $(VENV)/.tools ## ruff: rules and layout
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.tools ## mypy with mypy-zope, strict
	$(BIN)/mypy

# All documents and the API reference as HTML, in build/docs/index.html; a warning is an error. make docs ONLINE=1 adds
# links to the documents of Python and Twisted, whose inventories are downloaded.
docs: $(VENV)/.tools ## the API and the documents as HTML, in build/docs
	rm -rf build/docs build/doctrees
	$(BIN)/python -m sphinx -q -W -b html -d build/doctrees $(if $(ONLINE),-t online) docs build/docs
	rm -rf build/docs/api.sphinx_files

# --dist loadscope: tests/conftest.py makes a group of each class, one of all tests that measure time, and one of Firefox's.
# compileall: hundreds of processes import these modules, and where Python writes no bytecode, each would compile them.
# --assert=plain: almost all assertions are unittest's, and each process would rewrite all modules for the others.
pytest: $(VENV)/.programs ## all tests but those of make load, in several processes, with branch coverage
	@$(BIN)/python -m compileall -q -x tests/porting/old athenalite benchmarks chatthing harness stress tests tools twisted
	$(BIN)/pytest -m "not load" -n $(WORKERS) --dist loadscope --no-loadscope-reorder --assert=plain --durations=20 \
		--cov --cov-report=term --cov-fail-under=$(COVERAGE)

# One after the other: what they measure, or wait for, a busy machine would change.
load: $(VENV)/.programs ## servers under attack and pages that are left, for some ten minutes
	$(BIN)/pytest -m load --durations=20

trial: $(VENV)/.tools ## the unit tests under trial
	$(BIN)/python -W error -m twisted.trial $$($(BIN)/python -m tools.unittests)

node: $(VENV)/.programs ## the JavaScript tests alone (make pytest runs them, too)
	$(BIN)/python -m tools.nodetests

# build/lib is removed, because setuptools would package files in it that are no longer in the tree.
$(VENV)/dist: $(VENV)/.tools $(METADATA) $(SOURCES)
	rm -rf build/lib build/bdist.* $@
	$(BIN)/python -m build -q --wheel --no-isolation --outdir $@
	rm -rf build/lib build/bdist.*

interpreters: $(VENV)/dist ## the unit tests on every other Python found, and with the oldest releases allowed
	$(BIN)/python -m tools.interpreters $(VENV)/dist/*.whl

format: $(VENV)/.tools ## format the code with ruff, and wrap the documents
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	$(BIN)/python -m tools.prose

clean: ## remove the environments and all that was built
	rm -rf $(VENV) .venvs build *.egg-info _trial_temp* tests.* .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
