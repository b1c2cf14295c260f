"""Runs AWS's offline validator over templates; fails on findings of level error or fatal."""
import sys
from cloudformation_validate import CompositeEngine

# The one macro of the catalog makes this type into a custom resource before CloudFormation sees it.
EXPECTED = {("generated/products/s3-synapse.yaml", "F3006", "Unknown resource type 'AWS::S3::Object'")}

engine = CompositeEngine()
found = set()
for path in sys.argv[1:]:
    for finding in engine.validate_template(path).diagnostics:
        if finding.severity.name in ("ERROR", "FATAL"):
            found.add((path, finding.rule_id, finding.message))
for path, rule, message in sorted(found - EXPECTED):
    print(f"{path}: {rule}: {message}")
for path, rule, message in sorted(EXPECTED - found):
    print(f"{path}: {rule} is expected and was not found; remove it from scripts/aws_validator.py")
sys.exit(found != EXPECTED)
