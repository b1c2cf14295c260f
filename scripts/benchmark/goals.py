"""What the measurements must show."""
from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True)
class Goal:
    what: str
    is_met: bool
    found: str


def at_most(what, found, most, unit):
    return Goal(f"{what}: at most {most:,} {unit}", found <= most, f"{found:,.1f} {unit}")


def at_least(what, found, least):
    return Goal(f"{what}: at least {least} times", found >= least, f"{found:,.0f} times")


BOTH = ("generate --check", "check")


def together(by_command):
    """Seconds of both commands, one after the other."""
    return sum(by_command[name].seconds for name in BOTH)


def goals(ours, others, edit_seconds, recompiled):
    """Every goal that the measured sizes allow to judge."""
    found = []
    if 6 in ours:
        six = together(ours[6])
        found.append(at_most("`generate --check` and `check` of the catalog", six * 1000, 20, "ms"))
        for name, least in (("cfn-lint", 100), ("cloudformation-validate", 20), ("the CDK app", 200)):
            ratio = others[name][6].seconds / six
            found.append(at_least(f"both together faster than {name}", ratio, least))
        for name, least in (("cfn-lint", 50), ("cloudformation-validate", 10)):
            ratio = others[name][6].seconds / ours[6]["check"].seconds
            found.append(at_least(f"`check` alone faster than {name}", ratio, least))
    if 600 in ours:
        many = together(ours[600])
        found.append(at_most("the same of 600 products", many * 1000, 400, "ms"))
        if 6000 in ours:
            growth = together(ours[6000]) / many
            found.append(at_most("6,000 products, where 600 take one", growth, 12, "of these"))
    if 6000 in ours:
        peak = max(ours[6000][name].bytes for name in BOTH) / MILLION
        found.append(at_most("memory of either for 6,000 products", peak, 300, "MB"))
    found.append(at_most("`cargo xtask generate` after an edit of settings", edit_seconds * 1000, 250, "ms"))
    found.append(Goal("it recompiles nothing", not recompiled, "something" if recompiled else "nothing"))
    return found
