# Everything needs Python 3.11 or newer and make; bin/setup.py fetches the rest.
# A distribution's own Python comes first: it is built with optimisations, what a version manager compiles mostly is not.
PYTHON ?= $(shell /usr/bin/python3.11 -c 'import ensurepip' 2>/dev/null && echo /usr/bin/python3.11 \
	|| command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
AIMS = .venv/bin/python
WORKERS ?= 2
ARGS ?=
FILE ?=

.PHONY: run demo-reset backup restore upgrade-database test test-long coverage check bench lock words setup setup-test

run: setup ## start everything; EMPTY=1 starts without the demo organization
	@exec $(AIMS) -m aims.supervisor $(if $(EMPTY),--empty)

demo-reset: setup ## throw the demo organization away; the next `make run` makes a new one
	@$(AIMS) -m aims.embedded.reset

backup: setup ## save database and files in one archive: make backup [FILE=…]
	@$(AIMS) -m aims.embedded.backup save $(FILE)

restore: setup ## bring an archive back: make restore FILE=… [REPLACE=1 sets the present database aside]
	@$(AIMS) -m aims.embedded.backup load "$(FILE)" $(if $(REPLACE),--replace)

upgrade-database: setup ## bring the embedded database's files over to this version's PostgreSQL
	@$(AIMS) -m aims.embedded.upgrade

test: setup-test ## all tests, in parallel, on embedded servers of their own
	@$(AIMS) -m aims.embedded.borrow --memory $(AIMS) -m pytest -n $(WORKERS) --durations=20 -m "not long" $(ARGS)

test-long: setup-test ## the same with random property tests, and what takes minutes
	@HYPOTHESIS_PROFILE=long $(AIMS) -m aims.embedded.borrow --memory $(AIMS) -m pytest -n $(WORKERS) --durations=20 $(ARGS)

coverage: setup-test ## the tests with branch coverage, each file against what it owes
	@$(AIMS) -m aims.embedded.borrow --memory $(AIMS) -m pytest -n $(WORKERS) -m "not long" --cov --cov-report= $(ARGS)
	@$(AIMS) bin/coverage.py

check: setup-test ## style, types, import directions, migrations, locks, licences
	@$(AIMS) bin/check.py

bench: setup-test ## the figures of docs/performance.md, measured here
	@$(AIMS) -m aims.embedded.borrow $(AIMS) -m tests.bench $(ARGS)

lock: setup-test ## lock the dependencies that pyproject.toml and package.json declare
	@$(AIMS) bin/lock.py
	@npm install --package-lock-only

words: setup-test ## bring locale/ up to date with the words of the program: make words [BEGIN=fr]
	@$(AIMS) bin/words.py --gather $(BEGIN)
	@$(AIMS) bin/words.py --check

setup:
	@$(PYTHON) bin/setup.py run

setup-test:
	@$(PYTHON) bin/setup.py test
