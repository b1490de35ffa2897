"""Names that people take for each other (Unicode Technical Standard 39, section 4)."""

import re
import unicodedata
from collections.abc import Callable
from typing import Literal

import regex
from confusable_homoglyphs.confusables import confusables_data

from accounts.shared.texts import INVISIBLE, fold

# Set in the library's table around letters that are written from right to left.
LEFT_TO_RIGHT_MARK = "\u200e"
FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
SECOND_DOT: re.Pattern[str] = regex.compile(r"(?<=\p{Soft_Dotted})\u0307")


def read_prototypes() -> dict[str, str]:
    """Each character that looks like another text, with that text.

    The library's table has each pair both ways. Of two, the text of several characters is what the
    single one looks like; else the character that more look like; else the lower one.
    """
    pairs: dict[str, set[str]] = {}
    for one, others in confusables_data.items():
        alike = {each["c"].strip(LEFT_TO_RIGHT_MARK) for each in others}
        pairs.setdefault(one.strip(LEFT_TO_RIGHT_MARK), set()).update(alike)

    def order(text: str) -> tuple[bool, int, str]:
        return len(text) == 1, -len(pairs[text]), text

    return {one: min({one, *pairs[one]}, key=order) for one in pairs if len(one) == 1}


PROTOTYPES = read_prototypes()


def skeleton(text: str) -> str:
    """The same for all texts that look alike as they stand, upper and lower case apart."""
    return settle(replace_lookalikes, text)


def spelling(text: str) -> str:
    """The same for a name in upper and in lower case, and for what looks like it in lower case."""
    return settle(lambda spelled: skeleton(fold(spelled)), text)


def look(text: str) -> str:
    """The same for names that look alike as they stand, in whatever case they are then written.

    Another key than the spelling: Greek Β looks like B, and β does not look like b; I looks like l,
    and i does not. One key for both would make one name of Nina and Vina.
    """
    return spelling(skeleton(text))


def replace_lookalikes(text: str) -> str:
    # Composed letters have entries of their own in the table, and so have their parts.
    for form in FORMS:
        text = unicodedata.normalize(form, INVISIBLE.sub("", text))
        text = "".join(PROTOTYPES.get(each, each) for each in text)
    # An i that has its dot looks no different with another one (UTS 39, section 5.4).
    return SECOND_DOT.sub("", unicodedata.normalize("NFD", text))


def settle(step: Callable[[str], str], text: str) -> str:
    """What the step changes no more."""
    while (changed := step(text)) != text:
        text = changed
    return text
