# Everything runs in .venv, made from uv.lock; uv itself is put there by pip where the machine has none.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)
PIP_UV := $(if $(UV),$(UV),$(BIN)/uv)
DEMO := examples/techstart
FLEET := examples/organisation
WORKFLOWS := $(wildcard .github/workflows/*.yml ci/templates/github/.github/workflows/*.yml ci/templates/fleet/github/.github/workflows/*.yml)

CURRENT := .venv-current
ORACLE := tests/oracle/bin/hcl-oracle
SECOND := .venv-ministack

.PHONY: help audit audit-fleet history screenshots test mutants test-current-boto3 lint dist content models docs ci demo-account oracle second-emulator clean
.DEFAULT_GOAL := help

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

# In a copied checkout .venv still runs the original: the mark says whose it is, and another one's is made anew.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: copied
$(READY): copied
endif

$(READY): pyproject.toml uv.lock
ifeq ($(UV),)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv sync --quiet --frozen --all-extras --inexact --python $(BIN)/python
else
	$(UV) sync --quiet --frozen --all-extras
endif
	echo "$(CURDIR)" > $(READY)

audit: $(READY)  ## audit the demonstration company into examples/techstart/evidence
	$(BIN)/python $(DEMO)/history
	$(BIN)/python $(DEMO)/account run -- $(BIN)/preuve audit --workspace $(DEMO) --demonstration-port {port}

history: $(READY)  ## make the demonstration's earlier runs anew, as the content judges them today (some minutes)
	$(BIN)/python $(DEMO)/history make

# It ends with 11: five of the twelve accounts are in trouble.
audit-fleet: $(READY)  ## audit the demonstration organisation of thirteen accounts into examples/organisation/evidence
	$(BIN)/python $(DEMO)/account run --organisation -- $(BIN)/preuve audit --workspace $(FLEET) --demonstration-port {port} || test $$? -eq 11

demo-account: $(READY)  ## serve the demonstration account until Ctrl-C
	$(BIN)/python $(DEMO)/account serve --seed

# What Python and pytest make of modules is kept: made by one process first, it is not made by each worker at once. Of
# the packages' modules a third is ever imported.
test: $(READY)  ## run the tests, a file at a time on each processor
	$(BIN)/python -m pytest --collect-only -qq >/dev/null || true
	$(BIN)/python -m pytest -n auto --dist loadfile

# Accounts are read with whatever boto3 a user has: uv.lock has a current one, and this checks the content against today's
# and against the one that Checkov pins, which plain pip installs. Where today's is that of uv.lock, `test` and `lint`
# have checked it.
BOTO3 = $(PIP_UV) pip freeze --quiet --python $(1)/bin/python | grep -E '^(boto3|botocore)=='
test-current-boto3: $(READY)  ## check and test the content against today's boto3 and the oldest one
	test -x $(CURRENT)/bin/python || $(PIP_UV) venv --quiet --python $(BIN)/python $(CURRENT)
	locked=$$($(call BOTO3,$(VENV))) && for config in '' --no-config; do \
	  $(PIP_UV) pip install --quiet $$config --upgrade-package boto3 --upgrade-package botocore --python $(CURRENT)/bin/python --editable . && \
	  { test "$$($(call BOTO3,$(CURRENT)))" = "$$locked" || { $(CURRENT)/bin/preuve lint && $(CURRENT)/bin/preuve test; }; } || exit 1; \
	done

mutants: $(READY)  ## change each condition of the policies and say what no example notices
	cd tests && PYTHONPATH=$(CURDIR) ../$(BIN)/python -m mutation

lint: $(READY)  ## check code, types, layers and content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet preuve
	$(BIN)/check-jsonschema --check-metaschema $$(git ls-files '*.schema.json')
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions ci/action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci ci/templates/gitlab/.gitlab-ci.yml
	$(BIN)/zizmor --offline --persona pedantic --no-progress --quiet ci/action.yml $(WORKFLOWS)
	$(BIN)/preuve lint
	$(BIN)/preuve lint --workspace $(DEMO)
	$(BIN)/preuve lint --workspace $(FLEET)

# The same commit gives the same bytes: the backend is that of uv.lock, the time that of the commit. What pip makes of the
# wheel is tried in a venv of its own, outside of this folder.
dist: $(READY)  ## build wheel, sdist and the lists of what they need into dist/, and try the wheel as a user installs it
	rm -rf dist && mkdir dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(PIP_UV) build --quiet --no-build-isolation --no-create-gitignore --python $(BIN)/python
	$(PIP_UV) export --quiet --frozen --no-dev --no-emit-project --extra pdf --format requirements.txt --output-file dist/requirements.txt
	$(PIP_UV) export --quiet --frozen --no-dev --no-emit-project --extra pdf --format cyclonedx1.5 --output-file dist/preuve.cdx.json
	tried=$$(mktemp -d) && $(BIN)/python -m venv $$tried/venv && \
	  $$tried/venv/bin/pip install --quiet --disable-pip-version-check dist/*.whl && \
	  cd $$tried && venv/bin/preuve --version && venv/bin/preuve lint && venv/bin/preuve test && rm -rf $$tried

# A revision grows once for each commit, however often this runs. While branches are merged the lock has what both say.
LOCK = controls/catalogue.lock
SINCE_COMMIT = git rev-parse --quiet --verify MERGE_HEAD >/dev/null 2>&1 || git checkout --quiet HEAD -- $(LOCK) 2>/dev/null || true
UNPROVEN = "$(POLICY) has no proof: tests/policies/aws/<service>.yaml and tests/policies/iac (CONTRIBUTING.md, step 7)"
PROOFS = if grep -q '`$(POLICY)`.*[*][*]none' docs/catalogue.md; then echo $(UNPROVEN); exit 1; fi; \
  $(BIN)/python -m pytest tests/policies tests/mutation -k "$(POLICY)"

content: $(READY)  ## test and check the content, write all that is generated from it, and with POLICY=<id> prove that policy
	@$(BIN)/preuve test $(POLICY) || test $$? -eq 3  # a policy for code alone has no examples of an account
	@$(SINCE_COMMIT)
	@$(BIN)/preuve lint --update-lock
	@$(BIN)/python -m tools.catalogue
	@$(BIN)/python -m tools.shapes
	@$(if $(POLICY),$(PROOFS))

# After a newer botocore: what it adds to the operations that collectors call is looked at first.
models: $(READY)  ## keep what AWS's models say of the calls of the collectors, once tests/content/models.yaml says what is new
	$(BIN)/python -m tools.models

# The site is searched and read from a folder, too: nothing in it comes from elsewhere.
docs: $(READY)  ## build the documentation, with a page for each policy, control and collector, into dist/site
	$(PIP_UV) sync --quiet --frozen --all-extras --inexact --group docs --python $(BIN)/python
	rm -rf dist/site && mkdir -p dist
	$(BIN)/python -m tools.site source dist
	$(BIN)/zensical build --strict --config-file dist/mkdocs.yml
	$(BIN)/python -m tools.site offline dist

# Of Debian's packages alone: golang-go and those that `.ci/run` installs.
$(ORACLE): tests/oracle/main.go
	GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= go build -o $@ $<

oracle: $(ORACLE)  ## build HCL's own evaluator, which the tests of ours ask

ci:  ## what CI runs
	bash .ci/run

# It wants a botocore of its own.
second-emulator: $(READY)  ## install ministack, another emulator on which the proofs of policies are tried
	test -x $(SECOND)/bin/python || $(PIP_UV) venv --quiet --python $(BIN)/python $(SECOND)
	$(PIP_UV) pip install --quiet --python $(SECOND)/bin/python ministack==1.5.33

clean:  ## remove everything that was made
	rm -rf dist $(VENV) $(CURRENT) $(SECOND) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache tests/oracle/bin $(DEMO)/evidence $(DEMO)/.preuve $(FLEET)/evidence $(FLEET)/.preuve

SHOT := chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1200,760

screenshots: audit  ## take the pictures of the documentation from a demonstration bundle
	for language in en fr; do \
	  $(SHOT) --lang=$$language --screenshot=docs/pictures/overview.$$language.png \
	    "file://$(CURDIR)/$$(ls -d $(DEMO)/evidence/*/ | sort | tail -1)data/00-summary/index.$$language.html" || exit 1; \
	done
