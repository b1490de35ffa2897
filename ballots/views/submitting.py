"""The form that submits ballots. What may be done, and when, is decided in life.py."""

from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.shared.page_texts import numbered_address
from accounts.shared.refusals import Refusal
from ballots import life
from ballots.forms import SubmissionForm
from ballots.models import BallotBox
from ballots.refusals import TokenUsedForAnotherQuantity
from ballots.views.lotteries import lottery_page, read_quantity


@require_http_methods(["GET", "HEAD", "POST"])
def submit_ballots(request: HttpRequest, closure_date: date) -> HttpResponse:
    if request.method != "POST":
        return redirect(form_again(closure_date, request.GET))
    if not request.user.is_authenticated:
        BallotBox.objects.on(closure_date)  # says where there is none
        messages.info(request, "Nothing was submitted: sign in, and then press “Submit ballots”.")
        return redirect_to_login(form_again(closure_date, request.POST))
    values = SubmissionForm.read(request.POST)
    if not values:
        box = BallotBox.objects.on(closure_date)
        return show_again(request, box, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        submission, is_new = life.submit_ballots(
            closure_date=closure_date, participant=request.user, **values
        )
    except TokenUsedForAnotherQuantity as refusal:
        box = BallotBox.objects.on(closure_date)
        earlier = box.submissions.of(request.user).get(token=values["token"])
        return show_again(request, box, refusal.status, earlier=earlier)
    except Refusal as refusal:
        box = BallotBox.objects.on(closure_date)  # says where this is what was refused
        page = show_again(request, box, refusal.status, str(refusal))
        for name, value in refusal.headers.items():
            page[name] = value
        return page
    if not is_new:
        messages.info(
            request,
            "This form had been sent before: these are the ballots from that time, "
            "and no new ones were made.",
        )
    path = numbered_address("ballots:submission", closure_date, submission.first_number)
    return HttpResponseRedirect(path)


def show_again(
    request: HttpRequest, box: BallotBox, status: int, sentence: str = "", **context: object
) -> HttpResponse:
    """The lottery's page with the form as it was sent, and what is wrong with it."""
    form = SubmissionForm(request.POST)
    if form.is_valid() and sentence:
        form.add_error(None, sentence)
    return lottery_page(request, box, form.renew(), status, **context)


def form_again(closure_date: date, query: QueryDict) -> str:
    """The address of the lottery's page with the form as it was filled in."""
    return reverse("ballots:lottery", args=[closure_date], query=read_quantity(query))
