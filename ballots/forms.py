from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings

from ballots.models import BallotBox
from ballots.refusals import QuantityOutOfRange
from lotteries.dates import IsoDateField


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
        refusal = str(QuantityOutOfRange(most=most))
        quantity.error_messages |= dict.fromkeys(("required", "invalid", "min_value"), refusal)

    def renew(self) -> "SubmissionForm":
        """The same form with its errors, and with a token that nothing was sent with."""
        self.data = dict(self.data.items()) | {"token": str(uuid4())}
        return self


class DateForm(forms.Form):
    date = IsoDateField(
        label="Look up a date", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )


class ProofForm(forms.Form):
    """A question to the log of a box: which numbers it may have depends on the box."""

    def __init__(self, *args: Any, box: BallotBox, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.box = box

    def clean(self) -> None:
        """Without a size, that of the box is meant; none is larger."""
        super().clean()
        smaller, larger = self.fields
        size = self.cleaned_data.get(larger) or self.box.ballot_count
        if size > self.box.ballot_count:
            self.add_error(larger, f"There are {self.box.ballot_count} ballots so far.")
        elif self.cleaned_data.get(smaller, 0) > size:
            self.add_error(smaller, f"Choose a number from 1 to {size}.")
        self.cleaned_data[larger] = size

    @property
    def what_is_wrong(self) -> str:
        errors = self.errors.get_json_data().items()
        return " ".join(f"{name}: {error['message']}" for name, each in errors for error in each)


class InclusionForm(ProofForm):
    number = forms.IntegerField(min_value=1)
    size = forms.IntegerField(min_value=1, required=False)


class ConsistencyForm(ProofForm):
    """Its names are those of the address; from is a word of Python's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.IntegerField(min_value=1)
        self.fields["to"] = forms.IntegerField(min_value=1, required=False)
