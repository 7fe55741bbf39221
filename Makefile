# Everything a person or CI does with this project. Needs Python 3.11+, make and git; the rest is installed
# into .venv. On Windows use the same commands from a Git shell, or the steps in README.
PYTHON ?= python3
VENV ?= .venv
ifeq ($(OS),Windows_NT)
  BIN := $(VENV)/Scripts
else
  BIN := $(VENV)/bin
endif

.PHONY: app quick look test test-spark faults soak next audit check format bench env env-dev env-spark browser postgresql server-programs java clean

app: env
	$(BIN)/python -m etl demo --if-needed
	$(BIN)/python -m streamlit run app.py

# While working: format, lint, types of what changed (mypy keeps what it knows of the rest) and the rooms that
# need neither server nor browser. Under a minute on two cores; `make check` and `make test` have the last word.
PURE := $(addprefix tests/,metrics answers charts estimates prioritisation proposals \
  test_house.py test_german.py test_suppression.py test_urls.py)
quick: env-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n logical --dist loadfile -q $(PURE)

# Charts, slides and pictures of sample data are compared with tests/charts/look; this takes what there is now as right.
look: env-dev
	$(BIN)/python -m tests.charts.looks
	git status --short tests/charts/look

test: env-dev browser postgresql server-programs
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Spark on a real cluster of this machine (two executor processes); its packages go into the same environment.
test-spark: env-spark browser java
	$(BIN)/python -m pytest tests/spark

# The long versions: the fault suites of both sources with 50 seeds (Search Console at two rates and with 100 kills),
# 50 kills of the lake and of backup and restore, the whole sample data built twice, damage to every byte of an archive's
# list of entries, 50 drawn interruptions of a restore, 200 of an update, the manual with an update that fails and one without internet, 200 kills of load, backup, restore and app under
# 20 sessions, a year of nightly loads, 10,000 damaged files and 200 of facts about services, 200 decks edited at random, 500 drawn portfolios against trying every plan, questions
# in 200 drawn cities and comparisons of 400 drawn people, a hundred invented portals for each stated error rate, 100
# portals whose hidden counts are attacked, 1,000 drawn questions and 200 drawn filters against plain SQL, 1,000 draws of every
# other test that draws (30 otherwise).
faults: env-dev
	FAULT_SEEDS=50 FAULT_KILLS=100 $(BIN)/python -m pytest tests/etl/sources/search_console/test_fault_suite.py --timeout 1800
	FAULT_SEEDS=50 $(BIN)/python -m pytest tests/etl/sources/matomo/test_matomo_faults.py --timeout 1800
	LAKE_KILLS=50 $(BIN)/python -m pytest tests/etl/operations/test_lake.py --timeout 1800
	DEMO_DAYS=486 $(BIN)/python -m pytest tests/etl/operations/test_etl_commands.py -k again
	SAFEKEEPING_KILLS=50 $(BIN)/python -m pytest tests/operations/test_kills.py --timeout 1800
	FLIPPED_EVERY=1 $(BIN)/python -m pytest tests/operations/test_backup.py -k flipped
	RESTORE_INTERRUPTIONS=50 $(BIN)/python -m pytest tests/operations/test_interruptions.py
	UPDATE_INTERRUPTIONS=200 OPERATIONS_DOCUMENT=whole \
	  $(BIN)/python -m pytest tests/deploy/test_update_interruptions.py tests/deploy/test_operations_document.py
	FAULT_SUITE_KILLS=200 FAULT_SUITE_SESSIONS=20 YEAR_NIGHTS=366 \
	  $(BIN)/python -m pytest tests/faults --log-cli-level INFO
	TRUTH_DRAWS=1000 TRUTH_SCOPES=200 $(BIN)/python -m pytest tests/truth -s --timeout 7200
	MUTATED_FILES=10000 $(BIN)/python -m pytest tests/etl/files/test_mutated.py --timeout 3600
	DAMAGED_FILES=200 $(BIN)/python -m pytest tests/etl/files/test_damaged_facts.py --timeout 3600
	EDITED_DECKS=200 $(BIN)/python -m pytest tests/exports/slides/living --timeout 1800
	DRAWN_PORTFOLIOS=500 $(BIN)/python -m pytest tests/prioritisation/planning/test_plan.py -k drawn_portfolios --timeout 3600
	QUESTION_CITIES=200 PAIRWISE_PEOPLE=400 $(BIN)/python -m pytest tests/prioritisation/test_questions.py \
	  tests/prioritisation/test_pairwise.py --timeout 3600
	SIMULATED_WORLDS=100 $(BIN)/python -m pytest tests/estimates/test_simulation.py --timeout 3600
	DRAWN_EXAMPLES=1000 $(BIN)/python -m pytest -m hypothesis --ignore tests/truth --timeout 3600
	ATTACKED_WORLDS=100 $(BIN)/python -m pytest tests/truth/test_attacker.py tests/truth/test_attacked_municipalities.py \
	  tests/truth/test_attacked_cases.py tests/truth/test_attacked_benchmarks.py \
	  --timeout 7200 --log-cli-level INFO

# Fifty people for twenty minutes while a new snapshot is published every minute; prints times and memory.
soak: env-dev
	SOAK_SESSIONS=50 SOAK_SECONDS=1200 SOAK_PUBLISH_EVERY=60 SOAK_THINKING=20 \
	  $(BIN)/python -m pytest tests/soak --log-cli-level INFO

# The suite against the newest Streamlit, DuckDB, Narwhals and pandas, in an environment of its own; what breaks is said
# by room. Before an update of these, and every few months.
next: server-programs postgresql browser
	$(PYTHON) tools/next_versions.py $(VENV)-next

# Known vulnerabilities of what runs with the app, and its bill of materials (build/sbom.json).
audit: env-dev
	$(BIN)/python tools/audit.py

check: env-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: env-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: env-dev
	$(BIN)/python -m benchmarks $(PARTS)

env: $(VENV)/.run-time
env-dev: $(VENV)/.development
env-spark: $(VENV)/.spark

browser: env-dev
	$(BIN)/python tools/ensure_browser.py

java: env-dev
	$(BIN)/python tools/ensure_java.py

server-programs: env-dev
	$(BIN)/python tools/ensure_server_programs.py

postgresql: env-dev
	$(BIN)/python tools/ensure_postgresql.py

$(VENV)/.run-time: requirements.txt
	$(PYTHON) tools/make_environment.py $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# rfc3987-syntax comes with a tool of `make audit` that works without it, never with the app; where it is installed, every
# import of Altair takes a second longer, and the tests start the app some dozen times.
$(VENV)/.development: requirements.txt requirements-dev.txt requirements-mcp.txt
	$(PYTHON) tools/make_environment.py $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip uninstall --quiet --yes rfc3987-syntax
	@touch $@ $(VENV)/.run-time

$(VENV)/.spark: $(VENV)/.development requirements-spark.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-spark.txt
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-next .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
