"""How the public record is served: to every site, and kept by caches as long as it is true."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

View = Callable[..., HttpResponseBase]
Response = TypeVar("Response", bound=HttpResponseBase)

YEAR = 365 * 24 * 3600  # seconds


def publish(view: View) -> View:
    """A view that anybody's script may read (CORS) and ask again for cheaply (ETag)."""

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = require_safe(conditional_page(view))(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return serve


def let_caches_keep(response: Response, *, is_final: bool) -> Response:
    """For a year if it can never change again, else to be asked for each time."""
    if is_final:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, no_cache=True)
    return response


def publish_json(data: dict[str, Any], *, is_final: bool) -> HttpResponse:
    return let_caches_keep(JsonResponse(data, json_dumps_params={"indent": 1}), is_final=is_final)
