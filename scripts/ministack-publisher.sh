#!/usr/bin/env bash
# The publisher's suite, each account with the S3, IAM, STS and CloudFormation of an emulator that isn't
# ours; Service Catalog is the local AWS's. scripts/ministack/publisher.yaml says what is left out and why.
#
# usage: ministack-publisher.sh [--left-out]
#
# --left-out runs what is left out instead: what passes there, its line can go.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/ministack.sh --install
python="$PWD/target/ministack/bin/python"
mapfile -t left_out < <("$python" - scripts/ministack/publisher.yaml <<'END'
import sys, yaml
for entry in yaml.safe_load(open(sys.argv[1]))["leftOut"]:
    print("\n".join(entry["tests"]))
END
)
arguments=(--exact --test-threads "$(nproc)")
if [ "${1:-}" = --left-out ]; then
    arguments+=("${left_out[@]}")
else
    for test in "${left_out[@]}"; do
        arguments+=(--skip "$test")
    done
fi
PUBLISHING_UPSTREAM="$python" timeout 1800 cargo test --quiet --workspace --locked --test publishing -- "${arguments[@]}"
