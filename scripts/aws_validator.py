"""Runs AWS's offline validator over templates; fails on findings of level error or fatal."""
import sys
from cloudformation_validate import CompositeEngine

engine = CompositeEngine()
failed = False
for path in sys.argv[1:]:
    for finding in engine.validate_template(path).diagnostics:
        if finding.severity.name in ("ERROR", "FATAL"):
            failed = True
            print(f"{path}: [{finding.severity.name}] {finding.rule_id}: {finding.message}")
sys.exit(failed)
