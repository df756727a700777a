# Every command of the project. `make` alone lists them; CONTRIBUTING.md says when to use which.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run prepare demo demo-wipe test check format unit browser translate pictures bench soak lock ready-to-run ready-to-test

PY := .venv/bin/python
APP := $(PY) -m wellbeing_app
PYTEST := $(PY) -m pytest
UNIT := tests/unit tests/services tests/web tests/house
BROWSER := tests/browser tests/faults
# Compiled modules are kept, whatever the shell says: the tests start the app a hundred times.
export PYTHONDONTWRITEBYTECODE :=

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

run: ready-to-run ## start the app on this machine
	@$(APP) serve

prepare: ready-to-run ## fetch what the app needs, without starting it

demo: ready-to-run ## start the app with invented people to look around
	@$(APP) demo

demo-wipe: ready-to-run ## throw the demo's data away
	@$(APP) demo-wipe

test: export SUITE_STARTED := $(shell date +%s)
test: ready-to-test ## everything: check, unit, browser
	@$(MAKE) --no-print-directory --keep-going check unit browser

check: ready-to-test ## style, types and which room imports which
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

format: ready-to-test ## put the code into its usual shape
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

unit: ready-to-test ## the tests without a browser, on SQLite and PostgreSQL
	$(PYTEST) -n 2 -m "not slow and not long" $(UNIT)

browser: ready-to-test ## the tests with a browser, those that kill the server, and other slow ones
	$(PYTEST) -n 2 -m "slow and not long" $(UNIT)
	$(PYTEST) -n 2 $(BROWSER)

translate: ready-to-test ## collect the strings to translate into the catalogues
	@$(PY) -m tools.translations update
	@$(PY) -m tools.translations compile

pictures: ready-to-test ## take the pictures of the README again
	@$(PY) -m tools.pictures

bench: ready-to-test ## measure speed and memory
	@$(PY) -m benchmarks

soak: ready-to-test ## kill the server a hundred times, a tablet in a thousand visits; 10,000 surveys sent; 30,000 rows read
	$(PYTEST) tests/faults --kills 100 --tablet-runs 1000 --surveys 10000 -o faulthandler_timeout=3600
	$(PYTEST) tests/unit/test_report_arithmetic.py --hypothesis-profile=soak -o faulthandler_timeout=3600
	$(PYTEST) tests/unit/test_cells.py --cells 100000
	$(PYTEST) tests/unit/test_sharing.py --reports 1000 -o faulthandler_timeout=3600
	$(PYTEST) tests/readers -o faulthandler_timeout=3600
	$(PYTEST) tests/unit/test_paper_codes.py --mutations 1000000 -o faulthandler_timeout=3600
	$(PYTEST) tests/browser/test_typing.py --forms 100 -o faulthandler_timeout=3600
	$(PYTEST) tests/browser/test_seal.py --boxes 20000 -o faulthandler_timeout=3600
	$(PYTEST) tests/tls
	$(PYTEST) tests/webkit
	$(PYTEST) tests/unit/test_measure.py
	$(PYTEST) tests/unit/test_reader.py tests/unit/test_read_back.py --scans 209 -o faulthandler_timeout=7200
	$(PYTEST) tests/unit/test_bad_files.py --bad-files 10000 -o faulthandler_timeout=7200

lock: export UV_CUSTOM_COMPILE_COMMAND := make lock
lock: ## compile the locks again after a change of requirements (needs uv)
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-emit-find-links requirements.txt -o requirements.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-emit-find-links requirements-reader.txt -c requirements.lock -o requirements-reader.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-emit-find-links requirements-dev.txt -c requirements-reader.lock -o requirements-dev.lock

ready-to-run ready-to-test: ready-to-%:
	@command -v python3 >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 1; }
	@python3 tools/environment.py $*
	@$(PY) -m tools.translations compile
