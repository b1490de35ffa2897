"""What the API's description says, operation by operation."""

from typing import Any

from lottery_site.api import api


def operations() -> dict[str, dict[str, Any]]:
    """Each operation by its method and its path below /api: "GET /ping"."""
    return {
        f"{method.upper()} {path.removeprefix('/api')}": operation
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
    }


def parameters_of(operation: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in operation["parameters"]}


def fields_of(operation: dict[str, Any]) -> dict[str, Any]:
    """What its body has, by name; nothing where it takes none."""
    if "requestBody" not in operation:
        return {}
    (content,) = operation["requestBody"]["content"].values()
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    schemas = api.get_openapi_schema()["components"]["schemas"]
    return dict(schemas.get(name, content["schema"])["properties"])
