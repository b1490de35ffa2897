from uuid import uuid4

from django import forms
from django.conf import settings

from ballots.refusals import QuantityOutOfRange


class SubmissionForm(forms.Form):
    """How many ballots. Its token makes a repeated form return the first one's receipts."""

    quantity = forms.IntegerField(label="How many ballots?", min_value=1, initial=1)
    token = forms.UUIDField(
        initial=uuid4,
        # A reloaded page is a new form: the browser must not put the old token back.
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "The form was incomplete. Please submit it again.",
            "invalid": "The form was incomplete. Please submit it again.",
        },
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        most, quantity = settings.MAX_BALLOTS_PER_SUBMISSION, self.fields["quantity"]
        quantity.widget.attrs["max"] = most
        refusal = str(QuantityOutOfRange(most))
        quantity.error_messages |= dict.fromkeys(("required", "invalid", "min_value"), refusal)

    def renewed(self) -> "SubmissionForm":
        """The same form with its errors, and with a token that nothing was sent with."""
        self.data = {**self.data, "token": str(uuid4())}
        return self


class DateForm(forms.Form):
    date = forms.DateField(
        label="Look up a date", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
