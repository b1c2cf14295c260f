#!/bin/bash
# Docker, ready to use: the daemon answers, and the login users may talk to it.
#
# stack.env:
#   LOGIN_USERS   the image's login users, separated by blanks
set -Eeuo pipefail
# shellcheck source=boot.sh
. "$(dirname "${BASH_SOURCE[0]}")/boot.sh"
need LOGIN_USERS

retry 3 systemctl enable --now docker
for user in $LOGIN_USERS; do
  if ! groups=$(id -nG "$user" 2>/dev/null); then
    log "WARNING this image has no user $user"
  elif [[ " $groups " != *' docker '* ]]; then
    usermod -aG docker "$user"
  fi
done

await 24 'the Docker daemon' docker info
docker compose version >/dev/null || die 'the compose plugin is not installed'
