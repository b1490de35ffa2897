"""Names that somebody sent, and which of them mean something here: the others are refused."""

from collections.abc import Collection, Iterable

from django.http import QueryDict

MOST = 5  # names that are told
LONGEST = 100  # characters of each


def what_is_unknown(names: Iterable[str], known: Collection[str]) -> str:
    """Names the unknown ones and lists those that are known; empty where all are."""
    unknown = [name for name in names if name not in known]
    if not unknown:
        return ""
    return f"Not known here: {show(unknown)}. Known: {', '.join(known) or 'none'}."


def what_is_repeated(query: QueryDict) -> str:
    """Names the parameters of which there are several, where only one would be read."""
    repeated = [name for name, values in query.lists() if len(values) > 1]
    return f"Given more than once: {show(repeated)}." if repeated else ""


def show(names: list[str]) -> str:
    """The first ones; half a surrogate pair, which no text can have, is a question mark."""
    text = ", ".join(name[:LONGEST] for name in names[:MOST])
    return text.encode(errors="replace").decode()


def what_is_unclear(query: QueryDict, known: Collection[str]) -> str:
    """What would be skipped in a query, in a sentence; empty where that is nothing."""
    return what_is_unknown(query, known) or what_is_repeated(query)
