#!/usr/bin/env bash
# Single mistakes in the catalog's templates: who finds them? Writes docs/detection.md.
#   scripts/detection.sh [FOLDER]    a folder of public templates to be read as well
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(scripts/tools.sh)
# Checkov wants other versions of what the others need: an environment of its own.
checkov=target/checkov
if [ ! -x "$checkov/bin/checkov" ]; then
    python3 -m venv "$checkov"
    "$checkov/bin/pip" install --quiet --disable-pip-version-check checkov==3.3.30 >&2
fi
cargo build --quiet --locked --package xtask
program=${CARGO_TARGET_DIR:-target}/debug/xtask
options=(--program "$program" --tools "$tools" --checkov "$PWD/$checkov/bin/checkov")
if [ $# -gt 0 ]; then
    options+=(--public "$1")
fi
exec "$tools/python" scripts/detection/run.py "${options[@]}"
