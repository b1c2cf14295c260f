"""Measures, writes docs/performance.md, and says which goals are met."""
import argparse
import os
import shutil
import sys
from pathlib import Path

import goals
import report
import waits
from process import measure, once

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target/benchmark"
RELEASE = ROOT / "target/release"
BIN = WORK / "bin"
TOOLS = ROOT / "target/conformance/bin"

# The others take minutes for the largest catalog, and would tell nothing new.
MOST_FOR_OTHERS = 60


def install():
    """Copies of the programs, as the others are installed: a file just linked lies in the cache in
    pages, not in larger pieces: a short run takes 7 % longer."""
    BIN.mkdir(parents=True, exist_ok=True)
    for name in ("catalog", "catalog-publisher"):
        shutil.copy(RELEASE / name, BIN / name)


def runs(size):
    return {6: 60, 60: 20}.get(size, 10)


def checkout(size):
    """A checkout of copies of the products, generated; how long that took in all."""
    folder = WORK / f"products-{size}"
    shutil.rmtree(folder, ignore_errors=True)
    once([RELEASE / "copies", str(size), folder], ROOT)
    written = measure(1, [BIN / "catalog", "generate"], folder)
    return folder, written


def of_ours(size):
    print(f"{size} products", flush=True)
    folder, written = checkout(size)
    catalog = str(BIN / "catalog")
    publisher = str(BIN / "catalog-publisher")
    found = {"generate": written}
    commands = {
        "generate --check": [catalog, "generate", "--check"],
        "check": [catalog, "check"],
        "diff": [catalog, "diff"],
        "plan": [publisher, "plan"],
    }
    for name, command in commands.items():
        # Once before: files come from the cache in every run, and the local AWS stands.
        once(command, folder)
        found[name] = measure(runs(size), command, folder)
    return found


def of_others(size):
    print(f"{size} products, the others", flush=True)
    folder = WORK / f"products-{size}"
    templates = sorted(str(path.relative_to(folder)) for path in folder.glob("generated/products/*.yaml"))
    app = WORK / "cdk"
    times = 3 if size == 6 else 1
    out = WORK / "cdk.out"
    shutil.rmtree(out, ignore_errors=True)
    commands = {
        "cfn-lint": ([TOOLS / "cfn-lint", *templates], folder),
        "cloudformation-validate": ([TOOLS / "python", ROOT / "scripts/aws_validator.py", *templates], folder),
        "the CDK app": (["node", app / "app.mjs", ROOT, out, str(size // 6)], app),
    }
    return {name: measure(times, command, where) for name, (command, where) in commands.items()}


def after_an_edit():
    """`cargo xtask generate` after an edit of a settings file: seconds, and whether it compiled."""
    settings = ROOT / "products/windows/settings.yaml"
    program = ROOT / "target/debug/xtask"
    command = ["cargo", "xtask", "generate"]
    once(command, ROOT)
    text = settings.read_text()
    before = program.stat().st_mtime_ns
    try:
        settings.write_text(text + "# edited\n")
        found = measure(10, command, ROOT)
    finally:
        settings.write_text(text)
    return found.seconds, program.stat().st_mtime_ns != before


def main():
    parser = argparse.ArgumentParser(prog="scripts/benchmark.sh")
    parser.add_argument("--sizes", default="6,60,348")
    parser.add_argument("--waits", action="store_true")
    parser.add_argument("--require", action="store_true")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

    install()
    ours = {size: of_ours(size) for size in sizes}
    others = {}
    for size in (size for size in sizes if size <= MOST_FOR_OTHERS):
        for name, measured in of_others(size).items():
            others.setdefault(name, {})[size] = measured
    seconds, recompiled = after_an_edit()
    waited = waits.waits() if arguments.waits else []
    found = goals.goals(ours, others, seconds, recompiled)
    found += [goals.at_most(wait.what, wait.seconds, wait.most, "s") for wait in waited if wait.most]

    path = ROOT / "docs/performance.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(report.report(ours, others, found, waited))
    print(f"wrote {path.relative_to(ROOT)}")
    for goal in found:
        print(f"{'met ' if goal.is_met else 'MISSED'} {goal.what}: {goal.found}")
    if arguments.require and not all(goal.is_met for goal in found):
        sys.exit("error: a goal is not met")


if __name__ == "__main__":
    main()
