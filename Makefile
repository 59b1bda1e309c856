# Everything that tiendi's makers type. `make help` lists it.
GO ?= go
BIN := bin/tiendi
PREFIX ?= /usr/local
DEMO ?= demo
export CGO_ENABLED = 0

.PHONY: help build install demo demo-stream test services lint check parity chaos bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build bin/tiendi
	@mkdir -p bin
	$(GO) build -o $(BIN) ./cmd/tiendi

install: build ## install tiendi into $(PREFIX)/bin
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 0755 $(BIN) $(DESTDIR)$(PREFIX)/bin/tiendi

demo: build ## make a marketplace, build its models, print its report
	$(BIN) local install
	$(BIN) generate --out $(DEMO)
	$(BIN) load $(DEMO)
	$(BIN) build
	$(BIN) report daily

demo-stream: build ## send generated shoppers through collector and stream for a minute, and compare the counts
	TIENDI=$(BIN) deploy/demo/stream $(DEMO)-stream

test: build engine services lint ## run every test
	$(GO) test -count=1 -vet=off -timeout 60m ./...

.PHONY: engine
engine: build
	$(BIN) local install

services: ## install the servers that tests start: RabbitMQ, Redis, PostgreSQL and Chromium (as root, on Debian), Azurite and VersityGW
	.ci/services
	.ci/stores

lint: ## gofmt, vet and staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "gofmt these files:"; echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

ROUNDS ?= 6
chaos: build engine services ## kill everything at random moments, ROUNDS times
	TIENDI_CHAOS=$(ROUNDS) $(GO) test -count=1 -p 1 -timeout 120m -run "Chaos|Kill|Death" ./...

BENCH_EVENTS ?= 1000000
BENCH_SECONDS ?= 300
bench: build engine services ## measure against peers and limits; BENCH_EVENTS=10000000 for the large marketplace, BENCH_SECONDS=30 for a short pipeline
	$(GO) test -run '^$$' -bench . -benchtime 3x -p 1 $$($(GO) list ./... | grep -v -e /internal/bench -e /internal/ingest/load)
	$(GO) test -run '^$$' -bench . -benchtime 1x -timeout 120m ./internal/bench -events $(BENCH_EVENTS) -pipeline-seconds $(BENCH_SECONDS)

clean: ## remove what the targets above made
	rm -rf bin target $(DEMO) $(DEMO)-stream
