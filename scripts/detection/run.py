"""Makes mistakes, asks each checker, and writes docs/detection.md.

    run.py [--public FOLDER] [--only KIND] [--ours-only]

A mistake is found where a checker says something of the broken template that it doesn't say of the good
one. What must be found stands with each kind in `kinds.py`.
"""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import template as templates
from held import FIRST, HELD
from further import FIRST as FIRST_FURTHER, FURTHER
from kinds import KINDS

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ("ours", "cfn-lint", "cloudformation-validate", "checkov", "parliament")


def made(only):
    """Every mistake: its kind, what was done, the template that it was made in, the broken template, and the
    right one where that isn't the template as it is."""
    found = []
    for path in sorted((ROOT / "generated/products").glob("*.yaml")):
        good = templates.read(path)
        for name, (_, make) in KINDS.items():
            if only and name not in only:
                continue
            for what, broken, *base in make(good):
                found.append((name, what, path.stem, broken, *base))
    return found


def ours(program, paths):
    """Our findings by file: `(rule, path, message)` and whether it is an error."""
    found = collections.defaultdict(dict)
    for start in range(0, len(paths), 200):
        done = subprocess.run([program, "check", "--format", "json", *paths[start:start + 200]],
                              capture_output=True, text=True, cwd=ROOT)
        if done.returncode not in (0, 1, 2):
            sys.exit(f"check ended with {done.returncode}: {done.stderr[-2000:]}")
        for one in json.loads(done.stdout)["result"]:
            if one["severity"] == "note":
                continue
            found[one["product"]][(one["rule"], one["path"], one["message"])] = one["severity"] == "error"
    return found


