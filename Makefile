# Everything a person types. Each command makes .venv first; nothing but bash, make and a Python 3.12 or newer is needed.
SHELL := bash
PYTHON_IN := .venv/bin/python
BOOTSTRAP := MAKE_PID=$$PPID scripts/bootstrap
export PORT ARGS ONLY PYTHON

.PHONY: help run test faults check bench assets messages lock manage services pictures

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 20

run: ## the whole product on this machine, PORT=8000; Ctrl-C stops it
	@$(BOOTSTRAP) run && exec $(PYTHON_IN) -m scripts.run

test: ## every test but the long ones; ARGS="-k letters" for pytest
	@$(BOOTSTRAP) dev && scripts/system_packages && exec $(PYTHON_IN) -m scripts.test --on-all-cores -m "not faults"

faults: ## the long fault and soak tests, under an hour
	@$(BOOTSTRAP) dev && scripts/system_packages && exec $(PYTHON_IN) -m scripts.test -m faults

check: ## style, types, imports, templates, migrations, built assets, deploy settings
	@$(BOOTSTRAP) dev && exec $(PYTHON_IN) -m scripts.check

bench: ## one line per benchmark; ONLY=exports for one part
	@$(BOOTSTRAP) run && scripts/system_packages bench && exec $(PYTHON_IN) -m scripts.bench

manage: ## a command of manage.py on the data of `make run`: make manage ARGS="load_campaign data/mc11 --dry-run"
	@$(BOOTSTRAP) run && exec $(PYTHON_IN) -m scripts.manage $(ARGS)

services: ## PostgreSQL and Valkey alone, until Ctrl-C; prints the variables to export
	@$(BOOTSTRAP) run && exec $(PYTHON_IN) -m scripts.local_services

pictures: ## take the README's pictures again, from a demonstration of their own
	@$(BOOTSTRAP) dev && scripts/system_packages && exec $(PYTHON_IN) -m scripts.pictures

assets: ## build the letter editor again, from frontend/ (the only command that needs Node)
	@cd frontend && npm ci && npm run check && npm run build

messages: ## texts of the interface into the catalogues of locale/, and compile them; ARGS=pt begins Portuguese
	@$(BOOTSTRAP) run && exec $(PYTHON_IN) -m scripts.catalogues $(ARGS)

lock: ## write the lock files again, from requirements.in and requirements-dev.in
	@scripts/lock
