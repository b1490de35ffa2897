"""The receipts of one's own ballots: on pages, on paper and as files."""

import json
import re
from html import unescape
from http import HTTPStatus
from itertools import islice
from typing import Any

import pytest
import zxingcpp
from django.conf import settings as site
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from ballots.day_after import pass_over
from ballots.models import BallotBox, Ground, Submission
from ballots.public.receipts import receipt, write_receipts
from ballots.tests.factories import BoxFactory, draw, submit
from ballots.views.receipts import ON_A_PAGE

VECTOR = json.loads((site.BASE_DIR / "docs/draw-vectors/receipt-offline.json").read_text())


def url(name: str, box: BallotBox, *args: int) -> str:
    return reverse(f"ballots:{name}", args=[box.lottery.closure_date, *args])


@pytest.fixture
def submission(alice: User, bob: User) -> Submission:
    """Alice's ballots 3 to 5, between two of bob's."""
    box = BoxFactory.create()
    submit(box, bob, 2)
    made = submit(box, alice, 3)
    submit(box, bob, 2)
    return made


def numbers(file: dict[str, Any]) -> list[int]:
    return [each["number"] for each in file["receipts"]]


# --- As files


def test_a_receipt_has_the_fields_of_the_protocol(submission: Submission) -> None:
    made = receipt(submission.ballots.get(number=4))
    assert list(made) == list(VECTOR)
    assert list(made["head"]) == list(VECTOR["head"])
    assert {name: type(value) for name, value in made.items() if name != "checkpoint"} == {
        name: type(value) for name, value in VECTOR.items() if name != "checkpoint"
    }
    assert (made["version"], made["number"], made["head"]["ballot_count"]) == (2, 4, 5)


def test_one_can_be_downloaded(alices_browser: Client, submission: Submission) -> None:
    answer = alices_browser.get(url("receipt_json", submission.box, 4))
    assert answer.json() == receipt(submission.ballots.get(number=4))
    assert answer.headers["Content-Type"] == "application/json"
    name = f"receipt-{submission.box.lottery.closure_date}-4.json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_those_of_a_submission_are_one_file(alices_browser: Client, submission: Submission) -> None:
    answer = alices_browser.get(url("submission_receipts_json", submission.box, 3))
    lottery = submission.box.lottery
    assert json.loads(answer.getvalue()) == {
        "version": 2,
        "lottery": str(lottery.id),
        "closure_date": lottery.closure_date.isoformat(),
        "receipts": [receipt(ballot) for ballot in submission.ballots.order_by("number")],
    }
    assert answer.headers["Content-Type"] == "application/json"
    name = f"receipts-{lottery.closure_date}-3.json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_those_of_a_lottery_are_one_file(
    alices_browser: Client, alice: User, submission: Submission
) -> None:
    submit(submission.box, alice, 2)
    submit(BoxFactory.create(), alice)
    answer = alices_browser.get(url("receipts", submission.box))
    file = json.loads(answer.getvalue())
    assert list(file) == ["version", "lottery", "closure_date", "receipts"]
    assert numbers(file) == [3, 4, 5, 8, 9]
    name = f"receipts-{submission.box.lottery.closure_date}.json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_file_of_a_submission_names_that_of_the_one_before(
    alices_browser: Client, alice: User, submission: Submission
) -> None:
    submit(submission.box, alice)
    answer = alices_browser.get(url("submission_receipts_json", submission.box, 8))
    before = url("submission_receipts_json", submission.box, 3)
    assert answer.headers["Link"] == f'<{before}>; rel="prev"'
    assert "Link" not in alices_browser.get(before).headers


