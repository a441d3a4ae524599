# `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Static and stripped executables. lld, from the toolchain, is faster than the default linker, and does not warn about
# what static executables cannot do (load modules of the name service).
# - Whole modules: with files compiled one by one, a function kept objects that had an older layout of an enum of another
#   module, and crashed. Across modules: what writes answers is generic, small, and used from the modules above it.
# - No incremental code generation: it puts a hash of the command line, and so the name of this folder, into executables.
# - A section for each function, so that the linker can place side by side what a cold start runs and touches
#   (deploy/scripts/link/record_order.py).
# - Accessors for types: the runtime would parse their mangled names at the first use.
# - No module for regular expressions: it is imported by default, and would make every executable .9 MB larger.
STRIP := -Xlinker -s
# NEXLAYER_TLS=openssl make build: functions that can reach PostgreSQL by TLS. Their objects have a folder of their own.
ifneq ($(filter-out openssl,$(NEXLAYER_TLS)),)
$(error NEXLAYER_TLS=$(NEXLAYER_TLS) is not known; it can be openssl)
endif
SCRATCH := .build/release-static$(NEXLAYER_TLS:%=-%)
RELEASE := -c release --scratch-path $(SCRATCH) --explicit-target-dependency-import-check error \
	-Xswiftc -whole-module-optimization -Xswiftc -cross-module-optimization \
	-Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen \
	-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors \
	-Xswiftc -Xfrontend -Xswiftc -function-sections \
	-Xswiftc -Xfrontend -Xswiftc -disable-implicit-string-processing-module-import \
	-Xswiftc -static-executable -Xswiftc -use-ld=lld -Xlinker --gc-sections $(STRIP) \
	-Xlinker --symbol-ordering-file=deploy/scripts/link/order.txt -Xlinker --no-warn-symbol-ordering
FUNCTIONS := $(shell ls Functions | sed -E 's/([a-z])([A-Z])/\1-\2/g' | tr A-Z a-z)
BUILT := $(SCRATCH)/release
# make test REPEAT_WRITES=1 runs every write to the database twice, to find those that cannot be. It rebuilds everything.
RELEASE += $(if $(REPEAT_WRITES),-Xswiftc -DREPEAT_WRITES)

.PHONY: help build run demo dist check-reproducible try-model test torture fuzz bench format check new clean model dependencies connect

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

build: dependencies model ## Build every function and the runner, static and stripped, into build/
	@deploy/scripts/embed_page.py $(if $(CI),--check)
	@deploy/scripts/update_samples.py $(if $(CI),--check)
	@swift build $(RELEASE)
	@mkdir -p build/functions build/bin
	@for name in $(FUNCTIONS); do cmp -s $(BUILT)/$$name build/functions/$$name || \
		install -m 755 $(BUILT)/$$name build/functions/$$name; done
	@cmp -s $(BUILT)/runner build/bin/runner || install -m 755 $(BUILT)/runner build/bin/runner
	@for file in build/functions/*; do [[ " $(FUNCTIONS) " == *" $${file##*/} "* ]] || rm -f $$file; done
# Generated files are committed. CI refuses stale ones; everybody else gets them written again. The OpenAPI document is
# part of a function, so a new one needs a second build.
	@if [ -n "$${CI:-}" ]; then \
			for what in openapi sdks configurations; do deploy/scripts/generate_$$what.py --check || exit; done; \
		elif deploy/scripts/generate_openapi.py | grep .; then $(MAKE) --no-print-directory build; \
		else deploy/scripts/generate_sdks.py && deploy/scripts/generate_configurations.py; fi
	@echo "build/functions: $(words $(FUNCTIONS)) functions, build/bin/runner"

# What tests connections by TLS. Prints where it is.
connect: dependencies
	@swift build $(RELEASE) --product connect >&2
	@echo "$(CURDIR)/$(BUILT)/connect"

run: build ## Build if needed and serve the API on http://localhost:3001 (HOST, PORT, DATA_DIR)
	@exec build/bin/runner serve --init

demo: build ## Show a tour of the API on a temporary gateway, or on a running one: BASE_URL=http://localhost:3001
	@deploy/scripts/demo.sh

test: build ## Run every test against the built executables
	@deploy/scripts/dependencies.sh tests
	@deploy/scripts/test.sh

