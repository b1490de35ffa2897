"""What admins are asked when they announce a lottery, or pass over its winner."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone

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
        fields = ("name", "closure_date")

    def clean_name(self) -> str:
        return self.cleaned_data["name"] or make_up_name()

    def clean(self) -> None:
        """Says under the date that it is over, before the verb refuses it."""
        super().clean()
        if closure_date := self.cleaned_data.get("closure_date"):
            plan_closing(Lottery(closure_date=closure_date), at=timezone.now())


class PassOverForm(forms.Form):
    """Why the winner with this number is passed over. The number is that of the page as shown."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False,  # pass_over says what is wrong with a reason
        widget=forms.TextInput(attrs={"size": 60, "required": True}),
        help_text="Everybody can read it, for good: say nothing private.",
    )

    def renew(self, number: int) -> None:
        """The same reason, asked again for the winner with this number."""
        self.data = dict(self.data.items()) | {"number": number}
