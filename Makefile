# `make` builds the lab and grades a sample class; `make test` and `make ci` are what CI runs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
BIN := .venv/bin
PYTEST := $(BIN)/pytest -n 3 --dist loadgroup --no-loadscope-reorder
COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header

.DEFAULT_GOAL := class
.PHONY: class build test fast lint ci sweep docs coverage lock clean

class: build
	$(BIN)/python -m ottermark.audit.answer_files assignment/corpus/class build/class
	$(BIN)/ottermark grade build/class -o build/grades --yes

build: .venv/made
	$(BIN)/ottermark build

# everything but the tests marked `ci` or `sweep`
test: lint
	$(BIN)/ottermark build --check --strict
	$(BIN)/ottermark build  # the upload, which is not committed
	$(PYTEST) -m "not ci and not sweep" --durations 15

fast: .venv/made
	$(BIN)/pytest -n 2 --hypothesis-profile fast -m "not slow and not ci and not sweep" tests/unit

lint: .venv/made
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/nbstripout --keep-id --verify assignment/*.ipynb src/ottermark/authoring/templates/new_lab/assignment/*.ipynb

# what takes longer than `make test` and is run after it
ci: docs build
	$(PYTEST) -m "ci and not sweep" --durations 30 -o timeout=1200  # seconds a test, on slow machines too

# what neither runs, since it depends on other systems more than on this code; see docs/developing.md
sweep: build
	$(PYTEST) -m sweep

# the documentation site, in build/site; a warning or a broken internal link is an error
docs: .venv/made
	$(BIN)/sphinx-build -q -W --keep-going -b html docs build/site
	@echo "build/site/index.html"

# the share of lines and branches that the tests run: all of `make test`, or those with MARKS
MARKS := not ci and not sweep
coverage: .venv/made
	$(PYTEST) -m "$(MARKS)" --cov --cov-report=term:skip-covered --cov-report=html

# the locks, for all versions of Python that pyproject.toml allows: ottermark with what Keras labs need,
# ottermark alone, uv itself, and what developing needs
LOCKS := src/ottermark/gradescope
lock: .venv/made
	$(BIN)/$(COMPILE) pyproject.toml --extra keras -o $(LOCKS)/keras.lock
	$(BIN)/$(COMPILE) pyproject.toml -c $(LOCKS)/keras.lock -o $(LOCKS)/requirements.lock
	echo uv==$(UV_VERSION) | $(BIN)/$(COMPILE) - -o $(LOCKS)/installer.lock
	$(BIN)/$(COMPILE) pyproject.toml --all-extras --group dev -c $(LOCKS)/keras.lock -o requirements-dev.lock

.venv/made: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet uv==$(UV_VERSION)
	$(BIN)/uv pip sync --compile-bytecode requirements-dev.lock
	$(BIN)/uv pip install --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf .venv build
