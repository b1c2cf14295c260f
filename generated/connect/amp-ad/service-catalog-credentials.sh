#!/usr/bin/env bash
# Generated from portfolios/communities.yaml by `cargo xtask generate`. Do not edit.
#
# Temporary AWS credentials for Accelerating Medicines Partnership - Alzheimer's Disease (AMP-AD) Consortium, for the credential_process of an AWS profile.
#
# usage: service-catalog-credentials.sh TOKEN_FILE
#        service-catalog-credentials.sh --token TOKEN    other people on this computer may see it
#
# Prints one JSON object, or nothing and why.
set -euo pipefail

endpoint="https://ad.strides.sc.sageit.org/ststoken"

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 1
}

case "${1-}" in
  "") fail "name the file that holds your token: ${0##*/} TOKEN_FILE" ;;
  --token) token="${2-}" ;;
  *)
    [ -r "$1" ] || fail "cannot read the token file $1"
    token="$(cat -- "$1")"
    ;;
esac

# Files from Windows end their lines with a carriage return.
token="${token//[$'\r\n\t ']/}"
[ -n "$token" ] || fail "the token is empty"
case "$token" in
  *[!A-Za-z0-9._~+/=-]*) fail "this is no token: it has characters that no token has" ;;
esac

# The token goes through a pipe: arguments of a command can be seen by everybody on the computer.
if ! answer="$(
  printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --config - --silent --show-error --location-trusted --max-redirs 3 \
      --proto '=https' --max-time 60 --write-out '\n%{http_code}' "$endpoint"
)"; then
  fail "cannot reach $endpoint"
fi

status="${answer##*$'\n'}"
body="${answer%$'\n'*}"
case "$status" in
  2??) ;;
  401 | 403) fail "the token was refused ($status): get a new one at https://ad.strides.sc.sageit.org/personalaccesstoken" ;;
  *) fail "$endpoint answered $status" ;;
esac
case "$body" in
  *'"AccessKeyId"'*'}'*) printf '%s\n' "$body" ;;
  *) fail "the answer holds no credentials" ;;
esac
