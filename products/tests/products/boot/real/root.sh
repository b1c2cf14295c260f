#!/bin/bash
# A throw-away root over this machine's own: what is written there goes into memory, and is gone at the end.
# It has no network but its own metadata service and CloudFormation (cloud.py). Run as root by
#   unshare --mount --net --pid --fork --kill-child root.sh FOLDER PYTHON2 BOOTSTRAP
# It reads commands from standard input, a line each, and ends the output of each with a line "exit N".
#   FOLDER      what stays: stand-ins, metadata, calls, signals
#   PYTHON2     a Python 2.7; BOOTSTRAP: the folder where it finds aws-cfn-bootstrap
set -euo pipefail
folder=$1 python=$2 bootstrap=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$folder/root

mount --make-rprivate /
mkdir -p "$root"
mount -t tmpfs tmpfs "$root"
mkdir "$root/upper" "$root/work" "$root/merged"
mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/merged"
merged=$root/merged
mount --rbind /dev "$merged/dev"
mount -t proc proc "$merged/proc"
mount -t tmpfs tmpfs "$merged/tmp"
mkdir -p "$merged$folder"
mount --bind "$folder" "$merged$folder"

ip link set lo up
ip address add 169.254.169.254/32 dev lo
python3 "$here/cloud.py" "$folder" >"$folder/cloud.log" 2>&1 &
until [ -e "$folder/cloud-ready" ]; do
  kill -0 $! || exit 1
  sleep 0.1
done

mkdir -p "$merged/opt/aws/bin"
# cfn-hup takes the address of CloudFormation from its configuration alone.
for program in cfn-init cfn-signal cfn-hup; do
  case $program in
    cfn-hup) options='rm -rf /run/cfn; cp -rp /etc/cfn /run/cfn; echo url=http://127.0.0.1:8000 >>/run/cfn/cfn-hup.conf
set -- --config /run/cfn "$@"' ;;
    *) options='set -- "$@" --url http://127.0.0.1:8000' ;;
  esac
  cat >"$merged/opt/aws/bin/$program" <<END
#!/bin/bash
$options
exec '$python' -c 'import sys; sys.path.insert(0, "$bootstrap"); del sys.argv[0]; execfile(sys.argv[0])' '$bootstrap/bin/$program' "\$@"
END
  chmod +x "$merged/opt/aws/bin/$program"
done

while IFS= read -r command; do
  status=0
  chroot "$merged" /usr/bin/env -i "MACHINE=$folder" "PATH=$folder/bin:/opt/aws/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    bash -c "$command" </dev/null 2>&1 || status=$?
  echo "exit $status"
done
