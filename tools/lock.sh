#!/bin/sh
# Works requirements.lock out from the three groups of pyproject.toml, with the hash of every file of each release.
# The configuration of this machine's pip is left aside: the lock must be the same wherever it is made.
set -eu
cd "$(dirname "$0")/.."
exec env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u PIP_INDEX_URL -u PIP_CONSTRAINT PIP_CONFIG_FILE=/dev/null \
    .venv/bin/pip-compile --quiet --generate-hashes --all-extras --allow-unsafe --strip-extras \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header \
    --annotation-style line --output-file requirements.lock "$@" pyproject.toml
