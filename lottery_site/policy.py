"""The content security policy, made once and not at each request."""

from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


@cache
def site_policy() -> str:
    """That of the settings, in an order that is the same in each process."""
    return "; ".join(sorted(build_policy().split("; ")))


class PolicyMiddleware(CSPMiddleware):
    """Leaves to django-csp what a view changes of the policy, and Django's pages for DEBUG."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if settings.DEBUG or any(name.startswith("_csp") for name in vars(response)):
            changed: HttpResponseBase = super().process_response(request, response)
            return changed
        response.headers[HEADER] = site_policy()
        return response
