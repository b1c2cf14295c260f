#!/usr/bin/env bash
# The boot of the Linux products by the real cfn-init, in a throw-away root. Where this machine can't
# (no root, no overlay mounts, no Python 2.7), it says so and ends with 3: not tested.
# PYTHON2 names a Python 2.7 with pip; else pyenv's is taken, or built.
set -euo pipefail
cd "$(dirname "$0")/.."

not_tested() {
    echo "not tested: the boot by cfn-init: $*" >&2
    exit 3
}

[ "$(id -u)" = 0 ] || not_tested "it mounts, so it needs root"
unshare --mount --net --pid --fork true 2>/dev/null || not_tested "unshare isn't allowed here"
for need in ip python3; do
    command -v "$need" >/dev/null || not_tested "$need isn't installed"
done
python=${PYTHON2:-}
if [ -z "$python" ] && command -v pyenv >/dev/null; then
    pyenv install --skip-existing 2.7.18 >&2
    python=$(pyenv prefix 2.7.18)/bin/python2.7
fi
python=${python:-$(command -v python2.7)} || not_tested "no Python 2.7 and no pyenv"

# The last release for Python 2 that PyPI has, and the last of each requirement that it can read.
bootstrap=$PWD/target/cfn-bootstrap
if [ ! -x "$bootstrap/bin/cfn-init" ]; then
    rm -rf "$bootstrap"
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$bootstrap" \
        aws-cfn-bootstrap==1.4.post31 python-daemon==1.6.1 lockfile==0.12.2 chevron==0.14.0 docutils==0.17.1 >&2
fi
export CFN_PYTHON=$python CFN_BOOTSTRAP=$bootstrap
cargo test --quiet --locked --package products --test products -- --ignored boot::real --nocapture
