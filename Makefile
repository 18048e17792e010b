# The commands of the house; `make help` lists them. Needs Python 3.11 or later (with venv) and make.
.DEFAULT_GOAL := help
.SUFFIXES:
.PHONY: help run test faults conformance check format bench fill lock clean assets coverage

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
PYTHON ?= $(shell for it in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$it -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$it && break; done)
TESTS ?= tests
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadgroup
export PYTHONUTF8 := 1
# As an environment variable: the pip of Debian 12 does not know the option.
export PIP_ROOT_USER_ACTION := ignore

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
	|| sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1  \2/p' Makefile

run: assets ## start Alur with demo data on 127.0.0.1:8000 (PORT=… for another port)
	@$(if $(PORT),ALUR_PORT=$(PORT)) exec $(BIN)/alur run --demo

test: $(VENV)/.dev assets ## run all tests on SQLite, PostgreSQL and in Chromium (TESTS=… for some)
	@$(BIN)/python -m tests.provision
	@$(PYTEST) $(TESTS)

faults: $(VENV)/.dev assets ## break things for about an hour (kill -9, random diagrams, full disks); prints a report
	@$(BIN)/python -m tests.provision
	@rm -f var/faults.txt
	@ALUR_TEST_KILLS=$${KILLS:-200} ALUR_TEST_RESTARTS=$${RESTARTS:-20} ALUR_TEST_DIAGRAMS=$${DIAGRAMS:-5000} ALUR_TEST_CASES=$${CASES:-1000} $(PYTEST) -o faulthandler_timeout=7200 \
		tests/faults tests/engine/properties tests/upgrades; status=$$?; cat var/faults.txt; exit $$status

check: $(VENV)/.dev assets ## everything that must hold before a change is taken: style, types, contracts, tests
	@failed=; step() { \
		name=$$1; shift; echo "check: $$name"; "$$@" || failed="$$failed, $$name"; \
	}; \
	step format $(BIN)/ruff format --check .; \
	step lint $(BIN)/ruff check .; \
	step types $(BIN)/mypy; \
	step imports $(BIN)/lint-imports --no-cache; \
	step templates $(BIN)/djlint --quiet --lint webapp/templates; \
	step catalogues $(BIN)/python -m webapp.assets.catalogues; \
	step machine $(BIN)/python -m tests.provision; \
	step tests $(PYTEST); \
	if [ -n "$$failed" ]; then echo "check: FAILED in $${failed#, }"; exit 1; fi; \
	echo "check: passed"

format: $(VENV)/.dev ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

coverage: $(VENV)/.dev assets ## the tests again, with the branches they reach
	@$(BIN)/python -m tests.provision
	@mkdir -p var/coverage
	@$(PYTEST) --cov --cov-report=term $(TESTS)

conformance: $(VENV)/.dev ## run a set of BPMN files with expected traces: make conformance DIR=…
	@$(BIN)/python -m tests.conformance "$(DIR)"

bench: $(VENV)/.dev assets ## measure; a table, and var/bench.json (FIGURES="volume --events 10000000": a long run)
	@$(BIN)/python -m benchmarks $(FIGURES)

fill: assets ## give the demo data years of history (CASES=1000): for figures, exports and benchmarks
	@$(BIN)/python -m benchmarks.fill --cases $${CASES:-1000}

# AGPL: tests call it, in an environment of its own. It is in none of the other locks.
PM4PY := pm4py==2.7.23.11

# The extras stay in: an older pip takes no other version of coverage[toml] for a pinned coverage.
lock: ## write the locks anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv"; exit 1; }
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-strip-extras --no-annotate --no-header \
		--extra build --output-file .ci/requirements.lock pyproject.toml
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-strip-extras --no-annotate --no-header \
		--extra dev --constraint .ci/requirements.lock --output-file .ci/requirements-dev.lock pyproject.toml
	@echo $(PM4PY) | uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-strip-extras --no-annotate --no-header \
		--python-version 3.11 --output-file .ci/requirements-pm4py.lock -

clean: ## remove what was built; keeps var/ and .venv
	rm -rf webapp/static webapp/assets/node_modules webapp/translations/id dist build
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache var/coverage
	find engine webapp tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

assets: $(VENV)/.ready ## build styles, scripts, icons and translations where they have changed
	@$(BIN)/python -m webapp.assets.build

# Stamps: a lock that is newer than its stamp is installed again.
$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "alur: needs Python 3.11 or later as python3; none was found"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "alur: needs Python's venv module; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "alur: making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.ready: .ci/requirements.lock pyproject.toml | $(VENV)/.made
	@echo "alur: installing $$(grep -c == .ci/requirements.lock) Python packages (a minute or two the first time)"
	@$(PIP) install --require-hashes -r .ci/requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: .ci/requirements-dev.lock $(VENV)/.ready
	@echo "alur: installing what the tests and checks need"
	@$(PIP) install --require-hashes -r .ci/requirements-dev.lock
	@touch $@
