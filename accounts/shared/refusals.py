"""What the rules refuse, in the same words and with the same status at every door."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType


class Refusal(Exception):
    """Something that a rule doesn't allow. Nothing has been changed.

    Each kind has the status that pages and API answer with, and the sentence that people are shown;
    {names} in it are filled in by what is passed.
    """

    status = HTTPStatus.BAD_REQUEST
    sentence: str
    template = "refused.html"
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, **values: object) -> None:
        super().__init__(self.sentence.format(**values))
