"""What admins are asked when they announce a lottery, or pass over its winner."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget
from django.utils import timezone

from ballots.models import DrawnBallot, Ground
from lotteries.announcing import make_up_name, plan_closing
from lotteries.dates import IsoDateField
from lotteries.models import Lottery


class LotteryForm(forms.ModelForm):
    """What an admin decides about a new lottery. The rest follows from it."""

    closure_date = IsoDateField(
        widget=AdminDateWidget,
        help_text=Lottery._meta.get_field("closure_date").help_text,
    )

    class Meta:
        model = Lottery
        fields = (
            "name",
            "closure_date",
            "prize",
            "terms",
            "places",
            "ballots_each",
            "claim_days",
        )
        # The admin's own for such columns are of one line.
        widgets = {"prize": AdminTextareaWidget, "terms": AdminTextareaWidget}

    def clean_name(self) -> str:
        return self.cleaned_data["name"] or make_up_name()

    def clean(self) -> None:
        """Says under the date that it is over, before the verb refuses it."""
        super().clean()
        if closure_date := self.cleaned_data.get("closure_date"):
            plan_closing(Lottery(closure_date=closure_date), at=timezone.now())


class PassOverForm(forms.Form):
    """Which holder is passed over, and why. The holders are those of the page as shown."""

    number = forms.IntegerField(label="Holder", widget=forms.Select)
    ground = forms.TypedChoiceField(
        coerce=Ground,
        choices=[(each.value, each.label) for each in (Ground.INELIGIBLE, Ground.UNREACHED)],
    )
    reason = forms.CharField(
        required=False,  # pass_over says what is wrong with a reason
        widget=forms.TextInput(attrs={"size": 60, "required": True}),
        help_text="Everybody can read it, for good: say nothing private.",
    )

    def __init__(self, *args: Any, holders: list[DrawnBallot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (each.number, f"place {each.place}: ballot {each.number} of {each.shown_as}")
            for each in holders
            if each.is_standing
        ]
        self.fields["number"].widget.choices = choices
