#!/usr/bin/env bash
# What IAM decides, by an evaluator that isn't ours: fakecloud's SimulateCustomPolicy is asked what
# `rehearse` and `access` have decided. fakecloud is AGPL: a program of its own, asked over HTTP.
# FAKECLOUD names the program; without it, it is built once into target/fakecloud (6 minutes on two cores).
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(scripts/tools.sh)
program=${FAKECLOUD:-target/fakecloud/bin/fakecloud}
if [ ! -x "$program" ]; then
    cargo install --quiet fakecloud --version 0.51.0 --locked --root target/fakecloud >&2
fi
cargo build --quiet --locked --package xtask
xtask=${CARGO_TARGET_DIR:-target}/debug/xtask
mkdir -p target/iam-opinion
"$xtask" rehearse --quiet --decisions target/iam-opinion/rehearse.json >/dev/null
"$xtask" access --check --quiet --decisions target/iam-opinion/access.json >/dev/null
exec "$tools/python" scripts/iam-opinion/compare.py "$program" target/iam-opinion/rehearse.json target/iam-opinion/access.json
