"""CloudFormation's types of Service Catalog for ministack, which has neither.

Each is made as AWS's own handlers make it: by calls of Service Catalog's API, through botocore, at the
server that FRONT names. What a change replaces is read from AWS's schemas.
"""

import json
import os
import time
import uuid
from pathlib import Path

import boto3
from botocore.exceptions import ClientError
from ministack.core.responses import get_account_id, get_region

SCHEMAS = Path(__file__).resolve().parents[2] / "vendor" / "schemas"
PREFIX = "AWS::ServiceCatalog::"
# What is new can't be found for a while.
LOOKS = 40


def client():
    # The account is told by the key, there as here.
    return boto3.client(
        "servicecatalog", endpoint_url=os.environ["FRONT"], region_name=get_region(),
        aws_access_key_id=get_account_id(), aws_secret_access_key="local",
    )


def patiently(call, **asked):
    for look in range(LOOKS):
        try:
            return call(**{name: value for name, value in asked.items() if value is not None})
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException" or look == LOOKS - 1:
                raise
            time.sleep(0.05)


def ending(call, **asked):
    """What is gone already is fine."""
    try:
        call(**asked)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def token():
    return uuid.uuid4().hex


def tags(props):
    return [{"Key": tag["Key"], "Value": str(tag["Value"])} for tag in props.get("Tags", [])] or None


def portfolio_create(logical_id, props, stack_name):
    made = client().create_portfolio(**{
        "DisplayName": props["DisplayName"], "ProviderName": props["ProviderName"], "IdempotencyToken": token(),
        **{name: value for name, value in (("Description", props.get("Description")), ("Tags", tags(props))) if value},
    })["PortfolioDetail"]
    return made["Id"], {"Id": made["Id"], "PortfolioName": made["DisplayName"]}


def portfolio_update(physical_id, old, props, stack_name):
    now = {tag["Key"] for tag in tags(props) or []}
    gone = [tag["Key"] for tag in tags(old) or [] if tag["Key"] not in now]
    patiently(
        client().update_portfolio, Id=physical_id, DisplayName=props["DisplayName"],
        ProviderName=props["ProviderName"], Description=props.get("Description", ""), AddTags=tags(props),
        RemoveTags=gone or None,
    )
    return physical_id, {"Id": physical_id, "PortfolioName": props["DisplayName"]}


def portfolio_delete(physical_id, props):
    ending(client().delete_portfolio, Id=physical_id)


def principal_create(logical_id, props, stack_name):
    asked = {name: props[name] for name in ("PortfolioId", "PrincipalARN", "PrincipalType")}
    patiently(client().associate_principal_with_portfolio, **asked)
    return f"{props['PrincipalARN']}|{props['PortfolioId']}", {}


def principal_delete(physical_id, props):
    ending(
        client().disassociate_principal_from_portfolio,
        **{name: props[name] for name in ("PortfolioId", "PrincipalARN", "PrincipalType")},
    )


def product_create(logical_id, props, stack_name):
    asked = {name: props[name] for name in ("PortfolioId", "ProductId")}
    patiently(client().associate_product_with_portfolio, SourcePortfolioId=props.get("SourcePortfolioId"), **asked)
    return f"{props['PortfolioId']}|{props['ProductId']}", {}


def product_delete(physical_id, props):
    ending(client().disassociate_product_from_portfolio, **{name: props[name] for name in ("PortfolioId", "ProductId")})


def share_create(logical_id, props, stack_name):
    options = str(props.get("ShareTagOptions", False)).lower() == "true"
    patiently(
        client().create_portfolio_share, PortfolioId=props["PortfolioId"], AccountId=props["AccountId"],
        ShareTagOptions=options,
    )
    return f"{props['PortfolioId']}|{props['AccountId']}", {}


def share_update(physical_id, old, props, stack_name):
    options = str(props.get("ShareTagOptions", False)).lower() == "true"
    client().update_portfolio_share(PortfolioId=props["PortfolioId"], AccountId=props["AccountId"], ShareTagOptions=options)
    return physical_id, {}


def share_delete(physical_id, props):
    ending(client().delete_portfolio_share, PortfolioId=props["PortfolioId"], AccountId=props["AccountId"])


def definition(props):
    # A list of pairs in templates, a map in the API.
    return {pair["Key"]: str(pair["Value"]) for pair in props["Definition"]}


