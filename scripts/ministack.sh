#!/usr/bin/env bash
# Creates, updates and ends the generated stacks in an emulator of AWS that isn't ours.
#
# usage: ministack.sh [--product KEY]...
#        ministack.sh --install
#
# Installs ministack, pinned, into a virtual environment under target/. About a minute for all stacks.
# What it can't really do is named at the end as not tested; scripts/ministack/disagreements.yaml
# lists where it and AWS disagree.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/ministack
pin='ministack[full]==1.5.33'
if [ "$(cat "$venv/installed" 2>/dev/null)" != "$pin" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$pin" >&2
    echo "$pin" >"$venv/installed"
fi
[ "${1:-}" != --install ] || exit 0
timeout 600 "$venv/bin/python" scripts/ministack/play.py "$@"
