#!/usr/bin/env bash
# How fast the commands are, and how much memory they take, on catalogs of 6 to 348 products; beside
# cfn-lint, AWS's validator and a CDK app, all in one run. Writes docs/performance.md.
#
# usage: benchmark.sh [--sizes 6,60,348] [--waits] [--require]
#   --sizes     numbers of products, multiples of 6
#   --waits     also what people wait for: builds, tests, edits; half an hour more
#   --require   fail where a goal is not met
#
# Needs Python, Node.js and npm. Builds everything optimized first, the AWS SDK included. Run it on a
# machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

for need in node npm python3; do
  command -v "$need" >/dev/null || {
    echo "error: $need is needed to compare with the others" >&2
    exit 2
  }
done

bin=$(scripts/tools.sh)
app=target/benchmark/cdk
mkdir -p "$app"
cp scripts/benchmark/cdk/* "$app/"
if ! cmp -s "$app/package-lock.json" "$app/installed-lock.json"; then
  (cd "$app" && npm ci --silent --no-audit --no-fund --ignore-scripts)
  cp "$app/package-lock.json" "$app/installed-lock.json"
fi
cargo build --quiet --release --locked --package benchmarks --package publisher-benchmarks
cargo build --quiet --locked --package xtask

exec "$bin/python" scripts/benchmark/run.py "$@"
