#!/usr/bin/env bash
# Other people's validators over every generated template: pinned, in a virtual environment under
# target/, without ignores.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/conformance
pins=(cfn-lint==1.58.0 cloudformation-validate==1.14.0 parliament==1.6.4)
stamp="$venv/$(printf '%s_' "${pins[@]}" | tr -c 'a-z0-9._\n' '-')"
if [ ! -f "$stamp" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "${pins[@]}"
    touch "$stamp"
fi

templates=()
while IFS= read -r file; do templates+=("$file"); done < <(
    find generated -name '*.yaml' -exec grep -l '^AWSTemplateFormatVersion' {} + | sort
)
[ "${#templates[@]}" -gt 0 ] || { echo "error: no generated templates" >&2; exit 1; }

echo "cfn-lint: ${#templates[@]} templates"
"$venv/bin/cfn-lint" --non-zero-exit-code informational "${templates[@]}"

echo "cloudformation-validate: ${#templates[@]} templates"
"$venv/bin/python" scripts/aws_validator.py "${templates[@]}"
