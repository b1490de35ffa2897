"""Tells the senders of this process that there is something to do, so that nobody waits long."""

from threading import Condition


class Bell:
    def __init__(self) -> None:
        self.condition, self.rings = Condition(), 0

    def ring(self) -> None:
        with self.condition:
            self.rings += 1
            self.condition.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Until it rings again, or until the time is over; at once where it rang since."""
        with self.condition:
            self.condition.wait_for(lambda: self.rings != heard, seconds)


bell = Bell()
