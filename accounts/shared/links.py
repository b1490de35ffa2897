"""Public text as HTML: its lines, and links that lead where they say.

Not by Django's urlize: in "(https://a.example)," it loses the comma, and it takes the &reg of
https://a.example/?b=1&region=2 for an entity of HTML.
"""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.template.defaultfilters import linebreaksbr
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.shared.addresses import ascii_domain

ADDRESS = re.compile(r"""(?<!\w)https?://[^\s<>"'“”„«»]+""", re.IGNORECASE)
LONGEST = 2000  # characters of a link
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.?")
PUNCTUATION = ".,:;!?"
BRACKETS = {")": "(", "]": "[", "}": "{"}
# What others write here is not what this site recommends, and it learns of no reader.
LINK = '<a href="{}" rel="nofollow noopener noreferrer ugc">{}</a>'


def show_text(text: str) -> SafeString:
    """Plain text as HTML, with its lines and its links, and nothing else of what is in it."""
    parts, end = [], 0
    for found in ADDRESS.finditer(text):
        address = trim(found[0])
        if host := find_host(address):
            parts += [escape(text[end : found.start()]), link(address, host)]
            end = found.start() + len(address)
    return linebreaksbr(mark_safe("".join([*parts, escape(text[end:])])))  # noqa: S308  escaped


def link(address: str, host: str) -> str:
    """With a host in letters that look like others, also the one that registries know."""
    shown = address if host in address.lower() else f"{address} ({host})"
    return format_html(LINK, address, shown)


def trim(address: str) -> str:
    """The address without what belongs to the sentence around it."""
    if len(address) > LONGEST:
        return ""
    while address[-1] in PUNCTUATION or is_closed_twice(address):
        address = address[:-1]
    return address


def is_closed_twice(address: str) -> bool:
    """Whether it ends with a bracket that was not opened in it."""
    opening = BRACKETS.get(address[-1])
    return opening is not None and address.count(address[-1]) > address.count(opening)


def find_host(address: str) -> str:
    """The host in ASCII; empty where an address could lead elsewhere than people read in it."""
    try:
        parts = urlsplit(address)
        if re.search(r"[@\\%]", parts.netloc):
            return ""
        name = ascii_domain(parts.hostname or "")
    except (ValueError, ValidationError):
        return ""
    return name if HOST.fullmatch(name) else ""
