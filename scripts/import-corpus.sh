#!/usr/bin/env bash
# Imports every CloudFormation template below a folder into a new repository, and says how many
# became models that compile and mean what their templates do. Without a folder: not tested.
#
#   scripts/import-corpus.sh FOLDER [WORK]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then
  echo "import: not tested: no folder of templates was given"
  exit 0
fi
corpus=$(realpath "$1")
work=${2:-$(mktemp -d)}
target=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --quiet --package xtask
xtask=$target/debug/xtask
rm -rf "$work/catalog"
"$xtask" init "$work/catalog" --organization Corpus >"$work/init.log"
number=0
: >"$work/imported"
: >"$work/refused"
while IFS= read -r template; do
  number=$((number + 1))
  key="t$number"
  if (cd "$work/catalog" && "$xtask" import "$template" --product "$key") >"$work/out" 2>"$work/err"; then
    echo "$key $template" >>"$work/imported"
  else
    echo "$template: $(grep -m1 -v '^ *hint' "$work/err" | cut -c1-300)" >>"$work/refused"
  fi
done < <(grep -rlE 'AWSTemplateFormatVersion' "$corpus" --include='*.yml' --include='*.yaml' --include='*.json' --include='*.template' | sort)
echo "templates: $number, imported: $(wc -l <"$work/imported"), refused: $(wc -l <"$work/refused")"
cd "$work/catalog"
# A model that doesn't compile leaves the list, so that the others are tested.
for _ in 1 2 3; do
  if cargo check --quiet --package corpus-products --tests --message-format short 2>"$work/compile"; then
    break
  fi
  sed -nE 's#^products/(t[0-9]+)/mod\.rs:.*error.*#\1#p' "$work/compile" | sort -u >"$work/broken"
  while IFS= read -r key; do
    echo "$key" >>"$work/not-compiled"
    sed -i "/path = \"$key\/mod.rs\"/d; /^pub mod $key;/d; /Typed::<$key::/d" products/lib.rs
  done <"$work/broken"
done
cargo test --package corpus-products --lib 2>&1 | tee "$work/tests" | tail -1
