python = .venv/bin/python
manage = $(python) manage.py
install = $(python) -m pip install --quiet --quiet --disable-pip-version-check --requirement

help:
	@echo "make run          serve the site at http://localhost:8000 (another port: make run PORT=8001)"
	@echo "make demo         the same with demo data, in a database of its own"
	@echo "make test         run the tests, on PostgreSQL too where it is installed"
	@echo "make bench        measure what requests cost, on a PostgreSQL of its own (wrk)"
	@echo "make bench-check  the same, and fail where a target is missed by more than a tenth"
	@echo "make attack       attack a site of its own, and fail where /ping then takes over a second"
	@echo "make lint         check style, types, migrations and the settings for production"
	@echo "make image-check  build the container image and try it (as root; buildah, debootstrap)"
	@echo "make try-scaling  try two hosts, PgBouncer and a standby, and lose the primary"
	@echo "make clean        remove .venv, node_modules and caches; your data in var/ stays"

run: port .venv/requirements.txt
	@$(manage) collectstatic --noinput --verbosity 0
	@scripts/start --watch

demo: export DATABASE_URL = sqlite:///var/demo.sqlite3
demo: port .venv/requirements.txt
	@$(manage) collectstatic --noinput --verbosity 0
	@$(manage) prepare_database
	@$(manage) populate_demo --force -l 30 -u 10 -b 100 -d $$($(python) -c 'from datetime import *; print(date.today() - timedelta(14))')
	@scripts/start --watch

test: .venv/requirements-dev.txt
	@scripts/test $(PYTEST_ARGS)

lint: .venv/requirements-dev.txt
	scripts/lint

bench: .venv/requirements-dev.txt
	@PYTHONPATH=scripts scripts/with-postgresql --durable $(python) -m bench $(BENCH_ARGS)

bench-check: .venv/requirements-dev.txt
	@PYTHONPATH=scripts scripts/with-postgresql --durable $(python) -m bench --check $(BENCH_ARGS)

attack: .venv/requirements-dev.txt
	@PYTHONPATH=scripts scripts/with-postgresql $(python) -m attack $(ATTACK_ARGS)

image-check:
	scripts/image-check

try-scaling: .venv/requirements-dev.txt
	@$(python) scripts/scaling/try_scaling.py

clean:
	rm -rf .venv node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache

port:
	@python=$$(scripts/find-python) && "$$python" scripts/check_port.py

.venv/bin/python:
	@echo "Setting up: this takes a minute, once."
	@python=$$(scripts/find-python) && "$$python" -m venv --clear .venv || { rm -rf .venv; exit 1; }

# The copy of a list says that it has been installed.
.venv/%.txt: %.txt .venv/bin/python
	@$(install) $<
	@cp $< $@

.venv/requirements-dev.txt: requirements.txt requirements-drand.txt

.PHONY: help run demo test bench bench-check attack lint image-check try-scaling clean port
