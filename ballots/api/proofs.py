"""The public record of each lottery, and the proofs of its ballot box, as the pages have them."""

from typing import Annotated, Any, cast

from django.http import HttpRequest
from ninja import Field, Query, Router
from ninja.errors import HttpError

from accounts.shared.problems import problems
from ballots.api.paging import PLAIN, IsoDate
from ballots.api.schemas import Consistency, Head, Inclusion, RecordOut
from ballots.editions.keeping import keep
from ballots.editions.versions import lottery_version
from ballots.forms import ConsistencyForm, InclusionForm, ProofForm
from ballots.models import BallotBox
from ballots.public import records

router = Router(tags=["lotteries"])

FromOne = Annotated[int, Field(ge=1), PLAIN]


@router.get("/{closure_date}/record", response={200: RecordOut, **problems(404)})
@keep(lottery_version)
def get_record(request: HttpRequest, closure_date: IsoDate) -> dict[str, Any]:
    """The public record; what is not public yet is null."""
    return records.record(BallotBox.objects.on(closure_date))


@router.get("/{closure_date}/head", response={200: Head, **problems(404)})
@keep(lottery_version)
def get_head(request: HttpRequest, closure_date: IsoDate) -> dict[str, Any]:
    """The head of the ballot box: its size and the root of its Merkle tree."""
    return records.head(BallotBox.objects.on(closure_date))


@router.get("/{closure_date}/proof", response={200: Inclusion, **problems(404)})
def get_proof(
    request: HttpRequest,
    closure_date: IsoDate,
    number: FromOne = Query(..., description="Of the ballot."),
    size: FromOne | None = Query(None, description="Of the box; its current size if left out."),
) -> dict[str, Any]:
    """The proof that a ballot is in the box (RFC 9162, section 2.1.3)."""
    box = BallotBox.objects.on(closure_date)
    asked = read_question(InclusionForm({"number": number, "size": size}, box=box))
    return records.inclusion(box, asked["number"], asked["size"])


@router.get(
    "/{closure_date}/consistency",
    response={200: Consistency, **problems(404)},
    by_alias=True,
)
def get_consistency(
    request: HttpRequest,
    closure_date: IsoDate,
    from_: FromOne = Query(..., alias="from", description="The smaller size."),
    to: FromOne | None = Query(None, description="The larger; the current one if left out."),
) -> dict[str, Any]:
    """The proof that the box only grew in between (RFC 9162, section 2.1.4)."""
    box = BallotBox.objects.on(closure_date)
    asked = read_question(ConsistencyForm({"from": from_, "to": to}, box=box))
    return records.consistency(box, asked["from"], asked["to"])


def read_question(form: ProofForm) -> dict[str, int]:
    if not form.is_valid():
        raise HttpError(422, form.what_is_wrong)
    return cast(dict[str, int], form.cleaned_data)
