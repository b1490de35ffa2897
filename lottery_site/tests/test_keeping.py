"""Who is answered from memory, with what, and for how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from accounts.tests.racing import at_once
from ballots.editions.keeping import keep, moment_of
from ballots.editions.versions import Version, lottery_version
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, submit
from ballots.tests.winning import page
from lotteries.noting import append_note
from lottery_site.keeping import KeepMiddleware
from lottery_site.memory import OVERHEAD, Answer, Memory

NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Site:
    """A site of one page, which counts how often it is rendered."""

    def __init__(
        self, version_of: Callable[..., Version] = lambda at: ("1",), **given: Any
    ) -> None:
        self.at, self.rendered = NOON, 0
        self.view: Callable[..., HttpResponse] = keep(version_of)(self.render)
        self.given = given
        self.middleware = KeepMiddleware(self.serve, clock=lambda: self.at)

    def render(self, request: HttpRequest, **given: Any) -> HttpResponse:
        self.rendered += 1
        return HttpResponse(f"{request.get_full_path()}, {self.rendered}")

    def serve(self, request: HttpRequest) -> HttpResponse:
        return self.view(request, **self.given)

    def ask(self, path: str = "/", **given: Any) -> Any:
        return self.middleware(RequestFactory().get(path, **given))


@pytest.fixture
def site(transactional_db: None) -> Site:
    site = Site()
    site.ask()
    return site


def test_it_is_rendered_once(site: Site) -> None:
    first, second = site.ask(), site.ask()
    assert (site.rendered, second.content, second.headers) == (1, first.content, first.headers)


OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("/?a=1", {}),
    ("/other/", {}),
    ("/", {"headers": {"Host": "localhost"}}),
    ("/", {"headers": {"Host": "testserver:8000"}}),
    ("/", {"secure": True}),
    ("/", {"headers": {"X-Forwarded-Proto": "https"}}),
]
NOT_KEPT: list[dict[str, Any]] = [
    {"headers": {"Cookie": f"{settings.SESSION_COOKIE_NAME}=x"}},
    {"headers": {"Cookie": "a=1; messages=x"}},
    {"headers": {"If-Match": '"x"'}},
    {"headers": {"Transfer-Encoding": "chunked"}},
    {"CONTENT_LENGTH": "2"},
    {"REQUEST_METHOD": "POST"},
]


@pytest.mark.parametrize(("path", "given"), OTHERS)
def test_another_question_has_an_answer_of_its_own(
    site: Site, path: str, given: dict[str, Any]
) -> None:
    site.ask(path, **given)
    site.ask(path, **given)
    assert site.rendered == 2


@pytest.mark.parametrize("given", NOT_KEPT)
def test_some_are_never_answered_from_memory(site: Site, given: dict[str, Any]) -> None:
    for number in (2, 3):
        site.ask(**given)
        assert site.rendered == number
    site.ask()
    assert site.rendered == 3


def test_cookies_that_say_nothing_of_a_session_do_not_matter(site: Site) -> None:
    site.ask(headers={"Cookie": "csrftoken=x; theme=dark", "Authorization": "Bearer x"})
    assert site.rendered == 1


def refuse(response: HttpResponse) -> None:
    response.status_code = 404


def set_cookie(response: HttpResponse) -> None:
    response.set_cookie("csrftoken", "x")


@pytest.mark.parametrize("change", [refuse, set_cookie])
def test_some_answers_are_not_kept(
    transactional_db: None, change: Callable[[HttpResponse], None]
) -> None:
    site = Site()
    render = site.serve

    def serve(request: HttpRequest) -> HttpResponse:
        response = render(request)
        change(response)
        return response

    site.middleware.get_response = serve
    site.ask()
    site.ask()
    assert site.rendered == 2


def test_nothing_is_kept_where_there_is_no_version(transactional_db: None) -> None:
    site = Site(lambda at: None)
    site.ask()
    site.ask()
    assert site.rendered == 2


def test_the_view_tells_what_is_wrong_with_the_database(transactional_db: None) -> None:
    is_down = Event()

    def version_of(at: datetime) -> Version:
        if is_down.is_set():
            raise OperationalError
        return ("1",)

    site = Site(version_of)
    site.ask()
    is_down.set()
    with pytest.raises(OperationalError):
        site.ask()


# --- As time goes by


@pytest.fixture
def box(transactional_db: None) -> BallotBox:
    """Open since noon, until midnight."""
    return BoxFactory.create(closure_date=NOON.date())


@pytest.fixture
def of_a_lottery(box: BallotBox) -> Site:
    site = Site(lottery_version, closure_date=box.lottery.closure_date)
    site.ask()
    return site


def test_a_countdown_holds_for_a_minute(of_a_lottery: Site) -> None:
    of_a_lottery.at = NOON + MINUTE - SECOND
    of_a_lottery.ask()
    assert of_a_lottery.rendered == 1
    of_a_lottery.at = NOON + MINUTE
    of_a_lottery.ask()
    assert of_a_lottery.rendered == 2


def test_a_lottery_closes_at_its_time_also_within_a_minute(
    of_a_lottery: Site, box: BallotBox
) -> None:
    box.lottery.closes_at = NOON + 30 * SECOND
    box.lottery.save()
    for seconds, rendered in [(29.999, 2), (30, 3), (31, 3), (3600, 3)]:
        of_a_lottery.at = NOON + seconds * SECOND
        of_a_lottery.ask()
        assert of_a_lottery.rendered == rendered


def test_a_clock_that_is_put_back_shows_nothing_of_later(of_a_lottery: Site) -> None:
    of_a_lottery.at = NOON + timedelta(days=1)
    of_a_lottery.ask()
    of_a_lottery.at = NOON
    of_a_lottery.ask()
    assert of_a_lottery.rendered == 3


def test_the_moment_is_filled_in_each_time(transactional_db: None) -> None:
    site = Site()
    site.view = keep(lambda at: ("1",))(
        lambda request: HttpResponse(f"It is {moment_of(request, NOON)}.")
    )
    for seconds in (0, 7):
        site.at = NOON + seconds * SECOND
        answer = site.ask()
        assert answer.content == b"It is %d." % (NOON.timestamp() + seconds)
        assert "ETag" not in answer


# --- What the reader has already (RFC 9110, section 13.1.2)


@pytest.mark.parametrize("condition", ["{}", "W/{}", '"x", {}', "*"])
def test_a_reader_who_has_it_is_told_so(site: Site, condition: str) -> None:
    etag = site.ask()["ETag"]
    for asked in (site, Site()):  # from memory, and rendered
        answer = asked.ask(headers={"If-None-Match": condition.format(etag)})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
        assert "Content-Type" not in answer
    assert site.rendered == 1


def test_a_reader_who_has_another_gets_it(site: Site) -> None:
    answer = site.ask(headers={"If-None-Match": '"x"'})
    assert (answer.status_code, answer.content) == (200, b"/, 1")


def test_a_drawn_lottery_is_sent_once(transactional_db: None, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice)
    draw(box)
    for name in ("lottery", "record", "head"):
        whole = Client().get(page(box, name))
        for browser in (Client(), Client()):
            browser.get(page(box, name))
            answer = browser.get(page(box, name), headers={"If-None-Match": whole["ETag"]})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer["Cache-Control"] == whole["Cache-Control"]
            assert answer["Content-Security-Policy"] == whole["Content-Security-Policy"]


def test_head_is_get_without_the_body(box: BallotBox) -> None:
    browser = Client()
    whole = browser.get(page(box, "lottery"))
    head = browser.head(page(box, "lottery"))
    assert (head.content, head.headers) == (b"", whole.headers)
    assert browser.get(page(box, "lottery")).content == whole.content


def test_who_signs_in_is_shown_their_own_page(box: BallotBox, alices_browser: Client) -> None:
    address = reverse("ballots:home")
    assert "alice" not in Client().get(address).content.decode()
    assert "alice" in alices_browser.get(address).content.decode()


# --- Several at once


def test_a_change_is_seen_by_every_process_at_once(transactional_db: None) -> None:
    box = open_box()
    processes = [Client(), Client()]
    for number in range(3):
        append_note(box.lottery, f"Note {number}.")
        for process in processes:
            assert f"Note {number}." in process.get(page(box, "lottery")).content.decode()


def test_readers_never_see_less_than_was_there(transactional_db: None, alice: User) -> None:
    """What is stored before somebody asks is in what they are shown."""
    box, is_over = open_box(), Event()
    browser, seen = Client(), [0]

    def write() -> None:
        try:
            for number in range(25):
                submit(box, alice, at=datetime.now(UTC))
                seen[0] = number + 1
        finally:
            is_over.set()

    def look() -> None:
        while not is_over.is_set():
            least = seen[0]
            said = browser.get(page(box, "lottery")).content.decode()
            assert int(said.split("<dt>Ballots</dt><dd>")[1].split(",")[0]) >= least

    at_once(write, look, look)


# --- The memory


def answer_of(size: int) -> Answer:
    return Answer(lambda at: ("1",), ("1",), b"x" * (size - OVERHEAD), {})


def test_what_was_not_used_for_longest_gives_way() -> None:
    memory = Memory(most=30_000)
    for name in ("a", "b", "c"):
        memory.put(name, answer_of(10_000))
    memory.find("a")
    memory.put("d", answer_of(10_000))
    assert [name for name in "abcd" if memory.find(name)] == ["a", "c", "d"]
    assert memory.size == 30_000


def test_what_is_dropped_leaves_room() -> None:
    memory = Memory()
    memory.put("a", answer_of(10_000))
    memory.drop("a")
    memory.drop("b")
    assert (memory.find("a"), memory.size) == (None, 0)


def test_an_answer_takes_the_place_of_the_one_before() -> None:
    memory = Memory(most=30_000)
    for _ in range(10):
        memory.put("a", answer_of(10_000))
    memory.put("b", answer_of(20_000))
    assert memory.find("a")
    assert memory.size == 30_000


def test_a_large_answer_is_not_kept() -> None:
    memory = Memory(largest=10_000)
    memory.put("a", answer_of(10_001))
    assert (memory.find("a"), memory.size) == (None, 0)


def test_questions_made_up_do_not_fill_it(transactional_db: None) -> None:
    """Nor do they push out what others ask for in between."""
    site = Site()
    site.middleware.kept.memory = Memory(most=10 * OVERHEAD)
    for number in range(30):
        site.ask(f"/?{number}")
        site.ask("/")
    assert site.rendered == 31
    assert site.middleware.kept.memory.size <= 10 * OVERHEAD
