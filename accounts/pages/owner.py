"""Pages that are for whoever is signed in, about their own account, and that no cache keeps."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User


class OwnerRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


View = Callable[..., HttpResponseBase]


def owner_page(view: View) -> Callable[..., Any]:
    """A page that only shows."""
    return login_required(require_safe(never_cache(view)))


def owner_form(view: View) -> Callable[..., Any]:
    """A page with a form, which is sent to the page itself."""
    methods = require_http_methods(["GET", "HEAD", "POST"])
    return login_required(methods(never_cache(view)))


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also one of which no box is ticked."""
    return request.POST if request.method == "POST" else None
