# One command each. A virtual environment is made and filled on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# `TORCH=cpu` on the command line installs PyTorch's build without CUDA, from PyTorch's own index.
TORCH :=
CPU_INDEX := https://download.pytorch.org/whl/cpu
ifneq ($(filter-out cpu,$(TORCH)),)
$(error TORCH=$(TORCH) names no build of PyTorch: write TORCH=cpu, or leave it out)
endif

# Each of so many processes has a server, a browser and a data folder of its own. The tests of a
# file stay together and in order, whichever process runs them.
PARALLEL := --numprocesses 2 --dist loadfile

.PHONY: run test types computed awaited mutants lint bench screenshots clean

run: $(VENV)/app
	$(BIN)/python -m streamlit run serve.py

test: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --jobs=3 types computed awaited

# These tests wait for browsers, servers and training processes, and give up after a while. So all
# that only computes gives way to them.
WAITING := tests/browser tests/runs/test_service.py tests/runs/test_twenty.py \
	tests/training/test_worker.py

types:
	nice $(BIN)/mypy

computed:
	nice $(BIN)/python -m pytest $(PARALLEL) $(addprefix --ignore=,$(WAITING))

awaited:
	$(BIN)/python -m pytest $(PARALLEL) $(WAITING)

mutants: $(VENV)/dev
	$(BIN)/python -m tests.mutants

lint: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

bench: $(VENV)/dev
	$(BIN)/python -m benchmarks

# A class that draws and steps, by itself and while strangers send whatever they can.
siege: $(VENV)/dev
	$(BIN)/python -m benchmarks.siege

# Random inputs for everything that a stranger can type, link or upload.
SECONDS := 600
SEED := 1
fuzz: $(VENV)/dev
	$(BIN)/python -W error -m tests.fuzzing --seconds $(SECONDS) --seed $(SEED)

screenshots: $(VENV)/dev
	$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis screenshots

$(VENV)/app: requirements.txt
	$(PYTHON) -m venv $(VENV)
ifeq ($(TORCH),cpu)
	$(BIN)/python -m pip install --quiet --retries 1 --timeout 15 --no-deps \
		--index-url $(CPU_INDEX) $$(grep '^torch==' requirements.txt) \
		|| echo "PyTorch's CPU build could not be had from $(CPU_INDEX): its usual build is installed instead."
endif
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/app
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	touch $@
