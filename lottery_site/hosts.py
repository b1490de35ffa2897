"""By which names the site is asked: probes may use any, all others its own."""

import logging
import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.utils.log import log_response

from accounts.shared.problems import problem
from lottery_site.api import PREFIX
from lottery_site.views import show_refusal

logger = logging.getLogger(__name__)


class HostMiddleware:
    """Answers whoever asks for the site by a name that it does not have.

    Load balancers and containers ask for its health by an address of their own, or by none. Of
    others, scanners mostly, one line is logged, where Django would log an error with its traceback.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if scheme := request.META.get("HTTP_X_FORWARDED_PROTO"):
            # Of any case (RFC 3986, section 3.1): else HTTPS would be redirected for ever.
            request.META["HTTP_X_FORWARDED_PROTO"] = scheme.lower()
        if re.search(settings.PROBES, request.path_info.removeprefix("/")):
            request.META["HTTP_HOST"] = "localhost"  # which ALLOWED_HOSTS always has
        try:
            request.get_host()
        except DisallowedHost:
            # Django's own comes after this one, because it asks for the name.
            return self.security.process_response(request, refuse(request))
        return self.get_response(request)


def refuse(request: HttpRequest) -> HttpResponse:
    sentence = f"The address of this site is {settings.SITE_URL}"
    if request.path_info.startswith(PREFIX):
        response: HttpResponse = problem(HTTPStatus.BAD_REQUEST, sentence)
    else:
        response = show_refusal(request, sentence, HTTPStatus.BAD_REQUEST)
    response["Cache-Control"] = "no-store"
    response["Content-Length"] = str(len(response.content))
    log_response(
        "Refused a request for the unknown host %s",
        request.META.get("HTTP_HOST", "")[:100],
        response=response,
        request=request,
        logger=logger,
        level="info",
    )
    return response
