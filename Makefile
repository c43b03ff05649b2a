# Every command sets up what it needs first; `make` alone lists them.
PYTHON ?= $(shell command -v python3)
BIN := .venv/bin
SOURCES := appliance web firmware_tools tests

.DEFAULT_GOAL := help
.PHONY: help setup system demo tour test check deb vm-test frames bench crash mutants fuzz release wheels lock clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: system .venv/.ready  ## install what the project needs on a Debian-like machine (safe to repeat)

system:
	@config/setup

.venv/.ready: config/locks/test.txt pyproject.toml | system
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@echo "setup: installing the locked Python packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r config/locks/test.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## the portal and a virtual token in your browser
	@$(BIN)/python -m web.bench.demo

tour: setup  ## the same story unattended, with pictures in build/tour/
	@$(BIN)/python -m tests.tour

test: setup  ## all tests that need no special hardware
	@$(BIN)/python -m tests.interop.laboratory
	@$(BIN)/python -m pytest --quiet --numprocesses auto

check: setup  ## style, types, directions of import, unit files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config config/importlinter.ini
	$(BIN)/python -m tests.systemd.scores
	$(BIN)/python -m tests.supply.licences

CUTS ?= 1000000
crash: setup  ## the long power-cut run (CUTS=1000000), on all cores
	@$(BIN)/python -m tests.crash $(CUTS)

SECONDS ?= 60
fuzz: setup  ## every parser against random input (SECONDS=60 each), then the planted defects
	@$(BIN)/python -m tests.fuzz --seconds $(SECONDS)
	@$(BIN)/python -m tests.fuzz --planted

mutants: setup  ## break the rules and the vault on purpose, line by line: do the tests notice?
	@$(BIN)/python -m tests.mutants

PARTS ?=
bench: setup  ## every figure beside its peer's, in one run (PARTS=scan for one part); also in build/bench.json
	@$(BIN)/python -m tests.bench $(PARTS)

SUITE ?= trixie
ARCHITECTURE ?= arm64
deb: setup  ## the device's Debian package, in build/deb (SUITE=trixie ARCHITECTURE=arm64)
	@$(BIN)/python -m firmware_tools.debian --suite $(SUITE) --architecture $(ARCHITECTURE)

vm-test: setup  ## the installed package on a virtual Pi with a real kernel: stories, probes, power cuts (root)
	@tests/vm/build
	@$(BIN)/python -m tests.vm

frames: setup  ## paint every screen anew: tests/frames and the pictures in the README
	@$(BIN)/python -m tests.frames

release: setup  ## wheel, sdist, list of contents, checksums and (ROOTS=folder) an update, in build/release
	@$(BIN)/python -m tests.supply.release $(if $(ROOTS),--roots $(ROOTS))

wheels: setup  ## for which boards the locked packages exist: docs/wheels.md (needs the network)
	@$(BIN)/python -m tests.supply.wheels

lock:  ## renew config/locks from pyproject.toml (needs the network)
	@python3 -m venv build/lock && build/lock/bin/pip install --quiet --disable-pip-version-check uv
	@for kind in device portal tools test; do \
	  build/lock/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	    --no-emit-index-url --no-annotate --no-header $$([ $$kind = device ] || echo --extra $$kind) \
	    --output-file config/locks/$$kind.txt pyproject.toml config/locks/build.in || exit 1; \
	done

clean:  ## forget the environment and everything built
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
