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
log="$PWD/target/ministack/calls.tsv"
rm -f "$log"
mapfile -t left_out < <("$python" - scripts/ministack/publisher.yaml <<'END'
import sys, yaml
for entry in yaml.safe_load(open(sys.argv[1]))["leftOut"]:
    print("\n".join(entry["tests"]))
END
)
arguments=(--exact)
if [ "${1:-}" = --left-out ]; then
    arguments+=("${left_out[@]}")
else
    for test in "${left_out[@]}"; do
        arguments+=(--skip "$test")
    done
fi
status=0
PUBLISHING_UPSTREAM="$python" PUBLISHING_UPSTREAM_LOG="$log" timeout 2400 \
    cargo test --quiet --workspace --locked --test publishing -- "${arguments[@]}" || status=$?
"$python" - "$log" <<'END'
import collections, pathlib, sys
log = pathlib.Path(sys.argv[1])
lines = [line.split("\t") for line in log.read_text().splitlines()] if log.exists() else []
asked = collections.Counter(call.split(":")[0] for _, by, call in lines if by == "emulator")
tests = {test for test, by, _ in lines if by == "emulator"}
# Service Catalog is ours by design; whatever else is ours is told by name.
ours = collections.Counter(call for _, by, call in lines if by == "ours" and not call.startswith("servicecatalog:"))
told = lambda counted: ", ".join(f"{name} {count}" for name, count in sorted(counted.items())) or "nothing"
print(f"ministack answered {sum(asked.values())} calls of {len(tests)} tests: {told(asked)}")
print(f"answered here beside Service Catalog: {told(ours)}")
if not asked:
    sys.exit("error: the emulator was asked nothing\n  hint: see whether PUBLISHING_UPSTREAM reaches the tests")
END
exit "$status"