def action_create(logical_id, props, stack_name):
    made = patiently(
        client().create_service_action, Name=props["Name"], DefinitionType=props["DefinitionType"],
        Definition=definition(props), Description=props.get("Description"), IdempotencyToken=token(),
    )["ServiceActionDetail"]["ServiceActionSummary"]
    return made["Id"], {"Id": made["Id"]}


def action_update(physical_id, old, props, stack_name):
    patiently(
        client().update_service_action, Id=physical_id, Name=props["Name"], Definition=definition(props),
        Description=props.get("Description", ""),
    )
    return physical_id, {"Id": physical_id}


def action_delete(physical_id, props):
    ending(client().delete_service_action, Id=physical_id)


def option_create(logical_id, props, stack_name):
    made = client().create_tag_option(Key=props["Key"], Value=props["Value"])["TagOptionDetail"]
    if str(props.get("Active", True)).lower() == "false":
        patiently(client().update_tag_option, Id=made["Id"], Active=False)
    return made["Id"], {"Id": made["Id"]}


def option_update(physical_id, old, props, stack_name):
    active = str(props.get("Active", True)).lower() != "false"
    patiently(client().update_tag_option, Id=physical_id, Active=active)
    return physical_id, {"Id": physical_id}


def option_delete(physical_id, props):
    ending(client().delete_tag_option, Id=physical_id)


def option_of_create(logical_id, props, stack_name):
    patiently(
        client().associate_tag_option_with_resource, ResourceId=props["ResourceId"], TagOptionId=props["TagOptionId"]
    )
    return f"{props['TagOptionId']}|{props['ResourceId']}", {}


def option_of_delete(physical_id, props):
    ending(
        client().disassociate_tag_option_from_resource,
        **{name: props[name] for name in ("ResourceId", "TagOptionId")},
    )


def constraint(kind, of):
    """A type of constraint, and the API's parameters by the properties."""

    def given(props):
        return json.dumps(of(props))

    def create(logical_id, props, stack_name):
        made = patiently(
            client().create_constraint, PortfolioId=props["PortfolioId"], ProductId=props["ProductId"], Type=kind,
            Parameters=given(props), Description=props.get("Description"), IdempotencyToken=token(),
        )["ConstraintDetail"]
        return made["ConstraintId"], {"Id": made["ConstraintId"]}

    def update(physical_id, old, props, stack_name):
        patiently(
            client().update_constraint, Id=physical_id, Parameters=given(props), Description=props.get("Description", "")
        )
        return physical_id, {"Id": physical_id}

    return create, update, lambda physical_id, props: ending(client().delete_constraint, Id=physical_id)


def some(props, *names):
    return {name: props[name] for name in names if name in props}


STACK_SET = ("AccountList", "RegionList", "AdminRole", "ExecutionRole", "StackInstanceControl")
TYPES = {
    "LaunchNotificationConstraint": constraint("NOTIFICATION", lambda props: some(props, "NotificationArns")),
    "LaunchRoleConstraint": constraint("LAUNCH", lambda props: some(props, "RoleArn", "LocalRoleName")),
    "LaunchTemplateConstraint": constraint("TEMPLATE", lambda props: {"Rules": json.loads(props["Rules"])}),
    "Portfolio": (portfolio_create, portfolio_update, portfolio_delete),
    "PortfolioPrincipalAssociation": (principal_create, None, principal_delete),
    "PortfolioProductAssociation": (product_create, None, product_delete),
    "PortfolioShare": (share_create, share_update, share_delete),
    "ResourceUpdateConstraint": constraint(
        "RESOURCE_UPDATE", lambda props: {"Version": "2.0", "Properties": some(props, "TagUpdateOnProvisionedProduct")}
    ),
    "ServiceAction": (action_create, action_update, action_delete),
    "StackSetConstraint": constraint("STACKSET", lambda props: {"Version": "2.0", "Properties": some(props, *STACK_SET)}),
    "TagOption": (option_create, option_update, option_delete),
    "TagOptionAssociation": (option_of_create, None, option_of_delete),
}


def replacing(name):
    """The properties of a type whose change makes another resource of it."""
    schema = json.loads((SCHEMAS / f"{PREFIX}{name}.json".replace("::", "-")).read_text())
    return frozenset(path.rsplit("/", 1)[-1] for path in schema.get("createOnlyProperties", []))


def handlers():
    """Type to how it is made, and type to what replaces it."""
    made, replaced = {}, {}
    for name, (create, update, delete) in TYPES.items():
        handler = {"create": create, "delete": delete}
        if update:
            handler["update"] = update
        made[PREFIX + name] = handler
        replaced[PREFIX + name] = replacing(name)
    return made, replaced
