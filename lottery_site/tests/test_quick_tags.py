"""The quick tags and filters say what Django's own say, whatever was asked before."""

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Engine
from django.test import Client
from django.urls import NoReverseMatch
from django.utils import timezone

from accounts.shared.page_texts import show_moment

PLAIN = Engine(libraries={"tz": "django.templatetags.tz"})
NOON = datetime(2020, 2, 29, 12, 30, 5, 250, tzinfo=UTC)
IN_TOKYO = NOON.astimezone(ZoneInfo("Asia/Tokyo"))
VALUES = [
    NOON,
    IN_TOKYO,
    datetime(2020, 2, 29, 12),  # noqa: DTZ001  of no zone
    None,
    "no date",
]
OF_DAYS = ["l j F Y", "j M Y", "Y-m-d"]
OF_MOMENTS = [*OF_DAYS, "j F Y, H:i:s", "c", "I"]


def render(engine: Engine, text: str, **values: Any) -> str:
    return engine.from_string("{% load tz %}" + text).render(Context(values))


@pytest.mark.parametrize("form", OF_MOMENTS)
@pytest.mark.parametrize("value", VALUES)
def test_moments_read_as_by_django_in_each_zone(value: object, form: str) -> None:
    text = f'{{{{ v|date:"{form}" }}}}, {{{{ v|timezone:"Asia/Tokyo"|date:"{form}" }}}}'
    for zone in ("UTC", "America/New_York", "UTC"):
        with timezone.override(zone):
            assert render(Engine.get_default(), text, v=value) == render(PLAIN, text, v=value)


@pytest.mark.parametrize("moment", [NOON, NOON.replace(year=4), IN_TOKYO])
def test_moments_of_lists_read_as_by_django(moment: datetime) -> None:
    for zone in ("UTC", "America/New_York"):
        with timezone.override(zone):
            read = render(PLAIN, '{{ v|date:"j F Y, H:i:s" }}', v=moment)
            assert show_moment(moment, ZoneInfo(zone)) == read


@pytest.mark.parametrize("form", OF_DAYS)
def test_days_read_as_by_django(form: str) -> None:
    text = f'{{{{ v|date:"{form}" }}}}'
    values = {"v": date(2020, 2, 29)}
    assert render(Engine.get_default(), text, **values) == render(PLAIN, text, **values)


def test_addresses_read_as_by_django() -> None:
    text = "{% url 'ballots:lottery' day %} {% url name as found %}{{ found }} {% url name %}"
    values = {"day": date(2020, 2, 29), "name": "ballots:home"}
    for _ in range(2):
        assert render(Engine.get_default(), text, **values) == render(PLAIN, text, **values)


@pytest.mark.parametrize("number", [0, 1, 7, 1_357_924_680, 2**40])
def test_numbered_addresses_read_as_by_django(number: int) -> None:
    text = "{% url 'ballots:receipt' day number %}"
    values = {"day": date(2020, 2, 29), "number": number}
    for _ in range(2):
        assert render(Engine.get_default(), text, **values) == render(PLAIN, text, **values)


@pytest.mark.parametrize("number", [-1, True, 1.0])
def test_what_is_no_number_has_no_address(number: object) -> None:
    render(Engine.get_default(), "{% url 'ballots:receipt' day 1 %}", day=date(2020, 2, 29))
    with pytest.raises(NoReverseMatch):
        render(
            Engine.get_default(),
            "{% url 'ballots:receipt' day number %}",
            day=date(2020, 2, 29),
            number=number,
        )


def test_no_request_changes_addresses(stranger: Client) -> None:
    links = r'href="([^"]+)"'
    before = re.findall(links, stranger.get("/fairness/").content.decode())
    moved = stranger.get("/fairness/", SCRIPT_NAME="/elsewhere").content.decode()
    assert re.findall(links, moved) == before
    assert "elsewhere" not in moved


@pytest.mark.parametrize("name", ["no:page", ""])
def test_an_address_that_there_is_not_is_none(name: str) -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            render(Engine.get_default(), "{% url name %}", name=name)
