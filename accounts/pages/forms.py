"""The forms of the pages of one's own account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.signing_in import is_password_of

WRONG_PASSWORD = "This is not your password. Type it again."  # noqa: S105


class ProofForm(forms.Form):
    """It asks for the password: whoever finds a browser can do nothing with it."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, network: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.network = user, network

    def clean_password(self) -> str:
        """Raises TooManyRequests and TooManyWrongPasswords."""
        password: str = self.cleaned_data["password"]
        if not is_password_of(self.user, password, network=self.network):
            raise ValidationError(WRONG_PASSWORD, code="wrong")
        return password


class ChangeEmailForm(ProofForm, forms.ModelForm):
    class Meta:
        model = User
        fields = ("email",)
        labels = {"email": "New e-mail address"}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}

    field_order = ("email", "password")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email == self.user.email:
            raise ValidationError("This is the address of your account already.", code="same")
        return email


class ChangeUsernameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("username",)
        labels = {"username": "New username"}
        widgets = {"username": forms.TextInput(attrs={"autocomplete": "nickname"})}


class ChoicesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("is_shown_by_code", "wants_receipts", "wants_results")
        labels = {
            "is_shown_by_code": "If I win, show my participant code alone, and not my username",
            "wants_receipts": "Mail me the receipts of my ballots",
            "wants_results": "Mail me the result of each lottery that I took part in",
        }
        help_texts = {
            "is_shown_by_code": "What is chosen at the moment of a draw counts for it: "
            "what a draw has made public stays public."
        }
