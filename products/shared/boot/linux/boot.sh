# shellcheck shell=bash
# What every boot script of a Linux product starts with. It stands beside the
# scripts, in the folder where cfn-init wrote them, and beside stack.env.
#
# stack.env, KEY=value lines, read literally (never evaluated):
#   AWS_REGION STACK_NAME STACK_ID   the stack's own
#   BOOT_LOG                         optional; where this log goes instead of /var/log
# Each script says which further keys it reads.
set -Eeuo pipefail
PATH=$PATH:/opt/aws/bin:/usr/local/bin:/opt/aws/amazon-cloudwatch-agent/bin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=$here/state
BOOT_LOG=/var/log/compute-catalog.log

log() { printf '%s %s: %s\n' "$(date -u +%FT%TZ)" "${0##*/}" "$*" | tee -a "$BOOT_LOG" >&2; }
# The log group goes with a launch that failed; what the console says can be read for an
# hour after the machine is gone: aws ec2 get-console-output --instance-id ID
fail() {
  log "ERROR $*"
  { tail -n 20 "$BOOT_LOG" >/dev/console; } 2>/dev/null || true
}
die() {
  fail "$*"
  exit 1
}
# A failure inside $(...) is told once, by the line that needed the value.
failed() {
  [ "$BASH_SUBSHELL" -gt 0 ] || fail "${2##*/} line $3: exit $1: ${4%%$'\n'*}"
  exit "$1"
}
trap 'failed $? "${BASH_SOURCE[0]}" "$LINENO" "$BASH_COMMAND"' ERR

while IFS= read -r line || [ -n "$line" ]; do
  case $line in '' | '#'*) continue ;; esac
  [[ $line =~ ^([A-Z][A-Z0-9_]*)=(.*)$ ]] || die "$here/stack.env: not KEY=value: $line"
  printf -v "${BASH_REMATCH[1]}" %s "${BASH_REMATCH[2]}"
  export "${BASH_REMATCH[1]?}"
done <"$here/stack.env"

# One script at a time: a reload may start while an earlier one is still at work.
mkdir -p "$state"
exec 9>"$state/lock"
flock -w 1200 9 || die 'another boot script has held the lock for 20 minutes'

# need KEY...: stops when stack.env lacks a value that the script can't do without.
need() {
  local key
  for key; do [ -n "${!key-}" ] || die "stack.env has no $key"; done
}

# retry ATTEMPTS COMMAND...: pauses 1, 2, 4, ... 32 s, so that 12 attempts last four
# minutes. errexit is off inside the command, so what is retried is one program or a
# function that returns its status. The last failure is told, with what it said.
retry() {
  local attempts=$1 attempt=1 pause=1 said
  shift
  said=$(mktemp)
  until "$@" 2>"$said"; do
    if [ "$attempt" -ge "$attempts" ]; then
      log "failed $attempt times: $*: $(tail -c 600 "$said" | tr '\n' ' ')"
      rm -f "$said"
      return 1
    fi
    sleep "$pause"
    attempt=$((attempt + 1)) pause=$((pause < 32 ? pause * 2 : 32))
  done
  cat "$said" >&2
  rm -f "$said"
}

# await ATTEMPTS WHAT COMMAND...: asks every 5 s until the command succeeds.
await() {
  local attempts=$1 what=$2 attempt=1
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$attempt" -lt "$attempts" ] || die "$what does not answer after $attempts attempts"
    sleep 5
    attempt=$((attempt + 1))
  done
  log "$what answers"
}

# Instance metadata, version 2 only.
imds() {
  local imds=http://169.254.169.254/latest token
  token=$(curl -fsS -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$imds/api/token") || return
  curl -fsS -m 5 -H "X-aws-ec2-metadata-token: $token" "$imds/meta-data/$1"
}

# download URL TARGET
download() {
  curl -fsSL --proto '=https' --tlsv1.2 --connect-timeout 10 -m 600 -o "$2" "$1"
}

# replace TARGET MODE <CONTENT: whole or not at all; an equal file is left alone.
replace() {
  local new
  mkdir -p "$(dirname "$1")"
  new=$(mktemp "$1.XXXXXX")
  cat >"$new"
  chmod "$2" "$new"
  if cmp -s "$new" "$1"; then rm "$new"; else mv "$new" "$1"; fi
}

# What was applied last: `done_before NAME DIGEST` asks, `remember NAME DIGEST` notes.
digest() { cat "$@" | sha256sum | cut -d ' ' -f 1; }
done_before() { [ "$(cat "$state/$1" 2>/dev/null)" = "$2" ]; }
remember() { printf '%s\n' "$2" >"$state/$1"; }
