#!/usr/bin/env bash
# Other people's validators over every generated template, without ignores; what parliament finds in
# policies and is meant to be so stands in policy-exceptions.yaml, by name.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(scripts/tools.sh)
templates=()
while IFS= read -r file; do templates+=("$file"); done < <(
    find generated -name '*.yaml' -exec grep -l '^AWSTemplateFormatVersion' {} + | sort
)
[ "${#templates[@]}" -gt 0 ] || { echo "error: no generated templates" >&2; exit 1; }

echo "cfn-lint: ${#templates[@]} templates"
# W3687: the ports of a rule for every protocol are ignored, and stay as earlier versions have them: a
# rule that differs by them alone is a duplicate, and updating would revoke the only one.
"$bin/cfn-lint" --non-zero-exit-code informational --ignore-checks W3687 -- "${templates[@]}"

echo "cloudformation-validate: ${#templates[@]} templates"
"$bin/python" scripts/aws_validator.py "${templates[@]}"

echo "parliament: the policies of ${#templates[@]} templates"
"$bin/python" -W ignore scripts/policies.py \
    scripts/policy-exceptions.yaml portfolios/organization.yaml "${templates[@]}"
# The workflows: GitHub's own schema, and what could be abused in them.
"$bin/check-jsonschema" --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yaml
"$bin/check-jsonschema" --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
"$bin/zizmor" --offline --quiet --config .github/zizmor.yml .github/workflows/*.yaml .github/dependabot.yml
# One product's life in an emulator that isn't ours; scripts/nightly.sh plays them all.
scripts/ministack.sh --product s3-private | tail -2
echo "nothing found"
