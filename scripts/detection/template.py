"""Templates as plain data: functions in their long form, so that they can be edited and written as JSON."""
import copy
import json
import yaml


class Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: dates and numbers of base 60 stay texts."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def function(loader, suffix, node):
    """`!Sub x` as `{"Fn::Sub": x}`."""
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", function)


def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader)


def write(path, template):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(template, file, indent=1)


def resources(template, kind):
    """The logical ids of the resources of a type."""
    found = template.get("Resources", {})
    return [name for name, resource in found.items() if resource.get("Type") == kind]


def get(value, path):
    """What stands at a path of keys and positions; none where nothing does."""
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def changed(template, path, value):
    """A copy with another value at a path; `None` removes it."""
    new = copy.deepcopy(template)
    above = new
    for index, key in enumerate(path[:-1]):
        if isinstance(above, dict) and key not in above:
            above[key] = [] if isinstance(path[index + 1], int) else {}
        above = above[key]
    last = path[-1]
    if value is None:
        del above[last]
    elif isinstance(above, list) and last >= len(above):
        above.append(value)
    else:
        above[last] = value
    return new


def places(value, path=()):
    """Every path of a value with what stands there."""
    yield path, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield from places(inner, (*path, key))
