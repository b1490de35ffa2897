"""The pages for whatever no app answers."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from accounts.shared.problems import problem
from accounts.shared.troubles import DatabaseTrouble, explain_trouble

SAFE = ("GET", "HEAD", "OPTIONS")  # RFC 9110, section 9.2.1
KEPT = (REDIRECT_FIELD_NAME, "quantity")  # what a form that has expired takes along


def ping(request: HttpRequest) -> HttpResponse:
    """That the process answers, and nothing more."""
    return HttpResponse("pong", content_type="text/plain")


def no_page(request: HttpRequest, row: str) -> HttpResponse:
    """No row has a page of its own, and Django's search for it fails on what is no key."""
    raise Http404


def show_refusal(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return render(request, "refused.html", {"refusal": sentence}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent is too large, or not what a browser sends."""
    if isinstance(exception, RequestDataTooBig):
        sentence = "This is more than the site takes at once. Nothing was stored."
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    else:
        sentence = "The site could not read this request. Nothing was stored."
        status = HTTPStatus.BAD_REQUEST
    return show_refusal(request, sentence, status)


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """A method that the address doesn't take; allowed are those that it takes."""
    sentence = f"This address does not take {request.method}. Nothing was done."
    response = show_refusal(request, sentence, HTTPStatus.METHOD_NOT_ALLOWED)
    response["Allow"] = allowed
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of before somebody signed in or out in another tab: leads to a fresh one.

    Whoever tries to sign in or register and is signed in already just goes on.
    """
    kept = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
    again = f"{request.path}?{urlencode(kept)}" if kept else request.path
    doors = (reverse("accounts:sign_in"), reverse("accounts:register"))
    if request.user.is_authenticated and request.path in doors:
        return redirect(again)
    return render(request, "403_csrf.html", {"again": again}, status=HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """Made from nothing that could fail again: no database, no session, no static files' names.

    Django calls it where it has caught whatever a view or a middleware let through.
    """
    was_to_store = request.method not in SAFE
    if trouble := explain_trouble(sys.exc_info()[1], was_to_store=was_to_store):
        return show_trouble(request, trouble)
    context = {"project_name": settings.PROJECT_NAME}
    return HttpResponseServerError(render_to_string("500.html", context))


def show_trouble(request: HttpRequest, trouble: DatabaseTrouble) -> HttpResponse:
    """As a problem where a program asks: in the API, and where the address ends like a file."""
    if request.path_info.startswith("/api/") or "." in request.path_info.rpartition("/")[2]:
        return problem(trouble.status, str(trouble), **trouble.headers)
    context = {"project_name": settings.PROJECT_NAME, "refusal": trouble}
    page = render_to_string("503.html", context)
    return HttpResponse(page, status=trouble.status, headers=trouble.headers)
