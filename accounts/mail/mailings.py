"""Many mails at once: whoever has nothing to send has the next of them queued."""

from collections.abc import Callable
from datetime import datetime

# Each queues some mails and says whether it did, in a transaction of its own. Apps add their own
# when they are ready.
Mailing = Callable[[datetime], bool]
mailings: list[Mailing] = []


def queue_more(at: datetime) -> bool:
    """Whether a mailing had more to send."""
    return any(mailing(at) for mailing in mailings)
