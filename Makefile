# Every target is one call of tools/dev.py, where the work and its messages are.
# make demo PORT=9000 · make test ARGS="-k booking -x" · make demo PYTHON=/usr/bin/python3.12
.POSIX:
PYTHON = python3
DEV = $(PYTHON) tools/dev.py

help:
	@echo "make demo        set up what is missing and run the demo on http://127.0.0.1:8000 (PORT=9000 for another port)"
	@echo "make demo-reset  remove the demo's data; the next demo begins anew"
	@echo "make run         developer's server with reload, without demo content"
	@echo "make test        fast tests on SQLite (ARGS=... goes to pytest)"
	@echo "make test-pg     whole suite but the browser tests, on a throw-away PostgreSQL"
	@echo "make e2e         browser tests on a throw-away PostgreSQL"
	@echo "make test-all    all suites, then all checks"
	@echo "make bench-booking  bookings a second, beside what the database can do (ARGS=--quick leaves out the long part)"
	@echo "make check       linters, types, import rules, migrations, translations, locks, wheel"
	@echo "make bench-pages requests a second of the main pages beside the same bytes from memory (needs wrk)"
	@echo "make messages    bring locale/da and locale/en up to date and compile them"
	@echo "make lock        write the lock files anew (needs uv; ARGS=--upgrade renews all)"
	@echo "make setup       only install: .venv, packages, front-end assets"

demo:
	@$(DEV) demo

demo-reset:
	@$(DEV) demo-reset

run:
	@$(DEV) run

test:
	@$(DEV) test

test-pg:
	@$(DEV) test-pg

e2e:
	@$(DEV) e2e

test-all:
	@$(DEV) test-all

bench-booking:
	@.venv/bin/python tools/bench_booking.py $(ARGS)

check:
	@$(DEV) check

messages:
	@$(DEV) messages

bench-pages:
	@$(DEV) bench-pages

lock:
	@$(DEV) lock

setup:
	@$(DEV) setup

.PHONY: help demo demo-reset run test test-pg e2e test-all check bench-pages bench-booking messages lock setup
