"""E-mail addresses in the one form in which they are stored, compared and written to."""

import idna
from django.core.exceptions import ValidationError

from accounts.shared.texts import INVISIBLE, LONGEST, fold, normalize

MOST = 254  # characters (RFC 5321, section 4.5.3.1.3)
TOO_LONG = f"An e-mail address has at most {MOST} characters."


def canonical_email(text: str) -> str:
    """The address with its local part folded and its domain in ASCII (UTS 46, RFC 5890).

    Raises ValidationError for a domain that has no such form, for a local part that mail cannot be
    sent to, and beyond 254 characters. What is no address at all stays as it is.
    """
    if len(text) > LONGEST:
        raise ValidationError(TOO_LONG)
    local, at, domain = normalize("NFKC", text).strip().rpartition("@")
    local = fold(local)
    if hidden := INVISIBLE.search(text):
        raise ValidationError(
            f"Leave out U+{ord(hidden[0]):04X}, which cannot be seen, and type the address again."
        )
    if not (local.isascii() and local.isprintable()):
        raise ValidationError(
            "Before the @, an address may have letters from a to z, digits and punctuation only."
        )
    address = f"{local}{at}{ascii_domain(domain) if at else fold(domain)}"
    if len(address) > MOST:
        raise ValidationError(TOO_LONG)
    return address


def readable_email(address: str) -> str:
    """A canonical address with its domain in the letters of its language (RFC 5891)."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except UnicodeError:
        return address


def ascii_domain(domain: str) -> str:
    """The domain as its registry knows it; raises ValidationError where no registry could."""
    if domain.isascii() and "xn--" not in domain.lower():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError as error:
        raise ValidationError(
            "No domain is written like the part after the @. Type it again, letter by letter."
        ) from error
