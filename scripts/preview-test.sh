#!/usr/bin/env bash
# Opens the preview in headless Chromium: every page without an error, within the window's width,
# accessible by axe-core, the launch form checks what is typed, and the search finds each task of
# tests/page/tasks.yaml. Then compares pictures of a
# made-up catalog's pages with those under scripts/preview-test/pictures.
#
# usage: preview-test.sh [--install] [--update]
#   --install   install Chromium and npm where they are missing, as root by apt
#   --update    keep the pictures as they are now: after a change of the look, to be reviewed
#
# Needs Chromium, Node.js and npm. Where one is missing, says so and tests nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

install='' update=''
for argument; do
  case $argument in
    --install) install=1 ;;
    --update) update=--update ;;
    *)
      echo "error: $argument is no option: --install, --update" >&2
      exit 2
      ;;
  esac
done

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || true
}
is_complete() { [ -n "$(find_chromium)" ] && command -v node >/dev/null && command -v npm >/dev/null; }

if [ -n "$install" ] && ! is_complete && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  # Only what is missing: Debian's npm doesn't stand beside another Node.js.
  missing=()
  [ -n "$(find_chromium)" ] || missing+=(chromium)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"; } >/dev/null ||
    echo "apt could not install ${missing[*]}" >&2
fi
if ! is_complete; then
  echo "SKIPPED: the preview was not tested, which needs Chromium, Node.js and npm (apt-get install chromium nodejs npm)" >&2
  exit 0
fi

cargo run --quiet --locked --package xtask -- preview
# Writes the pages of the made-up catalog, and what people look for.
cargo test --quiet --locked --package compute-catalog --test page gallery >/dev/null
gallery=${CARGO_TARGET_DIR:-target}/tmp/gallery
tasks=${CARGO_TARGET_DIR:-target}/tmp/tasks.json

work=target/preview-test
mkdir -p "$work"
cp scripts/preview-test/*.json scripts/preview-test/*.mjs "$work/"
if ! cmp -s "$work/package-lock.json" "$work/installed-lock.json"; then
  (cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts)
  cp "$work/package-lock.json" "$work/installed-lock.json"
fi
CHROMIUM=$(find_chromium)
export CHROMIUM
timeout 300 node "$work/test.mjs" target/preview "$work" "$tasks"
timeout 120 node "$work/pictures.mjs" "$gallery" scripts/preview-test/pictures "$work/pictures" $update
