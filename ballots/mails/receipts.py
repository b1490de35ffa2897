"""The numbers of a submission, to who wants them by mail."""

from django.urls import reverse

from accounts.mail.models import Kind
from accounts.mail.queueing import queue_mail
from ballots.models import Submission


def tell_numbers(submission: Submission) -> None:
    """In the transaction of the submission; the links to its receipts are on its page."""
    participant = submission.participant
    if not participant.wants_receipts:
        return
    lottery = submission.box.lottery
    facts = {
        "lottery": lottery.name,
        "closure_date": lottery.closure_date,
        "first": submission.first_number,
        "last": submission.last_number,
        "page": reverse("ballots:submission", args=[lottery.closure_date, submission.first_number]),
    }
    queue_mail(Kind.RECEIPTS, participant, facts=facts, at=submission.submitted_at)
