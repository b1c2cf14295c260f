#!/bin/bash
# Runs cfn-hup every five minutes, and starts its timer anew only when its files changed.
# Arguments: cfn-hup.conf, the hooks, and the unit files.
set -Eeuo pipefail
# shellcheck source=boot.sh
. "$(dirname "${BASH_SOURCE[0]}")/boot.sh"

now=$(digest "$@")
if done_before cfn-hup "$now"; then
  systemctl enable --now cfn-hup.timer
else
  # Earlier versions ran cfn-hup as a service that never ends, maybe the one that runs this script.
  wants=/etc/systemd/system/multi-user.target.wants/cfn-hup.service
  was_a_daemon=no
  [ ! -L "$wants" ] || was_a_daemon=yes
  rm -f "$wants"
  systemctl daemon-reload
  [ "$was_a_daemon" = no ] || systemctl stop cfn-hup.service
  systemctl enable cfn-hup.timer
  systemctl restart cfn-hup.timer
  remember cfn-hup "$now"
  log "cfn-hup looks every five minutes"
fi
