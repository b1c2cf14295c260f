#!/usr/bin/env bash
# Writes the identity of a GitHub Actions job to a file, for a role that trusts it.
# https://docs.github.com/en/actions/concepts/security/openid-connect
#
# usage: github-identity.sh FILE
set -euo pipefail

file="${1:?name the file}"
: "${ACTIONS_ID_TOKEN_REQUEST_URL:?the job lacks the permission id-token: write}"

mkdir -p "$(dirname "$file")"
umask 077
# The token goes through a pipe: arguments of a command can be seen by others.
printf 'header = "Authorization: Bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
  curl --config - --silent --show-error --fail --retry 3 --proto '=https' \
    "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["value"], end="")' >"$file"
