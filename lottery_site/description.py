"""What the API says of itself (OpenAPI 3.1), as validators and generators of clients read it."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation

from accounts.shared.problems import CONTENT_TYPE, Problem

# What any request may hear: it cannot be read, has too much, or has what would be skipped.
EVERYWHERE = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


class DescribedAPI(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name: it stays where the code moves to another module."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """What the code says, put right where its generator is wrong."""
        schema = super().get_openapi_schema(**options)
        for operation in operations(schema):
            for parameter in operation["parameters"]:
                # A parameter's own would be a map (OpenAPI 3.1, section 4.8.12).
                parameter.pop("examples", None)
            for status, response in operation["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST:
                    response["content"] = {CONTENT_TYPE: response["content"].popitem()[1]}
            for status in EVERYWHERE:
                operation["responses"].setdefault(status.value, describe_problem(status))
        drop_unused(schema)
        return schema


def describe_problem(status: HTTPStatus) -> dict[str, Any]:
    content = {"schema": {"$ref": REF_TEMPLATE.format(model=Problem.__name__)}}
    return {"description": status.phrase, "content": {CONTENT_TYPE: content}}


def drop_unused(schema: OpenAPISchema) -> None:
    """Leaves out what only groups parameters: generators would make classes of it for nobody."""
    text = json.dumps(schema, default=str)
    names = schema["components"]["schemas"]
    for name in [name for name in names if f'"{REF_TEMPLATE.format(model=name)}"' not in text]:
        del names[name]


def operations(schema: OpenAPISchema) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        yield from path.values()
