"""Registering, signing in and signing out: Django's own pages, with this site's words."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, views
from django.contrib.auth.views import RedirectURLMixin, redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from accounts.client_address import client_network
from accounts.forms import RegisterForm, SignInForm
from accounts.limits.devices import remember_device
from accounts.limits.rates import registrations
from accounts.registering import register

DOORS = ("register", "sign_in", "sign_out")


class ComeBackMixin(RedirectURLMixin):
    """After it, people are where they came from."""

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Where they came from; "" where that is outside, or one of these doors again."""
        url: str = super().get_redirect_url()
        is_door = urlsplit(url).path in {reverse(f"accounts:{name}") for name in DOORS}
        return "" if is_door else url


@method_decorator([sensitive_post_parameters("password"), never_cache], name="dispatch")
class Register(ComeBackMixin, FormView):
    """A new participant, signed in at once and sent to where they came from."""

    form_class = RegisterForm
    template_name = "accounts/register.html"
    next_page = settings.LOGIN_REDIRECT_URL

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return HttpResponseRedirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        registrations().spend(client_network(request))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: RegisterForm) -> HttpResponse:
        try:
            user = register(**form.cleaned_data)
        except ValidationError as error:  # somebody else took the name since the form was checked
            form.add_error(None, error)
            return self.form_invalid(form)
        login(self.request, user)
        messages.success(self.request, f"Welcome, {user.username}. You can take part now.")
        response = super().form_valid(form)
        remember_device(response, user)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"next": self.get_redirect_url()}


class SignIn(ComeBackMixin, views.LoginView):
    authentication_form = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        remember_device(response, form.get_user())
        return response


class SignOut(views.LogoutView):
    """By POST alone: whoever follows a link to it stays signed in."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        signed_in = request.user.is_authenticated
        return redirect("accounts:account" if signed_in else settings.LOGOUT_REDIRECT_URL)


@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin has no door of its own: whoever may not enter signs in here, or is told so."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or str(reverse_lazy("admin:index")))
