"""The draw protocol as a page, and the files with known answers beside it."""

from django.conf import settings
from django.test import Client
from django.urls import reverse

from ballots.tests.factories import BoxFactory, draw

DOCS = settings.BASE_DIR / "docs"
VECTORS = sorted(file.name for file in (DOCS / "draw-vectors").iterdir())


def protocol(client: Client) -> str:
    return client.get(reverse("ballots:draw_protocol")).content.decode()


def test_the_page_has_the_formulas_as_they_are_written(stranger: Client) -> None:
    _, formulas, *_ = (DOCS / "draw-protocol.md").read_text().split("```\n")
    shown = protocol(stranger).replace("&quot;", '"').replace("&lt;", "<")
    assert "leaf of no. k    H(0x00 ‖ L(" in formulas
    assert f'<pre tabindex="0"><code>{formulas}</code></pre>' in shown
    assert "<h2>The public record</h2>" in shown


def test_the_page_says_what_this_release_has_not(stranger: Client) -> None:
    assert "<code>/key.json</code> and <code>/journal/</code> do not exist" in protocol(stranger)
    for address in ("/key.json", "/journal/checkpoint"):
        assert stranger.get(address).status_code == 404


def test_every_file_of_known_answers_is_beside_it(stranger: Client) -> None:
    page = protocol(stranger)
    assert "known-answers.json" in VECTORS
    for name in VECTORS:
        address = reverse("ballots:draw_vector", args=[name])
        answer = stranger.get(address)
        assert f'href="{address}"' in page
        assert answer.content == (DOCS / "draw-vectors" / name).read_bytes()
        assert answer["Content-Type"] == "application/json"
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_file_is_sent_again_only_when_it_is_another(stranger: Client) -> None:
    address = reverse("ballots:draw_vector", args=["known-answers.json"])
    tag = stranger.get(address)["ETag"]
    assert stranger.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_no_other_file_is_served(stranger: Client) -> None:
    for name in ("settings.md", "..%2fsettings.md", "known-answers", "%2e%2e"):
        assert stranger.get(f"/draw-protocol/{name}").status_code == 404


def test_pages_about_checking_lead_to_it(stranger: Client) -> None:
    box = BoxFactory.create()
    draw(box)
    for address in (
        reverse("ballots:fairness"),
        reverse("ballots:check", args=[box.lottery.closure_date]),
    ):
        page = stranger.get(address).content.decode()
        assert f'href="{reverse("ballots:draw_protocol")}"' in page


def test_the_image_takes_what_is_served_along() -> None:
    """The rest of docs stays behind."""
    lines = (settings.BASE_DIR / ".dockerignore").read_text().splitlines()
    at = lines.index("docs/*")
    assert {"!docs/draw-protocol.md", "!docs/draw-vectors"} <= set(lines[at:])
