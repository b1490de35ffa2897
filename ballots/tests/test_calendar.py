"""The calendars of closing times: all that are open, and one for each lottery."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.test import Client
from django.urls import reverse
from icalendar import Calendar, Event

from ballots.life import close_lottery, withdraw_lottery
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box

ALL = reverse("ballots:calendar")


def of_lottery(box: BallotBox) -> str:
    return reverse("ballots:lottery_calendar", args=[box.lottery.closure_date])


def events(client: Client, address: str = ALL) -> list[Event]:
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return [event for event in found if isinstance(event, Event)]


def closed_box(*, days: int) -> BallotBox:
    """Of a lottery that closed so many days ago, and is not drawn."""
    date = datetime.now(UTC).date() - timedelta(days=days + 1)
    return BoxFactory.create(closure_date=date, at=datetime.now(UTC) - timedelta(days=days + 1))


def test_an_event_is_the_moment_at_which_a_lottery_closes(stranger: Client) -> None:
    lottery = open_box(name="tan octopus lottery", prize="A bicycle\nand a bell").lottery
    (event,) = events(stranger)
    address = f"{settings.SITE_URL}/lotteries/{lottery.closure_date}/"
    assert event.start == lottery.closes_at
    assert event.to_ical().decode().count(f"DTSTART:{lottery.closes_at:%Y%m%dT%H%M%SZ}\r\n") == 1
    assert str(event["SUMMARY"]) == "tan octopus lottery closes"
    assert event["UID"] == f"{lottery.id}@localhost"
    assert str(event["URL"]) == address
    assert str(event["DESCRIPTION"]) == f"A bicycle\n{address}"
    assert "DTEND" not in event
    assert event.subcomponents == []


def test_it_has_the_open_lotteries_and_those_of_the_last_month(stranger: Client) -> None:
    closed_box(days=32)
    last_month, later, soon = closed_box(days=29), open_box(days=300), open_box(days=2)
    found = [str(event["UID"]).partition("@")[0] for event in events(stranger)]
    assert found == [str(box.pk) for box in (last_month, soon, later)]


def test_each_lottery_has_its_own_for_good(stranger: Client) -> None:
    box = BoxFactory.create()
    draw(box)
    open_box()
    (event,) = events(stranger, of_lottery(box))
    assert event.start == box.lottery.closes_at


def test_an_early_closing_is_a_change_of_the_event(stranger: Client) -> None:
    box = open_box()
    (before,) = events(stranger)
    closed, _ = close_lottery(box.lottery, early=True)
    (after,) = events(stranger)
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before["UID"] == after["UID"]
    assert closed.sealed_at
    assert after.start == after.stamp == closed.sealed_at.replace(microsecond=0)
    assert before.stamp == box.lottery.announced_at.replace(microsecond=0)


def test_a_withdrawn_lottery_vanishes(stranger: Client) -> None:
    box = open_box()
    withdraw_lottery(box.lottery)
    assert events(stranger) == []
    assert stranger.get(of_lottery(box)).status_code == 404


def test_it_is_text_that_calendars_read(stranger: Client) -> None:
    """Lines of at most 75 octets, commas and semicolons escaped (RFC 5545, 3.1 and 3.3.11)."""
    open_box(name="a, b; c\\n " + "é" * 85)
    lines = stranger.get(ALL).content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"SUMMARY:a\\, b\\; c\\\\n " in b"\r\n".join(lines)
    assert lines[:2] == [b"BEGIN:VCALENDAR", b"VERSION:2.0"]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines
    (event,) = events(stranger)
    assert str(event["SUMMARY"]) == "a, b; c\\n " + "é" * 85 + " closes"


def test_it_is_kept_like_the_feed(stranger: Client) -> None:
    open_box()
    answer = stranger.get(ALL)
    assert answer["Cache-Control"] == "public, no-cache"
    again = stranger.get(ALL, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_it_is_linked_where_people_look(stranger: Client) -> None:
    box = open_box()
    link = '<link rel="alternate" type="text/calendar" href="{}"'
    for name in ("home", "open_lotteries", "lottery"):
        args = [box.lottery.closure_date] if name == "lottery" else []
        page = stranger.get(reverse(f"ballots:{name}", args=args)).content.decode()
        assert f'<a href="{ALL}">all closing times</a>' in page
        assert link.format(ALL) in page
    assert link.format(of_lottery(box)) in page
    assert f'<a href="{of_lottery(box)}">this closing time</a>' in page
