# The commands of this house. `make help` lists them; each line with a ## is one.
# Needed: Python 3.11 or newer, make. Node.js as well for the interop tests.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The Python that makes .venv; `make install PYTHON=/path/to/python3.12` chooses another.
PYTHON ?=
CANDIDATES = $(or $(PYTHON),python3 python3.13 python3.12 python3.11)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
INTEROP       := tests/interop
INTEROP_STAMP := $(INTEROP)/node_modules/.installed
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links

.PHONY: help install demo test check lock bench torture clean interop

help:  ## list these commands
	@echo "Schakelbot: zorgvragen divided in Matrix rooms. The two commands to start with: make demo, make test"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP)  ## make .venv and put the locked requirements in it
	@:

demo: install  ## play a day in a region, on a real homeserver on this machine
	@$(BIN)/python -m bot demo

test: install interop check  ## everything: the checks, then all tests on a real homeserver
	@$(BIN)/pytest

check: install  ## ruff, mypy and the directions of imports
	@echo "ruff check";     $(BIN)/ruff check .
	@echo "ruff format";    $(BIN)/ruff format --check .
	@echo "mypy";           $(BIN)/mypy
	@echo "import-linter";  $(BIN)/lint-imports --no-logo

lock: install  ## bring requirements*.txt up to date with requirements*.in (UPGRADE=1: newest versions)
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements-dev.in -o requirements-dev.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt -c requirements-dev.txt

bench: install  ## measure, beside a bare echo bot and the homeserver alone
	@$(BIN)/python -m benchmarks

torture: install  ## break it a thousand times and count what is lost (long)
	@$(BIN)/python -m tests.torture

clean:  ## remove all that these commands made
	rm -rf $(VENV) $(INTEROP)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python that is new enough and can make virtual environments; shims that lead nowhere fail here too.
define FIND_PYTHON
for candidate in $(CANDIDATES); do \
	if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		python="$$candidate"; break; \
	fi; \
done; \
if [ -z "$${python:-}" ]; then \
	echo "Schakelbot needs Python 3.11 or newer with its venv module; tried: $(CANDIDATES)." >&2; \
	exit 1; \
fi
endef

# Stamped: it runs again only when the lock changes. An environment whose Python is gone is made anew.
$(STAMP): requirements-dev.txt
	@$(FIND_PYTHON); \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		echo "[1/2] Making a virtual environment in $(VENV) with $$("$$python" --version)"; \
		"$$python" -m venv --clear $(VENV); \
	else \
		echo "[1/2] Using the virtual environment in $(VENV) with $$($(BIN)/python --version)"; \
	fi; \
	echo "[2/2] Installing $$(grep -c == $<) locked packages into it; the first time this takes a minute or two"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< && touch $@ && \
	echo "Ready."

# The interop tests run Element's own stack on Node. Without npm they are skipped, and say so.
interop: $(if $(wildcard $(INTEROP)/package-lock.json),$(if $(shell command -v npm),$(INTEROP_STAMP)))

$(INTEROP_STAMP): $(INTEROP)/package-lock.json
	@echo "Installing the locked Node packages of the interop tests"
	@cd $(INTEROP) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
