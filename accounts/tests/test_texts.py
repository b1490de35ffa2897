"""Which public texts there may be, and in which form each is kept."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.shared.texts import (
    canonical_line,
    canonical_password,
    canonical_username,
    validate_line,
)

VISIBLE = {
    "latin": "Zoë O'Brien-Núñez",
    "german": "Straße",
    "turkish": "İıŞğ",
    "vietnamese": "Nguyễn Thị Ánh",
    "greek": "Νίκος",
    "cyrillic": "Йосип",
    "hebrew": "שלום עולם",
    "hebrew with points": "שָׁלוֹם",
    "arabic": "محمد علي",
    "persian": "می\u200cخواهم",
    "urdu": "پاکستان",
    "hindi": "हिन्दी",
    "hindi with a joiner": "क्\u200dष",
    "hindi with a non-joiner": "क्\u200cष",
    "bengali": "বাংলা",
    "bengali with a joiner": "র\u200d্যাব",
    "sinhala": "ශ්\u200dරී ලංකා",
    "malayalam": "അവന്\u200d",
    "tamil": "தமிழ்",
    "thai": "ภาษาไทย",
    "khmer": "ភាសាខ្មែរ",
    "amharic": "አማርኛ",
    "chinese": "李小龙",
    "japanese": "山田 タロウ",
    "korean": "홍길동",
    "emoji": "🎲🎉🙂",
    "family": "👨\u200d👩\u200d👧",
    "emoji with a skin": "👩🏽\u200d💻",
    "heart in colour": "a❤\ufe0fb",
    "rainbow flag": "🏳\ufe0f\u200d🌈",
    "keycap": "abc 1\ufe0f\u20e3",
    "flag": "abc 🇳🇱",
    "punctuation": "!?!",
    "digits": "123",
}

HIDDEN = {
    "null": "\0",
    "bell": "\a",
    "tab": "\t",
    "line feed": "\n",
    "carriage return": "\r",
    "escape": "\x1b",
    "delete": "\x7f",
    "next line": "\x85",
    "soft hyphen": "\xad",
    "combining grapheme joiner": "\u034f",
    "arabic letter mark": "\u061c",
    "hangul choseong filler": "\u115f",
    "hangul jungseong filler": "\u1160",
    "khmer inherent vowel": "\u17b4",
    "mongolian variation selector": "\u180b",
    "mongolian vowel separator": "\u180e",
    "zero width space": "\u200b",
    "zero width non-joiner": "\u200c",
    "zero width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left mark": "\u200f",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "right-to-left embedding": "\u202b",
    "right-to-left override": "\u202e",
    "word joiner": "\u2060",
    "invisible times": "\u2062",
    "left-to-right isolate": "\u2066",
    "pop directional isolate": "\u2069",
    "braille blank": "\u2800",
    "hangul filler": "\u3164",
    "surrogate": "\ud800",
    "private use": "\ue000",
    "variation selector 1": "\ufe00",
    "emoji variation selector": "\ufe0f",
    "byte order mark": "\ufeff",
    "halfwidth hangul filler": "\uffa0",
    "interlinear annotation": "\ufff9",
    "object replacement": "\ufffc",
    "noncharacter": "\uffff",
    "musical null notehead": "\U0001d159",
    "musical begin beam": "\U0001d173",
    "language tag": "\U000e0001",
    "tag a": "\U000e0061",
    "variation selector 17": "\U000e0100",
    "unassigned": "\U000e0fff",
    "private use of plane 15": "\U000f0000",
}


@pytest.mark.parametrize("text", VISIBLE.values(), ids=VISIBLE)
def test_text_of_every_script_is_allowed(text: str) -> None:
    for canonical in (canonical_line, canonical_username):
        validate_line(canonical(text))


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("text", ["{}abc", "a{}bc", "abc{}", "{}{}{}", "می{}abc"])
def test_what_shows_nothing_is_refused_wherever_it_stands(text: str, hidden: str) -> None:
    with pytest.raises(ValidationError, match="Use letters, digits, spaces and punctuation only"):
        validate_line(text.replace("{}", hidden))


def test_the_message_names_the_character() -> None:
    with pytest.raises(ValidationError, match=r"Leave out U\+202E:"):
        validate_line("ab\u202ec")


@pytest.mark.parametrize(
    "text",
    ["ab\u200dc", "क\u200dष", "1\ufe0f2", "🙂\u200d", "\u200d🙂", "😀\ufe0f\ufe0f", "د\u200cد"],
)
def test_a_joiner_that_changes_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Leave out"):
        validate_line(text)


@pytest.mark.parametrize("text", ["\u0301", "\u0301\u0301\u0301", "\u0301abc", "¨¨¨", "\u20dd12"])
def test_an_accent_without_a_letter_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Start with a character that can be seen"):
        validate_line(canonical_username(text))


def test_a_tower_of_accents_is_refused() -> None:
    validate_line("x" + "\u0335" * 4)
    with pytest.raises(ValidationError, match="at most four accents"):
        validate_line("x" + "\u0335" * 5)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  alice  ", "alice"),
        ("\tal\xa0\u2003ice\n", "al ice"),
        ("al\u3000ice", "al ice"),
        ("e\u0301mile", "émile"),
        ("\u2003", ""),
    ],
)
def test_spaces_and_accents_have_one_form(typed: str, kept: str) -> None:
    assert canonical_line(typed) == canonical_username(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("ａｌｉｃｅ", "alice"), ("ﬁne", "fine"), ("\u212aelvin", "Kelvin"), ("①②③", "123")],
)
def test_usernames_lose_what_is_for_compatibility(typed: str, kept: str) -> None:
    assert canonical_username(typed) == kept
    assert canonical_line(typed) == typed.replace("\u212a", "K")


@given(st.text())
def test_a_canonical_text_is_its_own(text: str) -> None:
    for canonical in (canonical_line, canonical_username, canonical_password):
        assert canonical(canonical(text)) == canonical(text)


def test_a_very_long_text_costs_nothing() -> None:
    marks = "\u0301\u0327" * 1_000_000
    assert canonical_password(marks) == marks
    validate_line(marks)
