//! The names that a model brings in from `cfn` and `iam`.

/// What a model may import of `iam`.
pub const IAM: [&str; 3] = ["PolicyDocument", "Principal", "Statement"];

/// What a model calls IAM's condition, beside that of CloudFormation.
pub const POLICY_CONDITION: &str = "PolicyCondition";

/// What a model may import of `cfn`.
pub const CFN: [&str; 36] = [
    "Builder",
    "Condition",
    "CreationPolicy",
    "CustomAttribute",
    "DeletionPolicy",
    "Json",
    "List",
    "MapOf",
    "Mapping",
    "Number",
    "Output",
    "ParameterDeclaration",
    "Sub",
    "Suppression",
    "Template",
    "Transform",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Value",
    "and",
    "base64",
    "cidr",
    "equals",
    "find_in_map",
    "function",
    "get_azs",
    "if_else",
    "import_value",
    "join",
    "json",
    "not",
    "or",
    "pseudo",
    "select",
    "split",
    "untyped",
];