# For example, make torture ROUNDS=40 CUTS=30. POINTS=0 means every crash point.
ROUNDS ?= 12
CUTS ?= 10
POINTS ?= 60
BACKUPS ?= 100
KILLS ?= 10000
SEED ?= 1
torture: build ## Kill, crash and cut the power for some minutes, and look for lost data (ROUNDS, KILLS, CUTS, POINTS, BACKUPS, SEED)
	@deploy/scripts/dependencies.sh torture
	@status=0; if python3 Tests/TestSupport/Python/postgres.py --is-installed; then \
		FUNCTIONS_DIR=$(CURDIR)/build/functions RUNNER=$(CURDIR)/build/bin/runner TEST_DATABASE=pgbouncer \
			Tests/swift.sh --filter FunctionTests || status=1; \
		TEST_DATABASE=postgres Tests/Torture/repeated_writes.sh || status=1; \
		python3 Tests/TestSupport/Python/postgres.py Tests/unittest.sh python3 Tests/Faults || status=1; \
		Tests/Torture/kills.py --machines 4 --rounds $(ROUNDS) --seed $(SEED) || status=1; \
		Tests/Torture/schedules.py --seed $(SEED) || status=1; fi; \
	ALL_VALUES=1 Tests/swift.sh --filter DamagedRows || status=1; \
	cd Tests/Torture; \
		./kills.py --rounds $(ROUNDS) --seed $(SEED) || status=1; ./shared_files.py || status=1; \
		./index_kills.py --kills $(KILLS) --seed $(SEED) || status=1; \
		./schedules.py --machines 0 --seed $(SEED) || status=1; \
		./merge_kills.py --rounds $(ROUNDS) --seed $(SEED) || status=1; \
		./crashpoints.py --points $(POINTS) --seed $(SEED) || status=1; \
		./backup_crashes.py --points $(POINTS) --seed $(SEED) || status=1; \
		./upgrades.py --points $(POINTS) --seed $(SEED) || status=1; \
		./backups.py $(BACKUPS) || status=1; \
		./powercut.py --cuts $(CUTS) --seed $(SEED) || status=1; exit $$status

COUNT ?= 100000
fuzz: build ## Send malformed envelopes, requests and documents for some minutes (COUNT, SEED)
	@status=0; \
		Tests/Torture/fuzz_envelopes.py --count $(COUNT) --seed $(SEED) || status=1; \
		Tests/Torture/fuzz_http.py --count $$(($(COUNT) / 4)) --seed $(SEED) || status=1; \
		Tests/Torture/fuzz_documents.py --count $$(($(COUNT) / 20)) --seed $(SEED) || status=1; exit $$status

dist: build ## Pack functions, runner and configurations into build/dist
	@deploy/scripts/dependencies.sh dist
	@deploy/scripts/dist.py

check-reproducible: ## Build this commit twice in different folders and compare the archives; takes some minutes
	@deploy/scripts/check-reproducible.sh

try-model: build ## Ask a real language model; the first run installs it, in about ten minutes
	@deploy/scripts/try-model.sh

bench: build ## Measure speed and memory, each next to a baseline in the same minute
	@deploy/scripts/dependencies.sh bench
	@python3 Tests/Benchmarks/bench.py
	@python3 Tests/Benchmarks/search.py
	@[ ! -e build/models/multilingual-e5-small.bin ] || python3 Tests/Benchmarks/embedding.py
	@python3 Tests/Benchmarks/gateways.py
	@python3 Tests/Benchmarks/runner.py
	@python3 Tests/Benchmarks/writers.py
	@python3 Tests/Benchmarks/machines.py
	@python3 Tests/Benchmarks/webhooks.py

format: ## Format the Swift sources
	@swift format --in-place --recursive --parallel Package.swift Functions Shared Runner Tests

check: ## Check the sources for what the rules forbid, and their format
	@deploy/scripts/check.sh

new: ## Start an endpoint with its test: make new NAME=rename-workspace
	@deploy/scripts/new.py $(NAME)

clean: ## Remove everything that was built
	@rm -rf .build build

model: dependencies ## Fetch the embedding model into build/models, unless it is there
	@deploy/scripts/model/fetch.py $(if $(filter model,$(MAKECMDGOALS)),--again)

dependencies:
	@deploy/scripts/dependencies.sh
