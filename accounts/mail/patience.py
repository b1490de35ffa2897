"""How long a mail server may take."""

from collections.abc import Callable
from threading import Lock
from time import monotonic

from django.conf import settings

WHOLE = 120  # seconds


class Patience:
    """For one try of one mail: how long each step of it may take, and all of them.

    Whoever stops the sender may end it, until the text is on the way: from then on the server may
    have the mail, so that nobody else is to send it.
    """

    def __init__(
        self,
        *,
        step: float = settings.EMAIL_TIMEOUT,
        whole: float = WHOLE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.step, self.clock, self.end = step, clock, clock() + whole
        self.lock = Lock()
        self.is_stopped = self.is_text_on_its_way = self.waits_for_receipt = False

    def left(self) -> float:
        """Seconds for the next step. Raises TimeoutError where there are none."""
        seconds = self.end - self.clock()
        if self.is_stopped:
            raise TimeoutError("The sender was stopped.")
        if seconds <= 0:
            raise TimeoutError("It took too long.")
        # Who gives up on a receipt sends the mail twice (RFC 5321, section 4.5.3.2.6).
        return seconds if self.waits_for_receipt else min(self.step, seconds)

    def begin_text(self) -> None:
        """Raises TimeoutError where it was stopped before."""
        with self.lock:
            self.left()
            self.is_text_on_its_way = self.waits_for_receipt = True

    def end_text(self) -> None:
        self.waits_for_receipt = False

    def stop(self) -> bool:
        """Lets no text out any more; False where it is out."""
        with self.lock:
            self.is_stopped = not self.is_text_on_its_way
            return self.is_stopped
