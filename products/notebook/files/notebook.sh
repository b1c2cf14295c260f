#!/bin/bash
# The notebook container and the proxy in front of it, up and answering.
#
# The notebook container belongs to its user: once it exists it is started where
# it stands still, and never replaced. Whoever wants the newer image removes the
# container and runs this script: the volume with the work and packages stays. The
# proxy holds nothing, and follows its settings.
#
# stack.env:
#   NOTEBOOK_TYPE                  Rstudio or Jupyter
#   NOTEBOOK_IMAGE PROXY_IMAGE     NAME@sha256:DIGEST, or NAME:TAG where the tag is a full
#                                  version or the date of a build: such tags stay
#   DOCKER_NETWORK NOTEBOOK_CONTAINER   their names
#   WORK_VOLUME                    name of the volume
#   SSM_PREFIX SSM_SUFFIX          /PREFIX/INSTANCE-ID/SUFFIX holds the user's access token
set -Eeuo pipefail
# shellcheck source=boot.sh
. "$(dirname "${BASH_SOURCE[0]}")/boot.sh"
need AWS_REGION NOTEBOOK_TYPE NOTEBOOK_IMAGE PROXY_IMAGE DOCKER_NETWORK NOTEBOOK_CONTAINER \
  WORK_VOLUME SSM_PREFIX SSM_SUFFIX
pinned='(@sha256:[0-9a-f]{64}|:v?[0-9]+\.[0-9]+\.[0-9]+|:[0-9]{4}-[0-9]{2}-[0-9]{2})$'
for image in "$NOTEBOOK_IMAGE" "$PROXY_IMAGE"; do
  [[ $image =~ $pinned ]] || die "image is not pinned: $image"
done
proxy=reverse-proxy
id=$(retry 6 imds instance-id)

# The packages that users install live on the volume too. pip.conf is read by the
# image's own Python alone, so virtual environments work as everywhere.
case $NOTEBOOK_TYPE in
  Jupyter)
    home=/home/jovyan/work port=8888 page=/$id/api
    replace "$here/pip.conf" 644 <<<$'[install]\nuser = true'
    options=(--user root -e GRANT_SUDO=yes -e "PYTHONUSERBASE=$home/.python"
      -v "$here/pip.conf:/opt/conda/pip.conf:ro")
    # No login of its own: port 8888 is not published, only the proxy reaches it.
    command=(start-notebook.py --IdentityProvider.token= "--ServerApp.base_url=/$id" "--ServerApp.root_dir=$home")
    ;;
  Rstudio)
    home=/home/rstudio port=8787 page=/
    options=(-e "PYTHONUSERBASE=$home/.python" -e "R_LIBS_USER=$home/R/library/%v")
    command=()
    ;;
  *) die "NOTEBOOK_TYPE is neither Rstudio nor Jupyter: $NOTEBOOK_TYPE" ;;
esac

# image_of CONTAINER: as it was asked for; fails where there is no such container
image_of() { docker container inspect --format '{{.Config.Image}}' "$1" 2>/dev/null; }
running() { [ "$(docker container inspect --format '{{.State.Running}}' "$1")" = true ]; }
have() { docker image inspect "$1" >/dev/null 2>&1 || retry 12 docker pull --quiet "$1"; }
# create NAME ARGUMENT...
create() {
  local name=$1
  shift
  docker run -d --name "$name" --network "$DOCKER_NETWORK" --restart unless-stopped \
    --log-driver local "$@"
  log "container $name created"
}

await 24 'the Docker daemon' docker info
docker network inspect "$DOCKER_NETWORK" >/dev/null 2>&1 ||
  docker network create --driver bridge "$DOCKER_NETWORK"

label=compute-catalog.notebook
if image=$(image_of "$NOTEBOOK_CONTAINER"); then
  type=$(docker container inspect --format "{{index .Config.Labels \"$label\"}}" "$NOTEBOOK_CONTAINER")
  if [[ -n $type && $type != "$NOTEBOOK_TYPE" ]]; then
    log "container $NOTEBOOK_CONTAINER stays a $type notebook; to get $NOTEBOOK_TYPE remove it and run $0"
    exit 0
  fi
  [ "$image" = "$NOTEBOOK_IMAGE" ] ||
    log "container $NOTEBOOK_CONTAINER stays on $image; to get $NOTEBOOK_IMAGE remove it and run $0"
  running "$NOTEBOOK_CONTAINER" || docker start "$NOTEBOOK_CONTAINER"
else
  have "$NOTEBOOK_IMAGE"
  create "$NOTEBOOK_CONTAINER" --label "$label=$NOTEBOOK_TYPE" -v "$WORK_VOLUME:$home" \
    -e "SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME=/$SSM_PREFIX/$id/$SSM_SUFFIX" \
    -e "AWS_DEFAULT_REGION=$AWS_REGION" "${options[@]}" "$NOTEBOOK_IMAGE" "${command[@]}"
fi
if [ "$NOTEBOOK_TYPE" = Rstudio ]; then
  # R installs into its user library only where the folder exists when a session starts.
  # shellcheck disable=SC2016 # R expands it, not the shell
  retry 6 docker exec --user rstudio "$NOTEBOOK_CONTAINER" Rscript --vanilla -e \
    'dir.create(Sys.getenv("R_LIBS_USER"), recursive = TRUE, showWarnings = FALSE)'
fi

proxy_options=(--memory 1g --cpus 1 -p 443:443 -e "EC2_INSTANCE_ID=$id"
  -e "NOTEBOOK_HOST=$NOTEBOOK_CONTAINER" -e "AWS_REGION=$AWS_REGION"
  -e "SERVICE_CATALOG_PREFIX=$SSM_PREFIX" -e "SSM_PARAMETER_SUFFIX=$SSM_SUFFIX")
now=$(digest - <<<"${proxy_options[*]} $PROXY_IMAGE")
if image_of "$proxy" >/dev/null && done_before proxy "$now"; then
  running "$proxy" || docker start "$proxy"
else
  have "$PROXY_IMAGE"
  if image_of "$proxy" >/dev/null; then docker rm -f "$proxy"; fi
  create "$proxy" "${proxy_options[@]}" "$PROXY_IMAGE"
  remember proxy "$now"
fi

# answers URL PATTERN: an HTTP status that matches
answers() {
  local status
  status=$(curl -sk -m 5 -o /dev/null -w '%{http_code}' "$1") || return
  [[ $status =~ ^$2$ ]]
}
notebook_answers() {
  local address
  address=$(docker container inspect --format \
    "{{(index .NetworkSettings.Networks \"$DOCKER_NETWORK\").IPAddress}}" "$NOTEBOOK_CONTAINER") || return
  answers "http://$address:$port$page" '[23]..'
}
await 60 "the notebook on port $port" notebook_answers
# A refusal is an answer: only the load balancer's requests are let in.
await 24 'the proxy on port 443' answers https://127.0.0.1/ '[1-5]..'
