# Every target first makes what it needs (tools/setup.sh: nothing to do costs milliseconds).
.DEFAULT_GOAL := help
PY := .venv/bin/python

# Compiled modules are kept, out of the tree: the program starts many times in these targets.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/pycache

.PHONY: help setup setup-test run test bench screenshots mutants nightly lock catalogues format package test-installed

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

setup: ## make the environment, nothing else
	@tools/setup.sh

setup-test:
	@tools/setup.sh test

run: setup ## start the sample session and open the window; without a display, play the guided tour
	@$(PY) -m tools.demo

test: setup-test ## everything that must hold, with the minutes each group took
	@$(PY) -m tools.gate

bench: setup-test ## measure all that is promised (docs/performance.md), print a table and write build/bench.json
	@$(PY) -m tools.bench --whole

screenshots: setup ## a picture of each page, light and dark, French and English, under build/screenshots/
	@$(PY) -m tools.screenshots

mutants: setup-test ## put known bugs in one by one; each must be caught
	@$(PY) -m tools.mutants

nightly: setup-test ## the long runs, a part at a time, into docs/nightly; PART=soak for one of them, FRESH=1 for all again
	@$(PY) -m tools.nightly $(PART)

lock: setup ## work requirements.lock out again from pyproject.toml
	@tools/lock.sh

catalogues: setup ## collect the texts of the program into the French and English catalogues
	@$(PY) -m tools.catalogues update

format: setup ## put every file in the one form
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

package: setup ## freeze the program and build its .deb, under build/package/
	@$(PY) -m tools.package

test-installed: setup ## install the package in a clean Debian, use it there, remove it
	@$(PY) -m tools.gate installed
