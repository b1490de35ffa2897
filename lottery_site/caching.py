"""Pages that depend on who asks: no cache that several people share may keep them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header, patch_cache_control


class PrivateMiddleware:
    """Marks as private what depends on the cookie and says nothing of caches itself.

    Vary says it too, but some caches leave that aside, and public pages say "you" to a winner.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if has_vary_header(response, "Cookie") and "Cache-Control" not in response:
            patch_cache_control(response, private=True)
        return response
