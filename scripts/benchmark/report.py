"""docs/performance.md, from what was measured."""
import json
import os
import subprocess
from pathlib import Path

import goals

ROOT = Path(__file__).resolve().parents[2]

HEAD = """# How fast it is

Written by `scripts/benchmark.sh`. Do not edit.

Whole processes, optimized and installed as copies of what was linked: {machine}. Time is the best of several runs with
files in the cache; memory is the greatest peak of them. A catalog of more than six products holds copies of the six under
other keys, with settings, files, history, launch roles and places in portfolios of their own; the commands run on it
unchanged.

- `generate` writes everything anew into an empty folder, once, the Rust types of AWS's resources included;
  `generate --check` makes what depends on the products, and compares.
- `plan` asks a local AWS, in the same process, that has nothing of the catalog yet.
- 348 products are the largest catalog that is promised: Service Catalog takes 350 in an account.
"""

OTHERS = """
## Beside others

The same catalog, in the same run. cfn-lint {cfn_lint} and AWS's cloudformation-validate {validate} check the templates of the
products; the CDK app (aws-cdk-lib {cdk}, `scripts/benchmark/cdk/app.mjs`) makes templates of the same kind and number of
resources, parameters and outputs, of the products and of the stacks around them, and validates them with CDK's built-in
rules. “Times” compares with `generate --check` and `check` together, which do more: they work out what launch roles must
grant, make pages and schemas, compare everything with its files, and check ledgers.
"""

WAITS = """
## What people wait for

In a fresh clone with a folder of builds of its own, crates downloaded before; of edits the middle of three tries.

"""


def machine():
    """Facts of the machine, without its name."""
    info = Path("/proc/cpuinfo").read_text()
    models = [line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")]
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    gigabytes = int(memory.split()[1]) / 1_000_000
    cores = len(os.sched_getaffinity(0))
    model = models[0] if models else os.uname().machine
    return f"{cores} cores ({model}), {gigabytes:.0f} GB of memory, {os.uname().sysname}"


def time(seconds):
    return f"{seconds * 1000:,.1f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def cell(measured):
    if measured is None:
        return "–"
    return f"{time(measured.seconds)}, {measured.bytes / goals.MILLION:,.0f} MB"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def pins():
    tools = (ROOT / "scripts/requirements.txt").read_text()
    pinned = lambda name: tools.split(f"{name}==", 1)[1].split()[0]
    app = json.loads((ROOT / "scripts/benchmark/cdk/package.json").read_text())
    return {
        "cfn_lint": pinned("cfn-lint"),
        "validate": pinned("cloudformation-validate"),
        "cdk": app["dependencies"]["aws-cdk-lib"],
    }


def report(ours, others, found, waited):
    sizes = list(ours)
    head = ["", *(f"{size:,} products" for size in sizes)]
    text = HEAD.format(machine=machine()) + "\n"
    commands = list(next(iter(ours.values())))
    text += table(head, [[f"`{name}`", *(cell(ours[size].get(name)) for size in sizes)] for name in commands])

    compared = [size for size in sizes if all(size in by_size for by_size in others.values())]
    text += OTHERS.format(**pins()) + "\n"
    rows = [["`generate --check` and `check`", *(time(goals.together(ours[size])) for size in compared)]]
    for name, by_size in others.items():
        row = [name]
        for size in compared:
            times = by_size[size].seconds / goals.together(ours[size])
            row.append(f"{cell(by_size[size])}: {times:,.0f} times")
        rows.append(row)
    text += table(["", *(f"{size:,} products" for size in compared)], rows)

    if waited:
        text += WAITS + table(["", "time", "at most"], [[w.what, time(w.seconds), time(w.most) if w.most else ""] for w in waited])
    text += "\n## Goals\n\n"
    text += table(["goal", "measured", ""], [[g.what, g.found, "met" if g.is_met else "**missed**"] for g in found])
    versions = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    python = ".".join(map(str, __import__("sys").version_info[:3]))
    return text + f"\nThe others ran on Node.js {versions} and Python {python}.\n"
