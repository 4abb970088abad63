# Gatehouse. `make help` lists what there is.

# One set of tags for every build with a window, another for tests of the window,
# which need no display; see docs/dependencies.md.
window_tags := gles,no_animations,migrated_fynedo
test_tags   := ci,no_animations

export LANG := en_US.UTF-8
# Works in a checkout without git, or of another owner.
export GOFLAGS := $(GOFLAGS) -buildvcs=false
build := build
bin := $(build)/bin

.PHONY: help packages build run demo demo-central test check unit e2e sim bench soak golden fmt clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

packages: ## install the Debian packages that are missing, naming them first
	@packaging/install-packages

build: packages ## build the station, central and the operator's tool into build/bin
	@mkdir -p $(bin)
	go build -tags $(window_tags) -o $(bin)/ ./cmd/gatehouse ./cmd/gatehouse-demo
	CGO_ENABLED=0 go build -o $(bin)/ ./cmd/gatehouse-central ./cmd/gatehousectl

run: build ## start an emulated printer, central and the cashier's window; with no display, the demo
	@if [ -n "$$DISPLAY" ]; then $(bin)/gatehouse-demo attended; else $(MAKE) --no-print-directory demo; fi

demo: build ## drive a short day through the real window under Xvfb, and check it
	$(bin)/gatehouse-demo day --out $(build)/demo

demo-central: build ## stations, a relay, a cut line, a killed central, and its console in Chromium, checked
	$(bin)/gatehouse-demo central --out $(build)/demo-central

test: packages check unit e2e ## everything, from a clean checkout
	@echo "All tests passed."

check: ## format, vet, staticcheck; govulncheck where its database can be reached
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "Not formatted:" $$unformatted; exit 1; fi
	CGO_ENABLED=0 go vet -tags $(test_tags) ./...
	CGO_ENABLED=0 go tool staticcheck -tags $(test_tags) ./...
	@packaging/govulncheck

# Drawing every page in every size is one goroutine's work: the race detector finds nothing
# there, and takes six times as long.
unit: ## all tests but the one through the real window, with the race detector
	go test -race -tags $(test_tags) -timeout 10m -skip '^TestEveryPageFits' ./...
	CGO_ENABLED=0 go test -tags $(test_tags) -timeout 10m -run '^TestEveryPageFits' ./ui/...

sim: build ## a few hundred seeds of stations and central with faults, on simulated time
	$(bin)/gatehousectl sim --seeds 1-300

e2e: demo demo-central sim ## the tests with real programs: a window under Xvfb, central and its console in Chromium

bench: build ## measure the speeds, as ratios to their limits, into build/bench.json
	packaging/bench

soak: ## random faults for a while: make soak minutes=30
	packaging/soak $(or $(minutes),10)

golden: ## accept what the tests now see in place of the golden files
	packaging/accept-golden

fmt: ## format the code
	gofmt -w .

clean: ## remove what was built
	rm -rf $(build)