def cfn_lint(program, paths):
    if len(paths) > 100:
        return {**cfn_lint(program, paths[:100]), **cfn_lint(program, paths[100:])}
    found = collections.defaultdict(dict)
    done = subprocess.run([program, "--format", "json", "--regions", "us-east-1", "--", *paths],
                          capture_output=True, text=True)
    if done.returncode & 1:
        # One file that it dies of takes all of them along: whichever it is says nothing.
        if len(paths) == 1:
            print(f"cfn-lint dies of {paths[0]}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            return found
        middle = len(paths) // 2
        return {**cfn_lint(program, paths[:middle]), **cfn_lint(program, paths[middle:])}
    for one in json.loads(done.stdout or "[]"):
        place = ".".join(map(str, one["Location"].get("Path") or []))
        found[one["Filename"]][(one["Rule"]["Id"], place, one["Message"])] = one["Level"] == "Error"
    return found


def validate(python, paths):
    """AWS's validator, in a process of its own."""
    code = """
import json, sys
from cloudformation_validate import CompositeEngine
engine = CompositeEngine()
out = {}
for path in sys.stdin.read().split('\\n'):
    if path:
        try:
            out[path] = [[f.rule_id, f.message, f.severity.name in ('ERROR', 'FATAL')]
                         for f in engine.validate_template(path).diagnostics]
        except Exception as error:
            out[path] = [['unreadable', str(error)[:200], True]]
print(json.dumps(out))
"""
    done = subprocess.run([python, "-c", code], input="\n".join(paths), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"cloudformation-validate failed: {done.stderr[-2000:]}")
    return {path: {(rule, "", message): error for rule, message, error in all_}
            for path, all_ in json.loads(done.stdout).items()}


def checkov(program, paths):
    found = collections.defaultdict(dict)
    origin = os.path.dirname(paths[0])
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            # It dies of metadata that is no map, and takes all others along: of those it says nothing.
            with open(path, encoding="utf-8") as file:
                template = json.load(file)
            resources = template.get("Resources")
            is_read = isinstance(resources, dict) and all(
                isinstance(one, dict) and isinstance(one.get("Metadata", {}), dict) for one in resources.values())
            if is_read:
                os.symlink(os.path.abspath(path), os.path.join(folder, os.path.basename(path)))
        done = subprocess.run([program, "--directory", folder, "--framework", "cloudformation", "--output", "json",
                               "--quiet", "--compact", "--soft-fail"], capture_output=True, text=True)
    try:
        results = json.loads(done.stdout)
    except ValueError:
        sys.exit(f"checkov failed: {done.stderr[-2000:]}")
    for result in results if isinstance(results, list) else [results]:
        for one in result.get("results", {}).get("failed_checks", []):
            path = os.path.join(origin, one["file_path"].lstrip("/"))
            found[path][(one["check_id"], one["resource"], "")] = False
    return found


def parliament(python, paths):
    """Every policy, functions in it as `*`."""
    code = """
import json, sys
import parliament
def plain(value):
    if isinstance(value, dict):
        if len(value) == 1 and (next(iter(value)) == 'Ref' or next(iter(value)).startswith('Fn::')):
            inner = next(iter(value.values()))
            if isinstance(inner, str) and '${' in inner:
                import re
                return re.sub(r'\\\\$\\\\{[^}]*\\\\}', '123456789012', inner)
            return '*'
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value
def policies(value):
    if isinstance(value, dict):
        if 'Statement' in value:
            yield value
            return
        for inner in value.values():
            yield from policies(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from policies(inner)
out = {}
for path in sys.stdin.read().split('\\n'):
    if not path:
        continue
    found = out.setdefault(path, [])
    try:
        template = json.load(open(path))
    except ValueError:
        continue
    for policy in policies(template.get('Resources', {})):
        if any('Principal' in s for s in policy['Statement'] if isinstance(s, dict)) if isinstance(policy['Statement'], list) else False:
            continue
        try:
            analyzed = parliament.analyze_policy_string(json.dumps(plain(policy)))
            for finding in analyzed.findings:
                found.append([finding.issue, str(finding.detail)[:200], finding.severity in ('HIGH', 'CRITICAL') or finding.issue in ('MALFORMED', 'UNKNOWN_ACTION', 'RESOURCE_MISMATCH')])
        except Exception as error:
            found.append(['unreadable', str(error)[:100], False])
print(json.dumps(out))
"""
    done = subprocess.run([python, "-c", code], input="\n".join(paths), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"parliament failed: {done.stderr[-2000:]}")
    return {path: {(rule, "", message): error for rule, message, error in all_}
            for path, all_ in json.loads(done.stdout).items()}


def kept(folder, tool, ask):
    """What a tool says, or said of the same mistakes when it was asked last."""
    place = os.path.join(folder, f"{tool}.found")
    if not os.path.exists(place):
        found = ask()
        listed = {path: [[*key, level] for key, level in all_.items()] for path, all_ in found.items()}
        with open(place, "w", encoding="utf-8") as file:
            json.dump(listed, file)
    with open(place, encoding="utf-8") as file:
        listed = json.load(file)
    return {path: {tuple(entry[:3]): entry[3] for entry in all_} for path, all_ in listed.items()}


def public(program, folder):
    """How many templates of a folder were read without a crash, and what was found in how many."""
    paths = [str(path) for pattern in ("*.yaml", "*.yml", "*.json", "*.template")
             for path in pathlib.Path(folder).rglob(pattern)]
    wanted = []
    for path in sorted(paths):
        try:
            text = pathlib.Path(path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        if "Resources" in text and "Type" in text and "AWS::" in text:
            wanted.append(path)
    found = ours(program, wanted)
    errors = sum(1 for one in found.values() if any(one.values()))
    return len(wanted), errors, found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--ours-only", action="store_true")
    parser.add_argument("--program", default=str(ROOT / "target/debug/xtask"))
    parser.add_argument("--tools", default=str(ROOT / "target/conformance/bin"))
    parser.add_argument("--checkov")
    parser.add_argument("--report", default=str(ROOT / "docs/detection.md"))
    parser.add_argument("--folder", help="keeps the mistakes and what the others say of them, for the next run")
    options = parser.parse_args()
    mistakes = made(options.only)
    with contextlib.ExitStack() as stack:
        folder = options.folder or stack.enter_context(tempfile.TemporaryDirectory())
        os.makedirs(folder, exist_ok=True)
        good = {}
        for path in sorted((ROOT / "generated/products").glob("*.yaml")):
            place = os.path.join(folder, f"good-{path.stem}.json")
            templates.write(place, templates.read(path))
            good[path.stem] = place
        places, bases, written = [], [], {}
        for number, (_, _, stem, broken, *base) in enumerate(mistakes):
            place = os.path.join(folder, f"{number:04}.json")
            templates.write(place, broken)
            places.append(place)
            text = json.dumps(base)
            if base and text not in written:
                written[text] = os.path.join(folder, f"base-{len(written):04}.json")
                templates.write(written[text], base[0])
            bases.append(written[text] if base else good[stem])
        all_paths = [*good.values(), *written.values(), *places]
        python = os.path.join(options.tools, "python")
        findings = {"ours": ours(options.program, all_paths)}
        others = {
            "cfn-lint": lambda: cfn_lint(os.path.join(options.tools, "cfn-lint"), all_paths),
            "cloudformation-validate": lambda: validate(python, all_paths),
            "parliament": lambda: parliament(python, all_paths),
        }
        if options.checkov:
            others["checkov"] = lambda: checkov(options.checkov, all_paths)
        for tool, ask in others.items() if not options.ours_only else ():
            findings[tool] = kept(folder, tool, ask) if options.folder else ask()
        alarms = sum(1 for place in good.values() for level in findings["ours"].get(place, {}).values())
        # For each mistake and tool: 2 found at error level, 1 found, 0 not found.
        matrix = []
        for (name, what, stem, *_), place, base in zip(mistakes, places, bases):
            row = {}
            for tool, found in findings.items():
                before = found.get(base, {})
                new = [level for key, level in found.get(place, {}).items() if key not in before]
                row[tool] = 2 if any(new) else 1 if new else 0
            matrix.append((name, what, stem, row))
    tested = None
    if options.public:
        count, errors, found = public(options.program, options.public)
        tested = (count, errors)
        if options.folder:
            with open(os.path.join(options.folder, "public.found"), "w", encoding="utf-8") as file:
                json.dump({path: [list(key) for key in one] for path, one in found.items()}, file, indent=1)
    report(options.report, matrix, list(findings), alarms, tested)


def report(path, matrix, tools, alarms, tested):
    counts = collections.Counter(name for name, *_ in matrix)
    by_any = [row for *_, row in matrix if any(level == 2 for tool, level in row.items() if tool != "ours")]
    at_error = lambda rows: sum(1 for row in rows if row["ours"] == 2)
    ours_of_any = sum(1 for row in by_any if row["ours"])
    found = sum(1 for *_, row in matrix if row["ours"])
    found_at_error = at_error([row for *_, row in matrix])
    share = lambda part, whole: f"{part} of {whole} ({100 * part // max(whole, 1)}%)"
    held = [row for name, *_, row in matrix if name in HELD]
    further = [row for name, *_, row in matrix if name in FURTHER]
    lines = [
        "# What is found", "",
        "`scripts/detection.sh` makes single mistakes in the catalog's own templates, and asks `check` and other",
        "people's checkers, pinned. A mistake is found where a checker says something that it doesn't say of the",
        "template without it. Written by that script; don't edit.", "",
        f"- mistakes: {len(matrix)} of {len(counts)} kinds",
        f"- found by `check`: {share(found, len(matrix))}, at error level {share(found_at_error, len(matrix))}",
        f"- found by `check` of what any other finds at error level: {share(ours_of_any, len(by_any))}, "
        f"at error level {share(at_error(by_any), len(by_any))}",
        f"- of the kinds that were written down before anybody looked for a rule (`held.py`): when first asked "
        f"{FIRST}; mended since, now {share(sum(1 for row in held if row['ours']), len(held))}, at error level "
        f"{share(at_error(held), len(held))}",
        f"- of an adversary's kinds (`further.py`): when first asked {FIRST_FURTHER}; mended since, now "
        f"{share(sum(1 for row in further if row['ours']), len(further))}, at error level "
        f"{share(at_error(further), len(further))}",
        f"- findings in the templates without a mistake: {alarms}",
        "- public templates: " + ("not tested" if tested is None else
                                  f"{tested[0]} read without a crash, errors in {tested[1]}"),
    ]
    missing = [tool for tool in TOOLS if tool not in tools]
    if missing:
        lines.append(f"- not asked: {', '.join(missing)}")
    lines += ["", "Found at error level, and at any level in brackets where that is more:", "",
              "| kind | does | mistakes | " + " | ".join(tools) + " |", "|---|---|---|" + "---|" * len(tools)]
    for name in sorted(counts):
        rows = [row for kind, *_, row in matrix if kind == name]
        cells = []
        for tool in tools:
            errors = sum(1 for row in rows if row[tool] == 2)
            all_ = sum(1 for row in rows if row[tool])
            cells.append(str(errors) if errors == all_ else f"{errors} ({all_})")
        lines.append(f"| {name} | {KINDS[name][0]} | {len(rows)} | " + " | ".join(cells) + " |")
    missed = [(name, what, stem) for name, what, stem, row in matrix if not row["ours"]]
    lines += ["", "Not found by `check`:", ""]
    lines += [f"- {name}: {stem}: `{' '.join(what.split())}`" for name, what, stem in missed] or ["- none"]
    pathlib.Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines[6:16]))


main()
