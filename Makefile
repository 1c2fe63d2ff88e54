# The two commands everybody needs are `make run` and `make test`; both set up what they need.
PYTHON3 ?= python3
VENV := .venv/bin

.PHONY: help run test check bench messages lock screenshots

help:
	@echo "make run     the whole site on this machine (PORT=8001 for another port)"
	@echo "make test    all tests, on SQLite and PostgreSQL, journeys in a browser included"
	@echo "make check   the gate: style, layers, migrations, deployment checks"
	@echo "make bench   the figures: queries, processor time, page weight"

run:
	@$(PYTHON3) tools/run.py

test:
	@$(PYTHON3) tools/test.py $(ARGS)

check:
	@$(PYTHON3) tools/setup.py --testing
	@$(PYTHON3) tools/check.py

bench:
	@$(PYTHON3) tools/setup.py --testing
	@$(VENV)/python tools/bench.py

# Collect the interface's sentences anew; a test says which ones lack their Dutch.
messages:
	@$(VENV)/python manage.py makemessages -l nl --no-location --no-wrap --ignore .venv --ignore node_modules --ignore build --ignore tests

# Lock the dependencies anew, without naming a host.
lock:
	rm -f requirements.txt requirements-dev.txt
	$(VENV)/uv pip compile -q --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.txt
	$(VENV)/uv pip compile -q --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml --group dev -o requirements-dev.txt

# The README's pictures, made by the journeys.
screenshots:
	@SCREENSHOTS=1 $(PYTHON3) tools/test.py --only sqlite tests/e2e/test_learner_journey.py tests/e2e/test_cohort.py
