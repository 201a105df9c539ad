.DEFAULT_GOAL := help
SHELL := bash

GO    ?= go
CACHE := $(CURDIR)/.cache
BIN   := $(CACHE)/bin

# Folders with Terraform code of ours: what is documented, linted and validated.
TF_DIRS := $(patsubst %/,%,$(sort $(dir $(wildcard modules/*/versions.tf examples/*/versions.tf))))

TOOLS := internal/tools/external

.PHONY: help
help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Take a live API out of service and back on this machine; no AWS account
	@mkdir -p bin
	@$(GO) build -o bin/sandbox ./cmd/sandbox
	@./bin/sandbox demo --reports bin

.PHONY: build
build: ## Build the two commands into bin/
	@mkdir -p bin
	$(GO) build -o bin/ ./cmd/...

# gotest is go test, which says before what is missing and after what was skipped.
GOTEST := $(BIN)/gotest

.PHONY: $(GOTEST)
$(GOTEST):
	@$(GO) build -o $@ ./internal/tools/gotest

# Two packages at a time: most of the time is spent waiting, and a suite that runs
# Terraform takes more than a gigabyte.
.PHONY: test
test: $(GOTEST) ## Run every test, real Terraform included (about 15 minutes on 2 cores, less on more)
	@$(GOTEST) -times=$(CACHE)/times.json -count=1 -p 2 -timeout 60m ./...

.PHONY: test-short
test-short: $(GOTEST) ## Run the tests without a Terraform run (under a minute; cold, when all is to be compiled, some minutes)
	@$(GOTEST) -short -count=1 -timeout 10m ./...

.PHONY: bench
bench: ## Run the Go benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./internal/...

.PHONY: figures
figures: ## Measure what the README reports, again
	@FIGURES=1 $(GO) test -count=1 -v -timeout 30m -run '^(TestOriginal|TestManyPaths|TestQuotas|TestOverhead|TestLanes)$$' ./test | grep -E '^(\||---|MATRIX|FAIL|ok|overhead)'
	@FIGURES=1 $(GO) test -count=1 -v -run '^TestBreakglassRun(UsesAllThatTheQuotaGives|TakesASecond)$$' ./cmd/maintenance | grep -E '^(breakglass|FAIL|ok)'
	@$(GO) test -run '^$$' -bench . -benchmem ./internal/emulator/...

.PHONY: check
check: check-go check-hcl check-docs compat ## Check format, lint, docs and provider 6 (no tests)

.PHONY: check-go
check-go: $(BIN)/.stamp
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
	  if [ -n "$$unformatted" ]; then echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(BIN)/staticcheck ./...

.PHONY: check-hcl
check-hcl: $(BIN)/.stamp
	$(GO) run ./internal/tools/hclcheck
	@for dir in $(TF_DIRS); do \
	  $(BIN)/tflint --chdir $$dir --config $(CURDIR)/.tflint.hcl || exit 1; \
	done

.PHONY: check-docs
check-docs: $(BIN)/.stamp
	@for dir in $(TF_DIRS); do \
	  $(BIN)/terraform-docs --config $(CURDIR)/.terraform-docs.yml --output-check $$dir || { echo "run: make docs"; exit 1; }; \
	done

.PHONY: docs
docs: $(BIN)/.stamp ## Write the generated tables into the READMEs
	@for dir in $(TF_DIRS); do \
	  $(BIN)/terraform-docs --config $(CURDIR)/.terraform-docs.yml $$dir || exit 1; \
	done

.PHONY: compat
compat: ## Check our arguments and attributes against AWS provider 6
	$(GO) run ./internal/tools/compat -cache $(CACHE) modules examples

.PHONY: verify-aws
verify-aws: ## Run the opt-in suite against a real AWS account (costs little, asks first)
	@[ "$$MAINTENANCE_VERIFY_AWS" = 1 ] || { \
	  echo "This creates and destroys real resources in the account of your AWS credentials."; \
	  echo "Read test/README.md, set the variables it names and MAINTENANCE_VERIFY_AWS=1, and repeat."; exit 2; }
	$(GO) test -count=1 -v -timeout 90m -run '^TestAWS' ./test/...

# One build for all tools: they share most of their dependencies.
$(BIN)/.stamp: $(TOOLS)/go.mod $(TOOLS)/go.sum
	@echo "building the linters, once (about a minute)"
	@mkdir -p $(BIN)
	@cd $(TOOLS) && $(GO) build -o $(BIN)/ tool
	@touch $@
