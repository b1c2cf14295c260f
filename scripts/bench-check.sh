#!/usr/bin/env bash
# How fast `check` is, side by side with AWS's own validator and cfn-lint on the same templates, in
# one run. Fails when it isn't 10 and 50 times faster. Times are the best of several, whole process.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=$(dirname "$(scripts/tools.sh)")
cargo build --quiet --release --locked --package xtask

"$venv/bin/python" - generated/products/*.yaml <<'PYTHON'
import subprocess
import sys
import time
from pathlib import Path

templates = sys.argv[1:]
keys = [Path(name).stem for name in templates]
binaries = Path("target/conformance/bin")
validate = "import sys, runpy; sys.argv[0] = 'aws_validator.py'; runpy.run_path('scripts/aws_validator.py', run_name='__main__')"
commands = {
    "check": (20, ["target/release/xtask", "check", *keys]),
    "generate --check": (20, ["target/release/xtask", "generate", "--check"]),
    "cloudformation-validate": (5, [str(binaries / "python"), "-c", validate, *templates]),
    "cfn-lint": (3, [str(binaries / "cfn-lint"), *templates]),
}


def best(times, command):
    def once():
        start = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode not in (0, 1, 2, 4, 6, 8, 12, 14):
            sys.exit(f"{command[0]} failed: {done.stderr.decode()}")
        return time.perf_counter() - start

    return min(once() for _ in range(times))


measured = {name: best(times, command) for name, (times, command) in commands.items()}
own = measured["check"]
print(f"{len(templates)} templates")
for name, seconds in measured.items():
    print(f"{name:24} {seconds * 1000:8.1f} ms {seconds / own:8.1f} times")
slow = [
    f"check is only {measured[name] / own:.1f} times faster than {name}, not {least}"
    for name, least in (("cloudformation-validate", 10), ("cfn-lint", 50))
    if measured[name] < least * own
]
if slow:
    sys.exit("error: " + "; ".join(slow))
PYTHON
