#!/bin/bash
# Installs the CloudWatch agent and applies cloudwatch-agent.json.
#
# The agent runs as root: the logs it reads belong to root, and are written anew
# at each rotation; a lesser user would lose them then. On a machine whose owner
# is root the lesser user guards nothing.
#
# stack.env, where ARCH is X86_64 or ARM64:
#   AGENT_URL_ARCH        package, exact version; empty: from the distribution (dnf)
#   AGENT_SHA256_ARCH     its digest; or, where the publisher gives none,
#   AGENT_KEY_URL, AGENT_KEY_FINGERPRINT   the key of its signature at URL.sig
set -Eeuo pipefail
# shellcheck source=boot.sh
. "$(dirname "${BASH_SOURCE[0]}")/boot.sh"

case $(uname -m) in
  x86_64) arch=X86_64 ;;
  aarch64) arch=ARM64 ;;
  *) die "no CloudWatch agent for the architecture $(uname -m)" ;;
esac
url=AGENT_URL_$arch url=${!url-}
sha256=AGENT_SHA256_$arch sha256=${!sha256-}

# verified FILE: by digest, else by the pinned key's signature.
verified() {
  if [ -n "$sha256" ]; then
    printf '%s  %s\n' "$sha256" "$1" | sha256sum --check --status
    return
  fi
  download "$AGENT_KEY_URL" "$work/key" || return
  download "$url.sig" "$work/sig" || return
  gpg --homedir "$work" --batch --quiet --import "$work/key" || return
  gpg --homedir "$work" --batch --status-fd 1 --verify "$work/sig" "$1" 2>/dev/null |
    grep "^\[GNUPG:\] VALIDSIG .*${AGENT_KEY_FINGERPRINT// /}" >/dev/null
}

package() { download "$url" "$1" && verified "$1"; }

install_agent() {
  if [ -z "$url" ]; then
    retry 12 dnf install -y -q amazon-cloudwatch-agent
    return
  fi
  [ -n "$sha256" ] || need AGENT_KEY_URL AGENT_KEY_FINGERPRINT
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  local file=$work/agent.${url##*.}
  retry 12 package "$file" || die "$url can't be downloaded, or is not the package that was pinned"
  case $url in
    # The first boot's own updates may hold dpkg's lock for minutes.
    *.deb) retry 3 apt-get install -y -q -o DPkg::Lock::Timeout=600 "$file" ;;
    *.rpm) rpm -U --replacepkgs "$file" ;;
    *) die "AGENT_URL_$arch is neither a .deb nor a .rpm: $url" ;;
  esac
}

source="${url:-distribution} ${sha256:-${AGENT_KEY_FINGERPRINT-}}"
if ! done_before agent-package "$source"; then
  install_agent
  remember agent-package "$source"
  rm -f "$state/agent-config"
  log "CloudWatch agent installed"
fi

config=$here/cloudwatch-agent.json
now=$(digest "$config")
if done_before agent-config "$now" && amazon-cloudwatch-agent-ctl -m ec2 -a status | grep '"running"' >/dev/null; then
  exit 0
fi
amazon-cloudwatch-agent-ctl -m ec2 -a fetch-config -s -c "file:$config"
remember agent-config "$now"
log "CloudWatch agent configured"
