#!/usr/bin/env bash
# What takes too long for every change. Each part is bounded in time; any part alone:
#   scripts/nightly.sh [PART...]
set -euo pipefail
cd "$(dirname "$0")/.."

# Files of any content for ten minutes: nothing may crash, hang or fill memory. Address space is
# limited, so that what grows without end fails rather than takes the machine with it.
hostile() {
    cargo build --quiet --locked --tests --package compute-catalog
    (
        ulimit -v 8000000
        HOSTILE_SECONDS=120 timeout 1200 cargo test --quiet --locked --package compute-catalog \
            --test check hostile:: -- --test-threads 1
    )
}

# Every stack and product in an emulator of AWS that isn't ours.
ministack() {
    scripts/ministack.sh
}

# Publishing, with the S3, IAM, STS and CloudFormation of that emulator.
upstream() {
    scripts/ministack-publisher.sh
}

# Publishing under faults from a hundred seeds, and at AWS's own pauses; every kind of drift; an account of
# years, with a stop after every change.
faults() {
    timeout 3600 cargo test --quiet --locked --package publisher --test publishing -- --ignored
}

# A product of services that nobody used before, published; templates of others, as models: both
# compile other repositories.
guests() {
    timeout 2400 cargo test --quiet --locked --package xtask --test commands -- --ignored --test-threads 1
}

# The Linux machines' boot by the real cfn-init, each call of theirs failing once.
boots() {
    local status=0
    timeout 1200 scripts/cfn-init.sh || status=$?
    # It has said why it can't run here.
    [ "$status" -eq 3 ] || return "$status"
}

# What IAM decides, by an evaluator that isn't ours: disagreements have their reason in
# scripts/iam-opinion/disagreements.yaml.
decisions() {
    timeout 3600 scripts/iam-opinion.sh
}

# What an update does, by CDK's diff: each disagreement has its reason in
# scripts/diff-opinion/disagreements.yaml.
diffs() {
    cargo build --quiet --locked --package xtask
    local target="${CARGO_TARGET_DIR:-target}"
    mkdir -p "$target/diff-opinion"
    cp scripts/diff-opinion/package.json scripts/diff-opinion/package-lock.json "$target/diff-opinion"
    (cd "$target/diff-opinion" && npm ci --silent --no-audit --no-fund --ignore-scripts)
    node scripts/diff-opinion/compare.mjs "$(realpath "$target")/diff-opinion" "$(realpath "$target")/debug/xtask"
}

parts=("$@")
if [ ${#parts[@]} -eq 0 ]; then
    parts=(hostile ministack upstream faults guests boots decisions diffs)
fi
for part in "${parts[@]}"; do
    echo "== $part"
    "$part"
done
