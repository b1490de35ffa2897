"""The account pages: Django's own, with this site's words."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, views
from django.contrib.auth.views import RedirectURLMixin, redirect_to_login
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from accounts.client_address import client_network
from accounts.confirming import confirm_without_link
from accounts.forms import (
    ChangePasswordForm,
    NewPasswordForm,
    RegisterForm,
    ResetPasswordForm,
    SignInForm,
)
from accounts.limits.devices import remember_device
from accounts.limits.guessing import forget_guesses
from accounts.limits.rates import RESET_MAILS_OF_A_NETWORK, password_hashes, registrations
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


class ChangePassword(SuccessMessageMixin, views.PasswordChangeView):
    form_class = ChangePasswordForm
    template_name = "accounts/change_password.html"
    success_url = reverse_lazy("accounts:account")
    success_message = "Your password is changed. You are signed out everywhere else."

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"network": client_network(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        remember_device(response, form.user)
        return response


class ResetPassword(FormView):
    form_class = ResetPasswordForm
    template_name = "accounts/reset_password.html"
    success_url = reverse_lazy("accounts:reset_password_sent")

    def form_valid(self, form: Any) -> HttpResponse:
        RESET_MAILS_OF_A_NETWORK.spend(client_network(self.request))
        form.save()
        return super().form_valid(form)


@require_safe
def reset_password_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_password_sent.html")


class SetNewPassword(SuccessMessageMixin, views.PasswordResetConfirmView):
    form_class = NewPasswordForm
    template_name = "accounts/set_new_password.html"
    success_url = reverse_lazy("accounts:sign_in")
    success_message = "Your new password is set. Sign in with it."

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        password_hashes().spend(client_network(request))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Whoever has proved to own the address need not wait, whoever else guesses meanwhile."""
        response = super().form_valid(form)
        confirm_without_link(form.user)
        forget_guesses(form.user.email, client_network(self.request))
        remember_device(response, form.user)
        return response


@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin has no door of its own: whoever may not enter signs in here, or is told so."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or str(reverse_lazy("admin:index")))
