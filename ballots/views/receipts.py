"""The receipts of somebody's own ballots, on pages and as files."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from ballots.models import Ballot, BallotBox, Entry, SubmissionQuerySet
from ballots.own_submissions import find_submission
from ballots.paging import first_page, read_number
from ballots.public.receipts import receipt as make_receipt
from ballots.public.receipts import write_receipts
from ballots.views.mine import owners_page

ON_A_PAGE = 100  # receipts to print, each with its QR code


def find_own_ballot(request: HttpRequest, closure_date: date, number: int) -> Ballot:
    return get_object_or_404(
        Ballot.objects.of(request.user).with_receipts().select_related("box__draw", "drawn"),
        box__lottery__closure_date=closure_date,
        number=number,
    )


@owners_page
def receipt(request: HttpRequest, closure_date: date, number: int) -> HttpResponse:
    ballot = find_own_ballot(request, closure_date, number)
    context = {"box": ballot.box, "ballot": ballot, "receipt": make_receipt(ballot)}
    return render(request, "ballots/receipt.html", context)


@owners_page
def receipt_json(request: HttpRequest, closure_date: date, number: int) -> HttpResponse:
    made = make_receipt(find_own_ballot(request, closure_date, number))
    disposition = f'attachment; filename="receipt-{closure_date}-{number}.json"'
    return JsonResponse(
        made, json_dumps_params={"indent": 1}, headers={"Content-Disposition": disposition}
    )


@owners_page
def receipts(request: HttpRequest, closure_date: date) -> StreamingHttpResponse:
    """One file with all my receipts of a lottery."""
    entry = get_object_or_404(
        Entry.objects.of(request.user).select_related("box__lottery"),
        box__lottery__closure_date=closure_date,
    )
    return stream_receipts(entry.box, entry.submissions, f"receipts-{closure_date}.json")


@owners_page
def submission_receipts(
    request: HttpRequest, closure_date: date, first_number: int
) -> HttpResponse:
    """The receipts of a submission, to print: so many from the number on that is asked for."""
    submission = find_submission(request.user, closure_date, first_number)
    ballots = Ballot.objects.with_receipts().filter(submission=submission).order_by("number")
    if start := request.GET.get("from"):
        ballots = ballots.filter(number__gte=read_number(start))
    page, last = first_page(ballots, ON_A_PAGE)
    if not page:
        raise Http404("There is no such number.")
    context = {
        "box": submission.box,
        "submission": submission,
        "receipts": [(ballot, make_receipt(ballot)) for ballot in page],
        "last": last,
    }
    return render(request, "ballots/submission_receipts.html", context)


@owners_page
def submission_receipts_json(
    request: HttpRequest, closure_date: date, first_number: int
) -> StreamingHttpResponse:
    """One file with the receipts of a submission of mine, and a link to that of the one before."""
    submission = find_submission(request.user, closure_date, first_number)
    mine = submission.box.submissions.of(request.user)
    name = f"receipts-{closure_date}-{first_number}.json"
    response = stream_receipts(submission.box, mine.filter(pk=submission.pk), name)
    before = mine.filter(first_number__lt=first_number).order_by("-first_number").first()
    if before:
        args = [closure_date, before.first_number]
        address = reverse("ballots:submission_receipts_json", args=args)
        response["Link"] = f'<{address}>; rel="prev"'
    return response


def stream_receipts(
    box: BallotBox, submissions: SubmissionQuerySet, name: str
) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        write_receipts(box, submissions),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
