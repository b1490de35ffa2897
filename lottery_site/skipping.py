"""What an operation of the API would skip is refused: a typing error changes what is done."""

from typing import Any, ClassVar

from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.errors import HttpError
from ninja.operation import Operation
from ninja.params.models import QueryModel

from accounts.shared.known_names import what_is_repeated, what_is_unclear


class OnlyKnown(QueryModel):
    """The first that an operation reads of a request: whether it has more than is read."""

    __ninja_param_source__ = "query"  # type: ignore[assignment]
    known: ClassVar[list[str]]
    sources: ClassVar[set[str]]

    @classmethod
    def get_request_data(
        cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Raises HttpError 422."""
        # The token endpoint must ignore what it does not know (RFC 6749, section 3.2).
        if "form" in cls.sources:
            wrong = what_is_repeated(request.GET) or what_is_repeated(request.POST)
        else:
            wrong = what_is_unclear(request.GET, cls.known)
        if wrong:
            raise HttpError(422, wrong)
        if not cls.sources & {"body", "form"} and has_body(request):
            raise HttpError(422, "Send no body: nothing of it would be read.")
        return {}


def has_body(request: HttpRequest) -> bool:
    """Other than an empty object or form, which libraries send where there is nothing to send."""
    if request.body.strip() in {b"", b"{}"}:
        return False
    is_form = request.content_type == "multipart/form-data" and request.method == "POST"
    return bool(request.POST or request.FILES) if is_form else True


def refuse_what_is_skipped(router: Router) -> None:
    """Of each operation in a router, after the caller's token was read."""
    for path in router.path_operations.values():
        for operation in path.operations:
            operation.models.insert(0, only_known(operation))


def only_known(operation: Operation) -> type[OnlyKnown]:
    queries = [each for each in operation.models if each.__ninja_param_source__ == "query"]
    known = [name for each in queries for name in each.__ninja_flatten_map__]
    sources = {each.__ninja_param_source__ for each in operation.models}
    return type("OnlyKnown", (OnlyKnown,), {"known": known, "sources": sources})
