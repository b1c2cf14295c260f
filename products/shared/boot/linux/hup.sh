#!/bin/bash
# Runs cfn-hup as a service, and restarts it only when its files changed.
# Arguments: cfn-hup.conf, the hooks, and the unit file.
set -Eeuo pipefail
# shellcheck source=boot.sh
. "$(dirname "${BASH_SOURCE[0]}")/boot.sh"

now=$(digest "$@")
if done_before cfn-hup "$now"; then
  systemctl enable --now cfn-hup
else
  systemctl daemon-reload
  systemctl enable cfn-hup
  systemctl restart cfn-hup
  remember cfn-hup "$now"
  log "cfn-hup restarted"
fi
