"""The one form in which text is stored and compared, and which characters it may have.

A text longer than LONGEST stays as it is: it is too long for every field, and to normalise it takes
time that grows with its square.
"""

import re
import unicodedata
from typing import Literal

import idna
import regex
from django.core.exceptions import ValidationError

LONGEST = 1000  # characters, before normalising
LONGEST_OF_LINES = 20_000  # the same of a text of several lines

# What shows nothing: the whole property of Unicode, and letters and symbols that are blank.
INVISIBLE = regex.compile(
    r"[\p{Default_Ignorable_Code_Point}\N{BRAILLE PATTERN BLANK}\N{OBJECT REPLACEMENT CHARACTER}"
    r"\N{MUSICAL SYMBOL NULL NOTEHEAD}\N{KHITAN SMALL SCRIPT FILLER}\U00013441\U00013442]"
)
# Emoji of several parts and heart or digit in colour (UTS 51, sections 1.4.3 and 1.4.6), and the
# joiner between a Bengali ra and its ya-phalaa (The Unicode Standard, section 12.2).
NEEDED = regex.compile(
    r"(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=\p{Extended_Pictographic})"
    r"|(?<=\p{Extended_Pictographic})\uFE0F|(?<=[0-9#*])\uFE0F(?=\u20E3)"
    r"|(?<=\u09B0)\u200D(?=\u09CD)"
)
JOINERS = "\u200c\u200d"
SPACES: re.Pattern[str] = regex.compile(r"\p{Zs}+")
MARK = regex.compile(r"\p{M}")
# More of them run over the lines around (UTS 39, section 5.4).
STACK = regex.compile(r"[\p{Mn}\p{Me}]{5}")


def normalize(form: Literal["NFC", "NFKC"], text: str) -> str:
    return unicodedata.normalize(form, text) if len(text) <= LONGEST else text


def canonical_text(text: str) -> str:
    """Public text of several lines: each like canonical_line, no empty ones around them."""
    text = re.sub("\r\n?", "\n", text)  # browsers send two characters for the end of a line
    if len(text) > LONGEST_OF_LINES:
        return text
    lines = unicodedata.normalize("NFC", text.replace("\t", " ")).split("\n")
    return "\n".join(SPACES.sub(" ", line).strip() for line in lines).strip("\n")


def canonical_line(text: str) -> str:
    """A line of public text: NFC, one space for each run of spaces, none around it."""
    return SPACES.sub(" ", normalize("NFC", text)).strip()


def canonical_username(text: str) -> str:
    """A name as its owner wants it shown: like a line, in NFKC (the nicknames of RFC 8266)."""
    return canonical_line(normalize("NFKC", text))


def canonical_password(text: str) -> str:
    """What is hashed: the same however the password was typed (RFC 8265, section 4, with NFKC)."""
    return normalize("NFKC", text)


def fold(text: str) -> str:
    """The form in which two spellings of one text are the same (Unicode NFKC, case folded)."""
    return normalize("NFKC", normalize("NFKC", text).casefold())


def validate_line(text: str) -> None:
    """Raises ValidationError for what could disguise a text or disturb the page around it."""
    if len(text) <= LONGEST:
        _validate(text)


def validate_text(text: str) -> None:
    """The same for text of several lines."""
    if len(text) <= LONGEST_OF_LINES:
        for line in text.split("\n"):
            _validate(line)


def _validate(text: str) -> None:
    if hidden := first_hidden(text):
        raise ValidationError(
            "Use letters, digits, spaces and punctuation only. "
            f"Leave out U+{ord(hidden):04X}: it cannot be seen, or it moves what is around it."
        )
    if MARK.match(text):
        raise ValidationError("Start with a character that can be seen, before any accent on it.")
    if STACK.search(text):
        raise ValidationError("Use at most four accents on one letter.")


def first_hidden(text: str) -> str | None:
    """The first character that shows nothing or controls others, where no script needs it."""
    joiners = [place for place, each in enumerate(text) if each in JOINERS + "\ufe0f"]
    for place, each in enumerate(text):
        if place not in joiners and (INVISIBLE.match(each) or not each.isprintable()):
            return each
    return next((text[place] for place in joiners if not is_needed(text, place)), None)


def is_needed(text: str, place: int) -> bool:
    """Whether a joiner changes how what is around it is written (RFC 5892, appendix A)."""
    is_emoji = NEEDED.match(text, place) is not None
    return is_emoji or idna.valid_contextj(text, place)
