"""What admins are asked when they announce a lottery, and of the places of one that was drawn."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget
from django.utils import timezone

from accounts.fields import WholeNumberFormField
from ballots.day_after import GROUNDS
from ballots.models import LARGEST_NUMBER, Ground
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


class HolderForm(forms.Form):
    """Whose place it is: the holder as the page showed it, who may hold it no longer."""

    number = WholeNumberFormField(
        min_value=1,
        max_value=LARGEST_NUMBER,
        widget=forms.HiddenInput,
        error_messages={"required": "Choose a holder."},
    )


class PassOverForm(HolderForm):
    """On which ground a holder is passed over, and why."""

    ground = forms.TypedChoiceField(
        coerce=Ground,
        choices=[(each.value, each.words) for each in GROUNDS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a ground."},
    )
    reason = forms.CharField(
        required=False,  # pass_over says what is wrong with a reason
        widget=forms.TextInput(attrs={"size": 60, "required": True}),
        help_text="10 to 300 characters, shown behind the ground. Everybody can read it, for good: "
        "say nothing private.",
    )
