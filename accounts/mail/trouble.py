"""What goes wrong with a mail: whether and when it is tried again, and how admins are told."""

import smtplib
from datetime import timedelta

# Growing, about three days in all: mail servers try no longer, either (RFC 5321, 4.5.4.1).
MINUTES = (1, 2, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 1440)
LONGEST = 500  # characters of a reason


def find_pause(tries: int) -> timedelta | None:
    """How long to wait after so many tries; None: there were enough."""
    return timedelta(minutes=MINUTES[tries - 1]) if tries <= len(MINUTES) else None


def find_replies(error: Exception) -> list[tuple[int, bytes | str]]:
    """What the server said of this one mail; nothing where the trouble is not about it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return list(error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return [(error.smtp_code, error.smtp_error)]
    return []


def is_final(error: Exception) -> bool:
    """Whether the server will never take this mail (5yz: RFC 5321, section 4.2.1)."""
    replies = find_replies(error)
    return bool(replies) and all(500 <= code < 600 for code, _ in replies)


def tell_trouble(error: Exception) -> str:
    """A line for admins. What a server says may be anything."""
    replies = [f"{code} {read(text)}" for code, text in find_replies(error)]
    if replies:
        verdict = "refuses" if is_final(error) else "does not take"
        reason = f"The mail server {verdict} this mail: {'; '.join(replies)}"
    elif isinstance(error, smtplib.SMTPResponseException):
        reason = f"The mail server refuses this site: {error.smtp_code} {read(error.smtp_error)}"
    elif isinstance(error, OSError):
        reason = f"Trouble with the mail server: {error}"
    else:
        reason = f"The mail could not be written: {error!r}"
    return "".join(each if each.isprintable() else " " for each in reason)[:LONGEST]


def read(text: bytes | str) -> str:
    return text if isinstance(text, str) else text.decode(errors="replace")
