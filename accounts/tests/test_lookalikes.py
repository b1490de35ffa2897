"""Which usernames are one."""

import unicodedata

import pytest
from confusable_homoglyphs.confusables import confusables_data
from hypothesis import given
from hypothesis import strategies as st

from accounts.shared.lookalikes import PROTOTYPES, look, skeleton, spelling


def are_one(first: str, second: str) -> bool:
    return not {spelling(first), look(first)}.isdisjoint({spelling(second), look(second)})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("аdmin", "admin"),  # Cyrillic а
        ("АDMIN", "admin"),
        ("раураl", "paypal"),  # Cyrillic р, а, у, р, а
        ("Βob", "bob"),  # Greek Β
        ("Вob", "BOB"),  # Cyrillic В
        ("Νina", "Nina"),  # Greek Ν
        ("аIice", "Alice"),
        ("aIice", "ALICE"),
        ("a1ice", "alice"),
        ("b0b", "bob"),
        ("B0B", "bob"),
        ("corn", "com"),
        ("ａｌｉｃｅ", "alice"),
        ("𝐚𝐥𝐢𝐜𝐞", "Alice"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ıstanbul", "istanbul"),
        ("i\u0307stanbul", "istanbul"),
        ("\u212aelvin", "kelvin"),
        ("ΝΙΚΟΣ", "νικος"),
        ("νικοσ", "νικος"),
        ("ﬁne", "FINE"),
        ("e\u0301mile", "\u00c9mile"),
        ("می\u200cخواهم", "میخواهم"),
        ("❤\ufe0fabc", "❤abc"),
        ("ꭺꮮꮖꮯꭼ", "ᎪᏞᏆᏟᎬ"),  # Cherokee in lower and in upper case
    ],
)
def test_names_that_people_take_for_each_other_are_one(first: str, second: str) -> None:
    assert are_one(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Nina", "Vina"),
        ("Neil", "Nell"),
        ("ali", "all"),
        ("fun", "sun"),
        ("Émile", "Emile"),
        ("user 1", "user 2"),
        ("boss", "bob"),
        ("tim", "jim"),
        ("محمد", "محمود"),
        ("山田", "山口"),
    ],
)
def test_other_names_are_two(first: str, second: str) -> None:
    assert not are_one(first, second)


def test_numbers_stay_apart() -> None:
    assert len({spelling(f"demo {number}") for number in range(10_000)}) == 10_000


def test_every_pair_of_the_table_is_one_whatever_else_is_in_the_name() -> None:
    pairs = {
        (one.strip("\u200e"), other["c"].strip("\u200e"))
        for one, others in confusables_data.items()
        for other in others
    }
    kept = [pair for pair in pairs if unicodedata.is_normalized("NFC", "".join(pair))]
    assert len(kept) > 10_000
    assert [(a, b) for a, b in kept if look(f"x{a}y") != look(f"x{b}y")] == []


def test_the_table_leads_to_letters_that_people_type() -> None:
    typed = "abcdefghjknopqrstuvxyz23456789"
    assert skeleton(typed) == spelling(typed) == typed


def test_every_character_has_one_key_in_every_case() -> None:
    letters = [chr(code) for code in range(0x20000) if chr(code).casefold() != chr(code)]
    assert [each for each in letters if spelling(each) != spelling(each.casefold())] == []


@given(st.text(max_size=50))
def test_a_key_is_its_own_key(text: str) -> None:
    assert spelling(spelling(text)) == spelling(text)
    assert spelling(look(text)) == look(text)
    assert skeleton(skeleton(text)) == skeleton(text)


def test_a_key_fits_its_column() -> None:
    hangul = [chr(code) for code in range(0xAC00, 0xD7A4)]  # of three letters each
    names = [each for each in {*PROTOTYPES, *hangul} if unicodedata.is_normalized("NFKC", each)]
    assert max(max(len(spelling(each)), len(look(each))) for each in names) * 50 <= 400
