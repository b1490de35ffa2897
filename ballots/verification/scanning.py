"""How rows are read here, and compared in time."""

from collections.abc import Callable
from datetime import timedelta

Progress = Callable[[int], object]
CHUNK = 2000  # rows at a time
SKEW = timedelta(seconds=5)  # by which the clocks of the site's hosts may differ
