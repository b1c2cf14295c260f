"""What the measurements must show."""
from dataclasses import dataclass

MILLION = 1_000_000
# Copies of six products; Service Catalog takes 350 in an account.
# https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html
LARGEST = 348


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
        for name, least in (("cfn-lint", 50), ("cloudformation-validate", 12), ("the CDK app", 80)):
            ratio = others[name][6].seconds / six
            found.append(at_least(f"`generate --check` and `check` together faster than {name}", ratio, least))
    if LARGEST in ours:
        check = ours[LARGEST]["check"]
        found.append(at_most(f"`check` of {LARGEST} products", check.seconds, 0.6, "s"))
        found.append(at_most(f"memory of `check` of {LARGEST} products", check.bytes / MILLION, 300, "MB"))
    found.append(at_most("`cargo xtask generate` after an edit of settings", edit_seconds * 1000, 250, "ms"))
    found.append(Goal("it recompiles nothing", not recompiled, "something" if recompiled else "nothing"))
    return found
