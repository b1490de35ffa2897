"""Switching off mails, by whoever has one of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.mail.switching import read_switch, switch_off


@csrf_exempt  # a program that shows mails sends it, without a cookie: the token says whose it is
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button, which switches off: programs that check mails follow links, too."""
    switch = switch_off(token) if request.method == "POST" else read_switch(token)
    return render(request, "accounts/unsubscribe.html", {"switch": switch})
