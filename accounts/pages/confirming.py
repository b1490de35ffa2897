"""Confirming the e-mail address."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.client_address import client_network
from accounts.confirming import confirm_address, queue_confirmation, read_token
from accounts.limits.rates import spend_confirmation
from accounts.pages.owner import OwnerRequest, owner_form


@owner_form
def send_confirmation(request: OwnerRequest) -> HttpResponse:
    """The link once more, while the address is not confirmed."""
    user = request.user
    if user.email_confirmed_at:
        messages.info(request, "Your e-mail address is confirmed already.")
        return redirect("accounts:account")
    if request.method != "POST":
        return render(request, "accounts/send_confirmation.html")
    spend_confirmation(user.email, client_network(request))
    queue_confirmation(user)
    messages.success(request, f"A link is on its way to {user.readable_email}.")
    return redirect("accounts:account")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button, which confirms: programs that check mails follow links, too."""
    confirmation, error = read_token(token), None
    if request.method == "POST":
        try:
            confirmation = confirm_address(token)
        except ValidationError as taken:
            error = taken
    context = {"confirmation": confirmation, "error": error}
    return render(request, "accounts/confirm_email.html", context)
