#!/usr/bin/env bash
# Imports every CloudFormation template below a folder into a new repository, compiles the models in
# one crate, and compares what each makes with its template by meaning. Fails where fewer than nine in
# ten of the templates without macros come through. Without a folder: not tested.
#
#   scripts/import-corpus.sh FOLDER [WORK]
#
# WORK/report has a line for each template: what came of it, and why.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then
  echo "import: not tested: no folder of templates was given"
  exit 0
fi
corpus=$(realpath "$1")
work=${2:-$(mktemp -d)}
mkdir -p "$work"
work=$(realpath "$work")
target=${CARGO_TARGET_DIR:-$PWD/target}
export CARGO_TARGET_DIR=$target
cargo build --quiet --locked --package xtask
xtask=$target/debug/xtask
rm -rf "$work/catalog"
"$xtask" init "$work/catalog" --organization Corpus >"$work/init.log"

# Macros rewrite a template before CloudFormation reads it; the language extensions add nothing.
has_macro() {
  grep -E '^Transform *:|^ {0,4}"Transform" *:|Fn::Transform|!Transform|!Rain::' "$1" |
    grep -qvE 'Transform"? *: *\[? *"?AWS::LanguageExtensions"? *\]? *,?$' ||
    grep -qE '^ *- *"?AWS::Serverless' "$1"
}

number=0
: >"$work/report"
: >"$work/keys"
while IFS= read -r template; do
  shown=${template#"$corpus/"}
  if has_macro "$template"; then
    echo "macro: $shown" >>"$work/report"
    continue
  fi
  number=$((number + 1))
  # Schemas are fetched once; a template that takes a minute is a finding of its own.
  if (cd "$work/catalog" && timeout 60 "$xtask" import "$template" --product "t$number") \
    >"$work/out" 2>"$work/err"; then
    echo "t$number $shown" >>"$work/keys"
  else
    echo "refused: $shown: $(sed "s#$corpus/##" "$work/err" | grep -m1 -E '^error' | cut -c1-300)" >>"$work/report"
  fi
done < <(grep -rlE 'AWSTemplateFormatVersion' "$corpus" \
  --include='*.yml' --include='*.yaml' --include='*.json' --include='*.template' | sort)

cd "$work/catalog"
shown_of() { sed -nE "s#^$1 (.*)#\1#p" "$work/keys"; }
# A model that doesn't compile leaves the list, so that the others are tested.
for _ in 1 2 3 4; do
  if cargo check --quiet --package corpus-products --lib --message-format short 2>"$work/compile"; then
    break
  fi
  sed -nE 's#^products/(t[0-9]+)/mod\.rs:.*error.*#\1#p' "$work/compile" | sort -u >"$work/broken"
  [ -s "$work/broken" ] || { cat "$work/compile"; exit 1; }
  while IFS= read -r key; do
    why=$(grep -m1 -E "^products/$key/mod\.rs:.*error" "$work/compile" | cut -c1-300)
    echo "not compiled: $(shown_of "$key"): $why" >>"$work/report"
    sed -i "/path = \"$key\/mod.rs\"/d; /^pub mod $key;/d; /Typed::<$key::/d" products/lib.rs
  done <"$work/broken"
done
cargo test --package corpus-products --lib --no-fail-fast >"$work/tests" 2>&1 || true
while IFS= read -r key; do
  case $(sed -nE "s#^test $key::tests::the_template_means.* \.\.\. (.*)#\1#p" "$work/tests") in
    ok) echo "equal: $(shown_of "$key")" >>"$work/report" ;;
    FAILED) echo "differs: $(shown_of "$key"): $(grep -A3 "^thread '$key::" "$work/tests" | tr '\n' ' ' | cut -c1-300)" >>"$work/report" ;;
  esac
done < <(cut -d' ' -f1 "$work/keys")

count() { grep -cE "^($1):" "$work/report" || true; }
equal=$(count equal)
all=$(count 'refused|not compiled|differs|equal')
[ "$all" -eq "$number" ] || { echo "import: $number templates, and $all results: see $work"; exit 1; }
grep -E '^(refused|not compiled|differs):' "$work/report" | sort || true
echo "templates without macros: $all, equal by meaning: $equal, refused: $(count refused), not compiled: $(count 'not compiled'), different: $(count differs); with macros: $(count macro)"
[ $((equal * 10)) -ge $((all * 9)) ]
