#!/bin/bash
# Writes the file of variables that users' and administrators' scripts source:
# AWS_REGION STACK_NAME STACK_ID EC2_INSTANCE_ID ROOT_DISK_ID ASSUMED_ROLE_NAME
# ACCESS_APPROVED_ROLEID OWNER_EMAIL OIDC_USER_ID OIDC_USERNAME PRODUCT_NAME
#
# The instance's own facts must be found. What depends on services outside, or on
# one that is consistent only later, keeps the value found before, else is empty,
# with a warning: it does not fail the launch.
#
# stack.env:
#   INSTANCE_ENV_FILE     the file to write
#   PROFILE_URL           the user's public profile, without the id at its end; may be empty
#   OWNER_EMAIL_DOMAIN    e-mail domain of the users of that profile service
# shellcheck disable=SC2034 # the variables are printed by their names
set -Eeuo pipefail
# shellcheck source=boot.sh
. "$(dirname "${BASH_SOURCE[0]}")/boot.sh"
need AWS_REGION STACK_NAME STACK_ID INSTANCE_ENV_FILE

# text AWS-ARGUMENTS...: one value; nothing found is a failure.
text() {
  local value
  value=$(aws --region "$AWS_REGION" --output text "$@") || return
  [[ -n $value && $value != None && $value != *$'\t'* ]] || return 1
  printf %s "$value"
}

# profile ID: the user name in the public profile
profile() {
  curl -fsS -m 10 "$PROFILE_URL$1" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["userName"])'
}

# soft NAME COMMAND...: sets NAME to what the command prints, retried; else NAME stays.
soft() {
  local name=$1 value
  shift
  if value=$(retry 5 "$@"); then
    printf -v "$name" %s "$value"
  else
    log "WARNING $name was not found, it stays '${!name}'"
  fi
}

# previous NAME: what an earlier run wrote
previous() (
  set +u
  unset "$1"
  # shellcheck source=/dev/null
  . "$INSTANCE_ENV_FILE" 2>/dev/null || true
  printf %s "${!1}"
)

EC2_INSTANCE_ID=$(retry 6 imds instance-id)
root=$(retry 6 imds block-device-mapping/root)
ROOT_DISK_ID=$(retry 6 text ec2 describe-volumes --query 'Volumes[0].VolumeId' --filters \
  "Name=attachment.instance-id,Values=$EC2_INSTANCE_ID" "Name=attachment.device,Values=$root")

found=(ASSUMED_ROLE_NAME ACCESS_APPROVED_ROLEID OWNER_EMAIL OIDC_USER_ID OIDC_USERNAME PRODUCT_NAME)
for name in "${found[@]}"; do printf -v "$name" %s "$(previous "$name")"; done

# arn:...:assumed-role/ROLE/SESSION, where the session is named after the user
principal=''
soft principal text ec2 describe-tags --query 'Tags[0].Value' --filters \
  "Name=resource-id,Values=$EC2_INSTANCE_ID" 'Name=key,Values=aws:servicecatalog:provisioningPrincipalArn'
if [[ $principal =~ :assumed-role/([^/]+)/(.+)$ ]]; then
  ASSUMED_ROLE_NAME=${BASH_REMATCH[1]} OIDC_USER_ID=${BASH_REMATCH[2]}
  soft ACCESS_APPROVED_ROLEID text iam get-role --role-name "$ASSUMED_ROLE_NAME" --query Role.RoleId
fi
if [[ $OIDC_USER_ID == *@* ]]; then
  OWNER_EMAIL=$OIDC_USER_ID
elif [[ -n $OIDC_USER_ID && -n ${PROFILE_URL-} ]]; then
  soft OIDC_USERNAME profile "$OIDC_USER_ID"
  [ -z "$OIDC_USERNAME" ] || OWNER_EMAIL=$OIDC_USERNAME@$OWNER_EMAIL_DOMAIN
fi
# More than one name, or none, is nothing found.
soft PRODUCT_NAME text servicecatalog search-provisioned-products \
  --filters "SearchQuery=${STACK_ID##*/}" --query 'ProvisionedProducts[].Name'

for name in AWS_REGION STACK_NAME STACK_ID EC2_INSTANCE_ID ROOT_DISK_ID "${found[@]}"; do
  printf 'export %s=%q\n' "$name" "${!name}"
done | replace "$INSTANCE_ENV_FILE" 644
log "$INSTANCE_ENV_FILE is up to date"
