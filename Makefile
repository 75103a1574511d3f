# `make` builds the lab and grades a sample class; `make test` runs everything that CI runs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
BIN := .venv/bin

.DEFAULT_GOAL := class
.PHONY: class build test fast lint lock clean

class: build
	$(BIN)/python -m ottermark.audit.answer_files assignment/corpus/class build/class
	$(BIN)/ottermark grade build/class -o build/grades --yes

build: .venv/made
	$(BIN)/ottermark build

test: lint
	$(BIN)/ottermark build --check
	$(BIN)/ottermark build  # the upload, which is not committed
	$(BIN)/pytest -n 3 --dist loadgroup

fast: .venv/made
	$(BIN)/pytest -n 2 -m "not slow"

lint: .venv/made
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/nbstripout --keep-id --verify assignment/*.ipynb

# the locks: what ottermark needs, and on top of it what developing it needs
lock: .venv/made
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml -o src/ottermark/gradescope/requirements.lock
	echo uv==$(UV_VERSION) | $(BIN)/uv pip compile -q --universal --python-version 3.11 \
		--generate-hashes --no-header - -o src/ottermark/gradescope/installer.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --extra class --group dev -c src/ottermark/gradescope/requirements.lock -o requirements-dev.lock

.venv/made: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet uv==$(UV_VERSION)
	$(BIN)/uv pip sync --compile-bytecode requirements-dev.lock
	$(BIN)/uv pip install --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf .venv build
