"""Public text on a page: its lines, links that lead where they say, and no HTML of its own."""

from html import unescape

import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis.strategies import characters, text

from accounts.shared.links import show_text

REL = ' rel="nofollow noopener noreferrer ugc"'


def link(address: str, shown: str = "") -> str:
    return f'<a href="{address}"{REL}>{shown or address}</a>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.example", link("https://a.example")),
        ("HTTP://A.example/", link("HTTP://A.example/")),
        ("See https://a.example/x.", f"See {link('https://a.example/x')}."),
        ("https://a.example/?", f"{link('https://a.example/')}?"),
        ("(https://a.example/x_(y)),", f"({link('https://a.example/x_(y)')}),"),
        ("“https://a.example”", f"“{link('https://a.example')}”"),
        ('"https://a.example"', f"&quot;{link('https://a.example')}&quot;"),
        ("<https://a.example>", f"&lt;{link('https://a.example')}&gt;"),
        ("https://a.example:8443/x#y", link("https://a.example:8443/x#y")),
        # What looks like an entity of HTML is a parameter.
        ("https://a.example/?b=1&region=eu", link("https://a.example/?b=1&amp;region=eu")),
    ],
)
def test_an_address_is_a_link_without_what_is_around_it(text: str, shown: str) -> None:
    assert show_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript://a.example/%0aalert(1)",
        "data:text/html,<b>",
        "vbscript:x",
        "ftp://a.example",
        "//a.example",
        "www.a.example",
        "a.com",
        "carol@a.example",
        "mailto:carol@a.example",
        "https://",
        "https://a..example",
        "https://[::1",
        "https://a.example&b",
        "xhttps://a.example",
    ],
)
def test_what_is_no_link(text: str) -> None:
    assert "<a" not in show_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://bank.example@evil.example/",
        "https://bank.example:pw@evil.example/",
        "https://bank.example\\@evil.example/",
        "https://bank%2Eexample/",
    ],
)
def test_an_address_that_reads_like_another_is_no_link(text: str) -> None:
    assert "<a" not in show_text(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://b\u0430nk.example/", "xn--bnk-6cd.example"),  # a Cyrillic letter
        ("https://bücher.example/x", "xn--bcher-kva.example"),
        ("https://ｂank.example", "bank.example"),
    ],
)
def test_a_host_in_other_letters_is_shown_as_registries_know_it(text: str, host: str) -> None:
    assert show_text(text).endswith(f">{text} ({host})</a>")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=https://a.example/x.png onerror=alert(1)>",
        '<a href="https://a.example">',
        'https://a.example/"onmouseover="alert(1)',
        "https://a.example/'><b>",
        "&lt;b&gt; &amp; &copy;",
        "\0<b>",
    ],
)
def test_no_html_but_links_of_ours(text: str) -> None:
    shown = show_text(text)
    assert shown.count("<") == 2 * shown.count(REL)
    assert not any(tag in shown for tag in ("<img", "<b", "<script"))
    assert unescape(strip_tags(shown)) == text


@given(text(alphabet=list("ahtps:/.@&;,()[]<>\"' \n?")) | text(characters(exclude_characters="\r")))
def test_no_character_is_lost(written: str) -> None:
    shown = show_text(f"https://a.example/{written}").replace("<br>", "\n")
    assert unescape(strip_tags(shown)) == f"https://a.example/{written}"


def test_lines_stay_lines() -> None:
    assert show_text("one\ntwo\n\nfour") == "one<br>two<br><br>four"


@pytest.mark.parametrize("part", ["(", "&lt;", ";", "://", "https://a.example/x ", "a:&a;", "[)"])
def test_a_long_text_costs_no_more_than_its_length(part: str) -> None:
    assert len(show_text(part * (20_000 // len(part)))) < 500_000
