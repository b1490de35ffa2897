"""Where many mails come from: whoever has nothing to send has the next of them queued."""

from collections.abc import Callable
from datetime import datetime

# Each queues some mails and says whether it did, in a transaction of its own. Apps add their own
# when they are ready.
Source = Callable[[datetime], bool]
sources: list[Source] = []


def queue_more(at: datetime) -> bool:
    """Whether a source had more to send."""
    return any(source(at) for source in sources)
