"""What people wait for: builds, tests and what follows an edit. Takes as long as that."""
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target/benchmark/waits"


@dataclass(frozen=True)
class Wait:
    what: str
    seconds: float
    most: float
    """The goal, in seconds; 0: none."""


def ran(command, folder):
    """Seconds of a command that must succeed."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"error: {' '.join(map(str, command))}: {done.stderr[-2000:]}")
    return time.perf_counter() - start


def edited(folder, path, command):
    """Seconds of a command after a comment was added to a file: the middle of three tries."""
    file = folder / path
    text = file.read_text()
    tries = []
    try:
        for number in range(3):
            file.write_text(f"{text}\n// edited {number}\n")
            tries.append(ran(command, folder))
    finally:
        file.write_text(text)
    ran(command, folder)
    return sorted(tries)[1]


def waits():
    """Each of them, in a fresh clone with a folder of builds of its own."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", ROOT, WORK], check=True)
    os.environ.pop("CARGO_TARGET_DIR", None)
    # Downloads are the network's time, not ours.
    subprocess.run(["cargo", "fetch", "--quiet", "--locked"], cwd=WORK, check=True)
    generate = ["cargo", "xtask", "generate"]
    found = []

    def say(what, seconds, most):
        print(f"{seconds:8.1f} s  {what}", flush=True)
        found.append(Wait(what, seconds, most))

    say("first `cargo xtask publish` in a clone, the AWS SDK compiled", ran(["cargo", "xtask", "publish", "--yes"], WORK), 135)
    say("`cargo xtask status`, nothing to build", ran(["cargo", "xtask", "status"], WORK), 0.8)
    say("an edit of a model, to its template", edited(WORK, "products/s3-private/mod.rs", generate), 1.5)
    say("an edit of a rule in the core, to a template", edited(WORK, "src/check/rules/tls.rs", generate), 5)
    say("an edit of `src/cfn`, to a template", edited(WORK, "src/cfn/node.rs", generate), 0)
    say("all tests, built before", (ran(["cargo", "test", "--workspace", "--locked", "--no-run"], WORK), ran(["cargo", "test", "--workspace", "--locked"], WORK))[1], 210)
    shutil.rmtree(WORK)
    subprocess.run(["git", "clone", "--quiet", ROOT, WORK], check=True)
    say("`.ci/run` in a clone", ran(["bash", ".ci/run"], WORK), 540)
    shutil.rmtree(WORK)
    return found
