"""The receipts of somebody's own ballots, on pages and as files."""

from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from ballots.models import Ballot, Entry
from ballots.public.receipts import receipt as make_receipt
from ballots.views.mine import list_submissions, owners_page


@owners_page
def receipt(request: HttpRequest, closure_date: date, number: int) -> HttpResponse:
    ballot = find_own_ballot(request, closure_date, number)
    context = {"ballot": ballot, "receipt": make_receipt(ballot)}
    return render(request, "ballots/receipt.html", context)


def find_own_ballot(request: HttpRequest, closure_date: date, number: int) -> Ballot:
    return get_object_or_404(
        Ballot.objects.of(request.user).with_receipts().select_related("box__draw"),
        box__lottery__closure_date=closure_date,
        number=number,
    )


@owners_page
def receipt_json(request: HttpRequest, closure_date: date, number: int) -> HttpResponse:
    made = make_receipt(find_own_ballot(request, closure_date, number))
    disposition = f'attachment; filename="receipt-{closure_date}-{number}.json"'
    return JsonResponse(
        made, json_dumps_params={"indent": 1}, headers={"Content-Disposition": disposition}
    )


@owners_page
def receipts(request: HttpRequest, closure_date: date) -> HttpResponse:
    """My receipts as JSON, newest submission first, one submission at a time."""
    entry = get_object_or_404(
        Entry.objects.of(request.user), box__lottery__closure_date=closure_date
    )
    submission = list_submissions(entry, request.GET.get("before", "")).first()
    ballots = Ballot.objects.filter(submission=submission).with_receipts().order_by("-number")
    return JsonResponse(
        {
            "receipts": [make_receipt(ballot) for ballot in ballots],
            "before": submission.first_number if submission else None,
        }
    )
