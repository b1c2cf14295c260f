#!/usr/bin/env bash
# README as a newcomer takes it: a fresh clone of what is committed here, a published local catalog
# that a second run finds as it should be, the preview. Prints what each step takes, and fails where
# all together take more than five minutes.
#
# usage: tour.sh [FOLDER]
#   FOLDER   where the clone goes and stays; otherwise a temporary folder, removed afterwards
#
# Crates come from cargo's cache where it has them; a first download adds its own time.
set -euo pipefail

most=300
if [ $# -gt 0 ]; then
  mkdir -p "$1"
  folder=$(cd "$1" && pwd)
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
cd "$(dirname "$0")/.."
source=$PWD
# The clone builds everything itself, as on a machine that has never seen it.
unset CARGO_TARGET_DIR

all=0
step() {
  local name=$1 start took
  shift
  start=$(date +%s)
  "$@" >"$folder/tour.log" 2>&1 || {
    tail -n 20 "$folder/tour.log" >&2
    echo "error: $name failed" >&2
    exit 1
  }
  took=$(($(date +%s) - start))
  all=$((all + took))
  printf '%-22s %4d s\n' "$name" "$took"
}

step "git clone" git clone --quiet "$source" "$folder/compute-catalog"
cd "$folder/compute-catalog"
step "cargo xtask publish" cargo xtask publish
grep -q 'done and verified' "$folder/tour.log" || {
  echo "error: nothing was published" >&2
  exit 1
}
step "a second publish" cargo xtask publish
grep -q 'Nothing to do' "$folder/tour.log" || {
  echo "error: the second run was not done at once" >&2
  exit 1
}
step "cargo xtask preview" cargo xtask preview
[ -s target/preview/index.html ] || {
  echo "error: there is no preview" >&2
  exit 1
}
printf '%-22s %4d s, at most %d on %d cores\n' "in all" "$all" "$most" "$(nproc)"
[ "$all" -le "$most" ] || {
  echo "error: that is more than $most s" >&2
  exit 1
}
