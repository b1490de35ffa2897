"""The forms of the pages, and the questions to the log of a box."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.http import QueryDict

from accounts.fields import WholeNumberFormField
from accounts.shared.explaining import explain
from accounts.shared.numbers import tell_count
from ballots.models import BallotBox
from ballots.refusals import QuantityOutOfRange
from lotteries.dates import IsoDateField


class SubmissionForm(forms.Form):
    """How many ballots. Its token makes a repeated form return the first one's receipts."""

    quantity = WholeNumberFormField(label="How many ballots?", min_value=1, initial=1)
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

    def limit(self, left: int) -> None:
        """Has the browser take no more than this participant can still submit."""
        attrs = self.fields["quantity"].widget.attrs
        attrs["max"] = min(left, attrs["max"])

    @classmethod
    def read(cls, data: QueryDict) -> dict[str, Any]:
        """What is_valid finds in it, read by the same fields without a form to show; {} if wrong.

        To copy the fields for a form is most of the work, and few are wrong and shown again.
        """
        try:
            return {name: each.clean(data.get(name)) for name, each in cls.base_fields.items()}
        except forms.ValidationError:
            return {}

    def renew(self) -> "SubmissionForm":
        """The same form with its errors, and with a token that nothing was sent with."""
        self.data = dict(self.data.items()) | {"token": str(uuid4())}
        return self


class DateForm(forms.Form):
    date = IsoDateField(
        label="Look up a date", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )


class NumberForm(forms.Form):
    """Which ballot of a box."""

    number = WholeNumberFormField(
        label="Number of the ballot",
        min_value=1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value"), "Type the number of a ballot, for example 7."
        ),
    )

    def __init__(self, *args: Any, box: BallotBox, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.box = box

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        if number > self.box.ballot_count:
            last = tell_count(self.box.ballot_count, "ballot")
            raise forms.ValidationError(f"No ballot has this number: in the box, there are {last}.")
        return number


class ClaimForm(forms.Form):
    """What the holder of a place tells the organiser. The verb says what is wrong with it."""

    contact = forms.CharField(
        label="How can the organiser reach you?",
        required=False,
        widget=forms.TextInput(attrs={"required": True}),
        help_text="An e-mail address, a telephone number, or whatever you like.",
    )
    message = forms.CharField(
        label="Message to the organiser",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="If you like. For example where to send the prize.",
    )


class ProofForm(forms.Form):
    """A question to the log of a box: which numbers it may have depends on the box."""

    smaller: str  # the names of its two fields
    larger: str

    def __init__(self, *args: Any, box: BallotBox, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.box = box

    def clean(self) -> None:
        """Without a size, that of the box is meant; none is larger."""
        super().clean()
        size = self.cleaned_data.get(self.larger) or self.box.ballot_count
        if size > self.box.ballot_count:
            self.add_error(
                self.larger, f"In the box: {tell_count(self.box.ballot_count, 'ballot')} so far."
            )
        elif self.cleaned_data.get(self.smaller, 0) > size:
            self.add_error(self.smaller, f"Choose a number from 1 to {size}.")
        self.cleaned_data[self.larger] = size

    @property
    def what_is_wrong(self) -> str:
        return explain(forms.ValidationError(self.errors.as_data()))


class InclusionForm(ProofForm):
    smaller, larger = "number", "size"
    number = WholeNumberFormField(min_value=1)
    size = WholeNumberFormField(min_value=1, required=False)


class ConsistencyForm(ProofForm):
    """Its names are those of the address; from is a word of Python's own."""

    smaller, larger = "from", "to"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = WholeNumberFormField(min_value=1)
        self.fields["to"] = WholeNumberFormField(min_value=1, required=False)
