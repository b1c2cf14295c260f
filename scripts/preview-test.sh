#!/usr/bin/env bash
# Opens the preview in headless Chromium: every page without an error, within the window's width,
# accessible by axe-core, and the launch form checks what is typed.
#
# Needs Chromium, Node.js and npm. Where Chromium is missing, a developer is told and nothing is
# tested; the build server, which sets CI, installs it.
set -euo pipefail
cd "$(dirname "$0")/.."

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || true
}

chromium="$(find_chromium)"
if [ -z "$chromium" ] && [ -n "${CI-}" ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
  chromium="$(find_chromium)"
fi
for need in "$chromium" "$(command -v npm || true)"; do
  if [ -z "$need" ]; then
    if [ -n "${CI-}" ]; then
      echo "error: Chromium and npm are needed to test the preview" >&2
      exit 1
    fi
    echo "skipped: Chromium and npm are needed to test the preview (apt-get install chromium npm)" >&2
    exit 0
  fi
done

cargo run --quiet --locked --package xtask -- preview

work=target/preview-test
mkdir -p "$work"
cp scripts/preview-test/package.json scripts/preview-test/package-lock.json "$work/"
if ! cmp -s "$work/package-lock.json" "$work/installed-lock.json"; then
  (cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts)
  cp "$work/package-lock.json" "$work/installed-lock.json"
fi
cp scripts/preview-test/test.mjs "$work/"
CHROMIUM="$chromium" timeout 300 node "$work/test.mjs" target/preview "$work"