def test_files_come_in_pieces_that_are_read_one_at_a_time(
    alices_browser: Client,
    alice: User,
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.MAX_BALLOTS_PER_SUBMISSION = 1000
    box = BoxFactory.create()
    for quantity in (1000, 700, 200, 900):
        submit(box, alice, quantity)
    pieces = write_receipts(box, box.submissions.of(alice))
    with django_assert_num_queries(2):  # submissions, and the ballots of the first ones
        first = list(islice(pieces, 3))
    with django_assert_num_queries(1):
        second = list(islice(pieces, 2))
    assert [piece.count('"number"') for piece in [*first, *second]] == [0, 500, 500, 500, 500]
    assert isinstance(alices_browser.get(url("receipts", box)), StreamingHttpResponse)
    file = json.loads("".join([*first, *second, *pieces]))
    assert numbers(file) == list(range(1, 2801))


# --- On pages


def test_a_page_shows_all_that_a_receipt_says(
    alices_browser: Client, submission: Submission
) -> None:
    ballot = submission.ballots.get(number=4)
    lottery = submission.box.lottery
    page = alices_browser.get(url("receipt", submission.box, 4)).content.decode()
    for shown in (ballot.id, submission.root, submission.participant_id, lottery.announcement):
        assert f"<code>{shown}</code>" in page
    assert url("receipt_json", submission.box, 4) in page


def test_the_page_of_a_submission_leads_to_its_receipts(
    alices_browser: Client, submission: Submission
) -> None:
    page = alices_browser.get(url("submission", submission.box, 3)).content.decode()
    for name in ("submission_receipts", "submission_receipts_json"):
        assert f'href="{url(name, submission.box, 3)}"' in page
    page = alices_browser.get(url("my_entry", submission.box)).content.decode()
    assert f'href="{url("receipts", submission.box)}"' in page


def read_code(svg: str) -> str:
    """What a camera reads of a QR code that is drawn as lines over a white square."""
    (side,) = map(int, re.findall(r'viewBox="0 0 (\d+) ', svg))
    (path,) = re.findall(r'stroke="#000" d="([^"]+)"', svg)
    rows = [bytearray(b"\xff" * side) for _ in range(side)]
    x = y = 0
    for kind, text in re.findall(r"([Mmh])([-0-9. ]+)", path):
        moved = [int(float(number)) for number in text.split()]
        if kind == "h":
            rows[y][x : x + moved[0]] = bytes(moved[0])
        x, y = moved if kind == "M" else (x + moved[0], y + (moved[1:] or [0])[0])
    pixels = b"".join(bytes(pixel for pixel in row for _ in range(4)) * 4 for row in rows)
    picture = memoryview(pixels).cast("B", [side * 4, side * 4])
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def read_codes(page: str) -> list[str]:
    return [read_code(svg) for svg in re.findall(r"<svg.*?</svg>", page)]


def test_its_code_leads_to_the_public_check(
    alices_browser: Client, stranger: Client, submission: Submission, settings: Settings
) -> None:
    settings.SITE_URL = "https://lottery.example.org"
    page = alices_browser.get(url("receipt", submission.box, 4)).content.decode()
    (address,) = read_codes(page)
    assert address == f"https://lottery.example.org{url('check', submission.box)}?number=4"
    assert unescape(page).count(address) == 1  # to be typed where there is no camera
    answer = stranger.get(address.removeprefix("https://lottery.example.org"))
    assert "Ballot 4 is in the box" in answer.content.decode()


def test_those_of_a_submission_are_printed_on_one_page(
    alices_browser: Client, submission: Submission
) -> None:
    page = alices_browser.get(url("submission_receipts", submission.box, 3)).content.decode()
    for ballot in submission.ballots.all():
        assert f"<code>{ballot.id}</code>" in page
    ends = [address.partition("?")[2] for address in read_codes(page)]
    assert ends == ["number=3", "number=4", "number=5"]


def test_many_are_printed_page_by_page(
    alices_browser: Client, alice: User, settings: Settings
) -> None:
    settings.MAX_BALLOTS_PER_SUBMISSION = ON_A_PAGE + 1
    box = BoxFactory.create()
    submit(box, alice, ON_A_PAGE + 1)
    path = url("submission_receipts", box, 1)
    first, last = (alices_browser.get(path, query) for query in ({}, {"from": ON_A_PAGE + 1}))
    assert f'href="?from={ON_A_PAGE + 1}" rel="next"' in first.content.decode()
    assert 'rel="next"' not in last.content.decode()
    found = [ballot.number for page in (first, last) for ballot, _ in page.context["receipts"]]
    assert found == list(range(1, ON_A_PAGE + 2))


@pytest.mark.parametrize("start", ["0x", "-1", "251", "9" * 15, "9" * 40, "²", "\0"])
def test_a_page_that_is_not_there(
    alices_browser: Client, submission: Submission, start: str
) -> None:
    path = url("submission_receipts", submission.box, 3)
    assert alices_browser.get(path, {"from": start}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(("name", "args"), [("receipt", [4]), ("submission_receipts", [3])])
def test_what_is_printed_comes_from_this_site_alone(
    alices_browser: Client, submission: Submission, name: str, args: list[int]
) -> None:
    """Nothing is fetched from elsewhere, and nothing is there that the policy would block."""
    page = alices_browser.get(url(name, submission.box, *args)).content.decode()
    fetched = re.findall(r'(?:<(?:script|link|img|use)\b[^>]*\b(?:src|href))="([^"]+)"', page)
    assert len(fetched) > 2
    assert all(re.match(r"/[^/]", address) or address == "/" for address in fetched), fetched
    for blocked in (" style=", "<style", "javascript:", "data:", "onclick"):
        assert blocked not in page


# --- Whose they are

PRIVATE: list[tuple[str, list[int]]] = [
    ("receipt", [4]),
    ("receipt_json", [4]),
    ("receipts", []),
    ("submission_receipts", [3]),
    ("submission_receipts_json", [3]),
]


@pytest.fixture
def alices_box(alice: User, bob: User) -> BallotBox:
    """Alice has the ballots 3 to 5, bob none."""
    box = BoxFactory.create()
    submit(box, alice, 2)
    return submit(box, alice, 3).box


@pytest.mark.parametrize(("name", "args"), PRIVATE)
def test_nobody_else_gets_them(
    bobs_browser: Client,
    adams_browser: Client,
    roots_browser: Client,
    alices_box: BallotBox,
    name: str,
    args: list[int],
) -> None:
    for browser in (bobs_browser, adams_browser, roots_browser):
        answer = browser.get(url(name, alices_box, *args))
        assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(("name", "args"), PRIVATE)
def test_they_need_a_login(
    stranger: Client, alices_box: BallotBox, name: str, args: list[int]
) -> None:
    path = url(name, alices_box, *args)
    answer = stranger.get(path)
    assert answer.headers["Location"] == f"{reverse('accounts:sign_in')}?next={path}"


@pytest.mark.parametrize(("name", "args"), PRIVATE)
def test_no_shared_cache_keeps_them(
    alices_browser: Client, alices_box: BallotBox, name: str, args: list[int]
) -> None:
    answer = alices_browser.get(url(name, alices_box, *args))
    assert "Cookie" in answer.headers["Vary"]
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("number", [0, 2, 6, 10**29])
def test_a_number_that_is_not_mine_has_none(
    alices_browser: Client, submission: Submission, number: int
) -> None:
    for name in ("receipt", "receipt_json", "submission_receipts", "submission_receipts_json"):
        answer = alices_browser.get(url(name, submission.box, number))
        assert answer.status_code == HTTPStatus.NOT_FOUND


# --- What became of a ballot


def says(browser: Client, box: BallotBox, words: str, *pages: tuple[str, int]) -> None:
    paths = [url(name, box, number) for name, number in pages]
    for path in [*paths, url("my_entry", box)]:
        assert words in browser.get(path).content.decode()


def test_who_won_reads_it_on_each_page(alices_browser: Client, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 3)
    winner = draw(box).winner
    assert winner
    words = f"Ballot {winner.number} won."
    says(alices_browser, box, words, ("submission", 1), ("receipt", winner.number))
    other = alices_browser.get(url("receipt", box, winner.number % 3 + 1)).content.decode()
    assert "This ballot was not drawn." in other


def test_with_several_places_each_page_says_which_one_and_what_repeats_are(
    alices_browser: Client, alice: User, bob: User
) -> None:
    box = BoxFactory.create(places=3)
    submit(box, alice, 3)
    submit(box, bob, 3)
    drawn = [each for each in draw(box).drawn.all() if each.participant_id == alice.pk]
    place, numbers = drawn[0].place, [each.number for each in drawn]
    words = f"Ballot {numbers[0]} won place {place}."
    says(alices_browser, box, words, ("submission", 1), ("receipt", numbers[0]))
    assert numbers[1:] == [number for number in numbers if number != numbers[0]]
    for number in numbers[1:]:
        for name, first in (("receipt", number), ("submission", 1)):
            page = alices_browser.get(url(name, box, first)).content.decode()
            assert f"Ballot {number} was drawn after another ballot" in page


def test_who_was_passed_over_reads_why(alices_browser: Client, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice)
    draw(box)
    reason = "an employee of the organiser"
    pass_over(box.lottery, number=1, ground=Ground.INELIGIBLE, reason=reason)
    words = f"{reason}”"
    says(alices_browser, box, words, ("submission", 1), ("receipt", 1))
    listed = alices_browser.get(reverse("ballots:my_ballots")).content.decode()
    assert "passed over" in listed
    assert "<strong>won" not in listed
