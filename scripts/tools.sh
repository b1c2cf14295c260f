#!/usr/bin/env bash
# Installs other people's checkers, as scripts/requirements.txt pins them, into a virtual environment
# under target/ and prints the folder of their programs.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/conformance
pins=scripts/requirements.txt
stamp="$venv/$(cksum < "$pins" | tr ' ' '-')"
if [ ! -f "$stamp" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$pins" >&2
    touch "$stamp"
fi
echo "$PWD/$venv/bin"
